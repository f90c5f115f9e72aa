// What is answered to HTTP without a connection, and what is encoded how often.

import Report
import Testing

@testable import UPS
@testable import Web

struct ContentTests {
    @Test(arguments: [
        ("/", Route.file("/index.html")), ("/app.js", .file("/app.js")),
        ("/api/status", .status), ("/api/events", .events(limit: 100)), ("/healthz", .health),
        ("/metrics", .metrics), ("/api/status/", .file("/api/status/")),
        ("/api/history", .history(seconds: 900)),
    ])
    func paths(path: String, route: Route) {
        #expect(Route(HTTPRequest(path: path)) == route)
        #expect(Route(HTTPRequest(method: .head, path: path)) == route)
        #expect(Route(HTTPRequest(method: .other, path: path)) == .methodNotAllowed)
        #expect(Route(HTTPRequest(path: path, hasBody: true)) == .bodyRefused)
    }

    private static let eventLimits: [([String], Int?)] = [
        ([], 100), (["limit=7"], 7), (["x=1", "limit=1000"], 1000), (["limit=1", "limit=2"], 1),
        (["limit=0"], nil), (["limit=1001"], nil), (["limit="], nil), (["limit=1e3"], nil),
        (["limit=99999999999999999999"], nil), (["limit"], 100),
    ]

    @Test(arguments: eventLimits)
    func limitsOfEvents(arguments: [String], limit: Int?) {
        let route = Route(HTTPRequest(path: "/api/events", arguments: arguments))
        #expect(
            route == limit.map { .events(limit: $0) }
                ?? .wrong("limit must be a whole number, 1 to 1000."))
    }

    @Test func limitsOfOutages() {
        func route(_ arguments: [String]) -> Route {
            Route(HTTPRequest(path: "/api/outages", arguments: arguments))
        }
        #expect(route([]) == .outages(limit: 20))
        #expect(route(["limit=365"]) == .outages(limit: 365))
        #expect(route(["limit=366"]) == .wrong("limit must be a whole number, 1 to 365."))
    }

    private static let historyLengths: [([String], Int?)] = [
        ([], 900), (["seconds=1"], 1), (["seconds=2592000"], 2_592_000), (["seconds=0"], nil),
        (["seconds=2592001"], nil), (["seconds=1.5"], nil), (["limit=7"], 900),
    ]

    @Test(arguments: historyLengths)
    func lengthsOfHistory(arguments: [String], seconds: Int?) {
        let route = Route(HTTPRequest(path: "/api/history", arguments: arguments))
        #expect(
            route == seconds.map { .history(seconds: $0) }
                ?? .wrong("seconds must be a whole number, 1 to 2592000."))
    }

    @Test func theHistoryIsEncodedOnceASecond() {
        var (snapshot, history) = (FakeMonitor().uplink.latest(), History())
        snapshot.time = BootTime(.milliseconds(100_001))
        var answers = HistoryAnswers()
        let empty = answers.answer(history, snapshot, seconds: 10)
        snapshot.reading.batteryCharge = 50
        history.add(snapshot.reading, at: snapshot.time)
        #expect(answers.answer(history, snapshot, seconds: 10) == empty)
        #expect(answers.answer(history, snapshot, seconds: 11) != empty)
        snapshot.time = BootTime(.seconds(101))
        #expect(answers.answer(history, snapshot, seconds: 10) != empty)
    }

    @Test(arguments: [
        ("/api/history", true, 503), ("/api/events", true, 503), ("/api/status", true, 200),
        ("/api/history", false, 200),
    ])
    func aCrowdIsRefusedWhatTakesMemory(path: String, isCrowded: Bool, status: Int) {
        let responder = Responder(
            files: StaticFiles(), isTicking: { true }, latest: FakeMonitor().uplink.latest,
            counters: { SinkCounters() }, history: { _ in [] }, isCrowded: isCrowded)
        #expect(
            responder.response(to: HTTPRequest(path: path)).status.rawValue.hasPrefix("\(status) "))
    }

    @Test func theHeadOfAnAnswer() {
        var response = HTTPResponse.text(.methodNotAllowed, "No.", closes: true)
        let policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'"
        let last = [
            "Content-Security-Policy: \(policy)", "X-Content-Type-Options: nosniff",
            "Referrer-Policy: no-referrer", "", "",
        ]
        let refused = [
            "HTTP/1.1 405 Method Not Allowed", "Content-Type: text/plain; charset=utf-8",
            "Content-Length: 4", "Allow: GET, HEAD", "Connection: close",
            "Cache-Control: no-store",
        ]
        #expect(String(decoding: response.head, as: UTF8.self) == lines(refused + last))
        response = HTTPResponse(
            status: .notModified, cacheControl: "no-cache", entityTag: "\"1-2\"")
        let unchanged = [
            "HTTP/1.1 304 Not Modified", "ETag: \"1-2\"", "Cache-Control: no-cache",
        ]
        #expect(String(decoding: response.head, as: UTF8.self) == lines(unchanged + last))
        response = HTTPResponse(status: .ok, isPackable: true, isPacked: true, body: [1])
        let packed = [
            "HTTP/1.1 200 OK", "Content-Type: text/plain; charset=utf-8", "Content-Length: 1",
            "Content-Encoding: gzip", "Vary: Accept-Encoding", "Cache-Control: no-store",
        ]
        #expect(String(decoding: response.head, as: UTF8.self) == lines(packed + last))
    }

    private func lines(_ lines: [String]) -> String { lines.joined(separator: "\r\n") }

    @Test(arguments: [1, 7, 100, 5000, 100_000])
    func aTransferIsWholeInAnyPieces(piece: Int) {
        let response = HTTPResponse(status: .ok, body: (0..<9999).map { UInt8($0 & 255) })
        var transfer = Transfer(response, isHead: false)
        var bytes: [UInt8] = []
        while !transfer.isDone {
            let next = transfer.next(piece)
            #expect(!next.isEmpty && next.count <= piece)
            bytes += next
        }
        #expect(bytes == response.head + response.body)
        #expect(Transfer(response, isHead: true).count == response.head.count)
    }

    @Test func entityTags() {
        let file = StaticFile(bytes: Array("one".utf8), name: "/a.css")
        #expect(file.entityTag != StaticFile(bytes: Array("two".utf8), name: "/a.css").entityTag)
        let cases: [(String?, Bool)] = [
            (file.entityTag, true), (String(file.entityTag.dropFirst(2)), true), ("*", true),
            ("\"x\" , \(file.entityTag) ", true), (nil, false), ("", false), ("\"x\"", false),
            (String(file.entityTag.dropFirst(3)), false),
        ]
        for (header, isKnown) in cases { #expect(file.matches(header) == isKnown) }
    }

    @Test(arguments: [
        ("a.html", "text/html; charset=utf-8"), ("a.JS", "text/javascript; charset=utf-8"),
        ("a.min.js", "text/javascript; charset=utf-8"), ("a.svg", "image/svg+xml"),
        ("a.webmanifest", "application/manifest+json"), ("html", "application/octet-stream"),
        ("a.exe", "application/octet-stream"),
    ])
    func contentTypes(name: String, type: String) {
        #expect(StaticFile(bytes: [], name: "/" + name).contentType == type)
    }

    @Test func linksAreFollowedOnlyInsideAndToLibraries() {
        let libraries = Folder(["chart/chart.js": "chart"])
        let outside = Folder(["secret.txt": "secret"])
        let www = Folder(["index.html": "page", "a/b.txt": "b", ".git/config": "hidden"])
        www.link("inside.txt", to: "a/b.txt")
        www.link("chart.js", to: libraries.path + "/chart/chart.js")
        www.link("charts", to: libraries.path + "/chart")
        www.link("secret.txt", to: outside.path + "/secret.txt")
        www.link("outside", to: outside.path)
        www.link("broken", to: "nowhere")
        www.link("loop", to: ".")
        let files = StaticFiles(reading: www.path, libraries: libraries.path)
        #expect(
            files.files.keys.sorted() == [
                "/a/b.txt", "/chart.js", "/charts/chart.js", "/index.html", "/inside.txt",
            ])
        #expect(
            files.warnings == [
                "\(www.path)/broken is not served: it cannot be found",
                "\(www.path)/loop is not served: it leads out of the folder",
                "\(www.path)/outside is not served: it leads out of the folder",
                "\(www.path)/secret.txt is not served: it leads out of the folder",
            ])
    }

    @Test func aFolderWithinItselfEnds() {
        let www = Folder(["index.html": "page", "a/b/c.txt": "c"])
        www.link("a/b/again", to: "../../a")
        let files = StaticFiles(reading: www.path)
        #expect(files["/a/b/c.txt"] != nil)
        #expect(files.files.count < StaticFiles.mostFiles)
        #expect(files.warnings.count == 1)
    }

    @Test func tooMuchIsLeftOut() {
        let many = Dictionary(
            uniqueKeysWithValues: (0..<StaticFiles.mostFiles + 5).map { ("\($0).txt", "x") })
        let www = Folder(many)
        www.write("large.js", String(repeating: "x", count: StaticFiles.longestFile + 1))
        let read = StaticFiles(reading: www.path)
        #expect(read.files.count == StaticFiles.mostFiles)
        #expect(read["/large.js"] == nil)
        #expect(read.warnings.last == "there is no dashboard: no file index.html in \(www.path)")
    }

    @Test func aSnapshotIsEncodedOnceASecond() {
        var snapshot = FakeMonitor().uplink.latest()
        snapshot.time = BootTime(.seconds(100))
        var encodings = Encodings()
        let first = encodings.bytes(.status(.allowed), of: snapshot)
        #expect(encodings.bytes(.status(.allowed), of: snapshot) === first)
        #expect(encodings.bytes(.status(.off), of: snapshot) !== first)
        let records = encodings.bytes(.nisStatus, of: snapshot)
        snapshot.time = BootTime(.milliseconds(100_999))
        #expect(encodings.bytes(.status(.allowed), of: snapshot) === first)
        #expect(encodings.bytes(.nisStatus, of: snapshot) === records)
        snapshot.time = BootTime(.seconds(101))
        let second = encodings.bytes(.status(.allowed), of: snapshot)
        #expect(second !== first)
        snapshot.sequence += 1
        #expect(encodings.bytes(.status(.allowed), of: snapshot) !== second)
    }
}
