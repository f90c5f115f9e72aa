// One connection of NUT's protocol: bytes in, answers and requests out. Called by Web; does no I/O.
// Sources: RFC 9271; NUT 2.8, server/upsd.c, netget.c, netlist.c, netset.c, netinstcmd.c, netuser.c.

public import UPS

/// Requests may come split or several at once; the answers keep their order.
public struct NUTSession: Sendable {
    public enum Reply: Equatable, Sendable {
        case text(String)
        /// The first line in a write of its own: one client waits for it for 5 s otherwise.
        case list(first: String, rest: String)
        /// The answer follows from `finished`; nothing is read before it.
        case command(Command.Verb)
        /// The last answer; the connection ends behind it.
        case farewell(String)
        /// Ends the connection without an answer.
        case end
    }

    /// Who may what; asked while a request is answered.
    public protocol Access {
        /// Addresses of the clients that are logged in.
        var clients: [String] { get }
        /// False: this client may not log in, or there is no place for it.
        func logIn(_ user: String, _ password: String) -> Bool
        func mayCommand(_ user: String, _ password: String) -> Bool
    }

    /// Longer lines end the connection. (bytes)
    static let longestLine = 16384
    /// What may wait to be read. (bytes)
    static let longestBacklog = 65536
    /// The first byte of a TLS connection.
    private static let handshake: UInt8 = 0x16
    /// In a row, and the connection ends: what sends them speaks another protocol.
    static let mostUnknown = 3
    /// Results that are kept for `GET TRACKING`.
    static let mostTracked = 16

    private var buffer: [UInt8] = []
    private var start = 0
    private var isOver = false
    private var unknownInARow = 0
    var user: String?
    var password: String?
    public internal(set) var isLoggedIn = false
    var isTracking = false
    /// Nil as result: not decided yet. Oldest first.
    var tracked: [(id: String, result: NUTError??)] = []
    /// What is under way: the answer when it is refused, and the id when it is tracked.
    var pending: (failure: NUTError, id: String?)?

    public init() {}

    /// A command is under way.
    public var isBusy: Bool { pending != nil }

    public mutating func receive(_ bytes: some Collection<UInt8>) {
        guard !isOver else { return }
        buffer.removeFirst(start)
        start = 0
        isOver = buffer.count + bytes.count > NUTSession.longestBacklog
        if !isOver { buffer.append(contentsOf: bytes) }
    }

    /// Nil: the next line is not complete, or a command is under way.
    public mutating func next(_ report: NUTReport, _ access: some Access) -> Reply? {
        guard !isOver else { return .end }
        guard pending == nil else { return nil }
        if buffer.count > start, buffer[start] == NUTSession.handshake { return finish() }
        guard let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard buffer.count - start <= NUTSession.longestLine else { return finish() }
            return nil
        }
        let line = buffer[start..<end]
        start = end + 1
        guard line.count <= NUTSession.longestLine, !NUTSession.isHTTP(line) else {
            return finish()
        }
        let words = NUTWords(line).words
        do throws(NUTError) {
            let reply = try answer(words, report, access)
            unknownInARow = 0
            if case .farewell = reply { isOver = true }
            return reply
        } catch {
            if error != .unknownCommand { unknownInARow = 0 }
            if error == .unknownCommand, !words.isEmpty { unknownInARow += 1 }
            return unknownInARow < NUTSession.mostUnknown ? .text(error.line) : finish()
        }
    }

    private mutating func finish() -> Reply {
        isOver = true
        buffer = []
        start = 0
        return .end
    }

    /// A browser sends what a page wants to any port; its commands must not be carried out.
    private static func isHTTP(_ line: ArraySlice<UInt8>) -> Bool {
        line.contains { $0 == UInt8(ascii: "/") }
            && String(decoding: line, as: UTF8.self).contains(" HTTP/")
    }

    // MARK: Commands that are carried out

    /// The answer to the command that was under way; nil: it was given before.
    public mutating func finished(isAccepted: Bool) -> Reply? {
        guard let (failure, id) = pending else { return nil }
        pending = nil
        guard let id else { return .text(isAccepted ? "OK\n" : failure.line) }
        if let position = tracked.firstIndex(where: { $0.id == id }) {
            tracked[position].result = .some(isAccepted ? nil : .failed)
        }
        return .text("OK TRACKING \(id)\n")
    }

    mutating func begin(_ verb: Command.Verb, orElse failure: NUTError) -> Reply {
        var id: String?
        if isTracking {
            let new = NUTSession.freshID()
            if tracked.count == NUTSession.mostTracked { tracked.removeFirst() }
            tracked.append((new, nil))
            id = new
        }
        pending = (failure, id)
        return .command(verb)
    }

    /// A UUID of version 4, as upsd makes them.
    private static func freshID() -> String {
        let version: UInt64 = 0x4000, variant: UInt64 = 0x8000_0000_0000_0000
        let high = UInt64.random(in: 0...UInt64.max) & ~0xF000 | version
        let low = UInt64.random(in: 0...UInt64.max) & ~0xC000_0000_0000_0000 | variant
        return BootID(high: high, low: low).text.uppercased()
    }
}

extension NUTError {
    var line: String { "ERR \(rawValue)\n" }
}
