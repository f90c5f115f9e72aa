// The requests of one NIS connection: bytes in, requests out. Called by Web; does no I/O.
//
//     00 06  s t a t u s     two bytes of length, the highest first, then so many bytes

/// Requests may come split, repeated or several at once.
public struct NISSession: Sendable {
    public enum Request: Equatable, Sendable {
        case status, events
        /// Answered with `NISReport.invalidCommand`; the connection stays.
        case unknown
        /// Length 0: the client is done.
        case end
        /// Longer than 256 bytes, or more at once than any client sends: close without an answer.
        case tooLong
    }

    static let longestRequest = 256
    /// What may wait to be taken.
    static let longestBacklog = 65536

    private var buffer: [UInt8] = []
    private var start = 0
    private var isFlooded = false
    private var isOver = false

    public init() {}

    public mutating func receive(_ bytes: some Collection<UInt8>) {
        guard !isOver, !isFlooded else { return }
        buffer.removeFirst(start)
        start = 0
        isFlooded = buffer.count + bytes.count > NISSession.longestBacklog
        if !isFlooded { buffer.append(contentsOf: bytes) }
    }

    /// Nil: the next request is not complete, or the connection is over.
    public mutating func next() -> Request? {
        guard !isOver else { return nil }
        guard !isFlooded else { return finish(.tooLong) }
        guard buffer.count - start >= 2 else { return nil }
        let length = Int(buffer[start]) << 8 | Int(buffer[start + 1])
        guard length > 0 else { return finish(.end) }
        guard length <= NISSession.longestRequest else { return finish(.tooLong) }
        let end = start + 2 + length
        guard buffer.count >= end else { return nil }
        defer { start = end }
        switch String(decoding: buffer[start + 2..<end], as: UTF8.self) {
        case "status": return .status
        case "events": return .events
        default: return .unknown
        }
    }

    private mutating func finish(_ request: Request) -> Request {
        isOver = true
        buffer = []
        return request
    }
}
