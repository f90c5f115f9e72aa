// For each reader of bytes from outside: the bytes, and what must hold whatever they are.

import Configuration
import Glibc
import NUT
import Report

@testable import Bicker
@testable import Decision
@testable import UPS
@testable import Web

/// Any cut of the stream gives the same frames, and each answers a request or says why not.
func readFrames(_ bytes: [UInt8]) {
    // A stream that comes at once is cut off at the backlog; the line never brings as much.
    let bytes = Array(bytes.prefix(FrameDecoder.longestBacklog))
    var (whole, cut) = (FrameDecoder(), FrameDecoder())
    whole.append(bytes)
    let frames = allFrames(&whole)
    var others: [Frame] = []
    for piece in pieces(bytes) {
        cut.append(piece)
        others += allFrames(&cut)
    }
    require(frames == others, "a cut stream has the same frames")
    for frame in frames {
        for request in Request.allCases { _ = try? Reply(frame, to: request) }
        var again = FrameDecoder()
        again.append(frame.bytes)
        require(again.next() == frame, "a frame is read as it is written")
    }
}

private func allFrames(_ decoder: inout FrameDecoder) -> [Frame] {
    var frames: [Frame] = []
    while let frame = decoder.next() { frames.append(frame) }
    return frames
}

/// Any cut of the stream asks for the same.
func readNIS(_ bytes: [UInt8]) {
    var (whole, cut) = (NISSession(), NISSession())
    whole.receive(bytes)
    var requests: [NISSession.Request] = []
    while let request = whole.next() { requests.append(request) }
    var others: [NISSession.Request] = []
    for piece in pieces(bytes) {
        cut.receive(piece)
        while let request = cut.next() { others.append(request) }
    }
    guard requests.last != .tooLong else { return }
    require(requests == others, "a cut stream asks for the same")
}

/// Any cut of the stream is answered with the same, in printable lines.
func readNUT(_ bytes: [UInt8]) {
    var (whole, cut) = (NUTSession(), NUTSession())
    whole.receive(bytes)
    let answers = allAnswers(&whole)
    var others: [NUTSession.Reply] = []
    for piece in pieces(bytes) {
        cut.receive(piece)
        others += allAnswers(&cut)
    }
    for case .text(let text) in answers {
        let isPrintable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 10 }
        require(isPrintable && text.last == "\n", "an answer is a printable line")
    }
    guard answers.last != .end, others.last != .end else { return }
    require(answers == others, "a cut stream is answered with the same")
}

private struct Doors: NUTSession.Access {
    var clients: [String] { ["192.0.2.7"] }

    func logIn(_ user: String, _ password: String) -> Bool { user != password }

    func mayCommand(_ user: String, _ password: String) -> Bool { user == "admin" }
}

private let report = NUTReport(someSnapshot, names: NUTNames("ups", aliases: ["qnapups"]))

private func allAnswers(_ session: inout NUTSession) -> [NUTSession.Reply] {
    var answers: [NUTSession.Reply] = []
    while answers.last != .end, let answer = session.next(report, Doors()) {
        answers.append(answer)
        guard case .command = answer else { continue }
        let end = session.finished(isAccepted: true)
        // An id is another one each time.
        if case .text(let text)? = end { answers.append(.text(String(text.prefix(3)) + "\n")) }
    }
    return answers
}

/// Something is to be done, or there is a reason why not; and who may less cannot do more.
func readCommand(_ bytes: [UInt8]) {
    let port = CommandText(bytes, from: .port)
    let control = CommandText(bytes, from: .control)
    for text in [port, control] {
        let count = [text.command != nil, text.query != nil, text.problem != nil].count { $0 }
        require(count == 1, "a command, a query or a problem")
        require((text.id?.utf8.count ?? 0) <= CommandText.longest, "an id has a limit")
    }
    require(port.problem != nil || control.problem == nil, "the control socket may do all")
    require(!port.isPrivileged, "the port may not do everything")
}

extension CommandText {
    fileprivate var isPrivileged: Bool {
        switch (command?.verb, query) {
        case (.drill, _), (.set, _), (_, .status), (_, .events), (_, .history): true
        default: false
        }
    }
}

func readMQTT(_ bytes: [UInt8]) {
    let read = MQTTCommand(bytes)
    require((read.command == nil) != (read.problem == nil), "a command or a problem")
    let text = String(decoding: bytes, as: UTF8.self)
    if let record = HomeAssistantRecord(json: text) {
        require(HomeAssistantRecord(json: record.json) == record, "a record is kept")
    }
}

/// Headers by line: the path, arguments, Origin, Host, If-None-Match.
func readHTTP(_ bytes: [UInt8]) {
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
    }
    var request = HTTPRequest()
    request.path = lines[0]
    request.arguments = lines.count > 1 ? lines[1].split(separator: "&").map { String($0) } : []
    _ = Route(request)
    let (origin, host) = (lines.count > 2 ? lines[2] : nil, lines.count > 3 ? lines[3] : nil)
    let stranger = Peer(isLoopback: false, key: 1)
    func access(_ peer: Peer, isForwarded: Bool) -> CommandAccess {
        CommandGuard(commands: .loopback)
            .access(origin: origin, host: host, peer: peer, isForwarded: isForwarded)
    }
    require(access(stranger, isForwarded: false) != .allowed, "nobody from elsewhere commands")
    require(access(.local, isForwarded: true) != .allowed, "nobody behind a proxy commands")
    if access(.local, isForwarded: false) == .allowed {
        require(!CommandGuard.isForeign(origin: origin, host: host), "no foreign page commands")
    }
    let file = StaticFile(bytes: [1], name: lines[0])
    _ = file.matches(lines.last)
}

/// An error names a place in the file; what can be used is told in a way that can be read again.
func readConfiguration(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(ConfigurationError) {
        let configuration = try Configuration.parse(text, path: "fuzz.cfg").configuration
        let told = try Configuration.parse(configuration.effectiveText, path: "told.cfg")
        require(told.configuration == configuration, "the effective values are valid")
    } catch {
        let count = bytes.count { $0 == 10 } + 1
        require((error.place.line ?? 1) <= count + 1, "an error is inside the file")
        require(!error.description.contains("\n"), "an error is one line")
    }
}

/// A record that is believed is one that this program could have written. The checksum is given
/// to it here: nobody would guess one.
func readKept(_ bytes: [UInt8]) {
    require(KeptState(bytes) == nil || bytes.count == KeptState.length, "a record has its length")
    var words = KeptWords()
    for start in stride(from: 0, to: min(bytes.count, KeptState.length - 16), by: 8) {
        let word = bytes[start...].prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        words.put(Int64(bitPattern: word))
    }
    readAnswers(words)
    guard let state = KeptState(words.sealed(length: KeptState.length)) else { return }
    require(KeptState(state.encoded(sequence: 1)) == state, "a kept state is kept")
}

/// As above, for the boot that the record names. What is written again fits the record.
private func readAnswers(_ words: KeptWords) {
    var header = words
    _ = (header.take(), header.take())
    let boot = BootID(
        high: UInt64(bitPattern: header.take()), low: UInt64(bitPattern: header.take()))
    let record = words.sealed(length: AnswerMemory.length)
    guard let answers = AnswerMemory(record, boot: boot) else { return }
    var again = KeptWords()
    answers.encode(boot: boot, to: &again)
    let rewritten = AnswerMemory(again.sealed(length: AnswerMemory.length), boot: boot)
    require(rewritten?.changes == answers.changes, "answers are kept")
}

private let someSnapshot: Snapshot = {
    var snapshot = Snapshot(
        time: BootTime(.seconds(1000)), wall: WallTime(nanoseconds: 1_800_000_000_000_000_000),
        installation: Installation(host: "", version: "", started: BootTime(.seconds(900))),
        rating: Rating(), policy: ShutdownPolicy())
    snapshot.link = .ok
    snapshot.reading.deviceStatus = .powerPresent
    return snapshot
}()

/// Whatever a file has, what was taken from it can be told and kept, and is the same then.
func readHistory(_ bytes: [UInt8]) {
    let snapshot = someSnapshot
    var history = History()
    _ = history.fill(from: Array("ups-server history 1\n".utf8) + bytes, snapshot)
    _ = HistoryObject.json(history, snapshot, seconds: 900)
    let kept = history.kept(snapshot)
    var again = History()
    require(again.fill(from: kept, snapshot), "what is kept now is not yet to come")
    require(again.kept(snapshot) == kept, "a history is kept")
}
