// An answer as a value, and its bytes. All headers are written here, so that every answer of the
// port has the same ones. Made by Responder, sent by HTTPConnection; does no I/O.

struct HTTPResponse: Equatable {
    /// As the first line has it.
    enum Status: String {
        case ok = "200 OK"
        case notModified = "304 Not Modified"
        case badRequest = "400 Bad Request"
        case forbidden = "403 Forbidden"
        case notFound = "404 Not Found"
        case methodNotAllowed = "405 Method Not Allowed"
        case contentTooLarge = "413 Content Too Large"
        case upgradeRequired = "426 Upgrade Required"
        case serviceUnavailable = "503 Service Unavailable"
    }

    static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
        connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    var status: Status
    var contentType = "text/plain; charset=utf-8"
    var cacheControl = "no-store"
    var entityTag: String?
    /// What is sent depends on Accept-Encoding, here or for another client.
    var isPackable = false
    /// The body is gzip.
    var isPacked = false
    /// The body was made for this answer: while it is on its way it takes memory.
    var isOwn = false
    var body: [UInt8] = []
    /// The connection ends after this answer.
    var closes = false

    /// A sentence for a person.
    static func text(_ status: Status, _ sentence: String, closes: Bool = false) -> HTTPResponse {
        HTTPResponse(status: status, body: Array("\(sentence)\n".utf8), closes: closes)
    }

    static func json(_ text: some Collection<UInt8>) -> HTTPResponse {
        HTTPResponse(
            status: .ok, contentType: "application/json", isOwn: true, body: Array(text))
    }

    var head: [UInt8] {
        var lines = ["HTTP/1.1 \(status.rawValue)"]
        if status != .notModified {
            lines += ["Content-Type: \(contentType)", "Content-Length: \(body.count)"]
        }
        if status == .methodNotAllowed { lines.append("Allow: GET, HEAD") }
        if status == .upgradeRequired {
            lines.append("Sec-WebSocket-Version: \(WebSocketHandshake.version)")
        }
        if let entityTag { lines.append("ETag: \(entityTag)") }
        if isPacked { lines.append("Content-Encoding: gzip") }
        if isPackable { lines.append("Vary: Accept-Encoding") }
        if closes { lines.append("Connection: close") }
        lines += [
            "Cache-Control: \(cacheControl)",
            "Content-Security-Policy: \(HTTPResponse.policy)",
            "X-Content-Type-Options: nosniff",
            "Referrer-Policy: no-referrer",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}

/// An answer on its way, in pieces: a client that does not read costs one piece, not a file.
struct Transfer {
    let isOwn: Bool
    private let head: [UInt8]
    private let body: [UInt8]
    private var sent = 0

    init(_ response: HTTPResponse, isHead: Bool) {
        isOwn = response.isOwn
        head = response.head
        body = isHead || response.status == .notModified ? [] : response.body
    }

    var count: Int { head.count + body.count }
    var isDone: Bool { sent == count }

    /// The next bytes, at most so many.
    mutating func next(_ limit: Int) -> [UInt8] {
        let end = min(count, sent + limit)
        defer { sent = end }
        let ofHead = head[min(sent, head.count)..<min(end, head.count)]
        let ofBody = body[max(0, sent - head.count)..<max(0, end - head.count)]
        return Array(ofHead) + ofBody
    }
}
