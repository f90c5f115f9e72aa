// How much a WebSocket client may send: one that floods is not read for a while, so that what it
// costs is bounded, and its kernel holds it back. Does no I/O.

struct ReadingLimit {
    /// Bytes a second, of frames of all kinds; a command has about a hundred.
    static let perSecond: UInt64 = 8192
    /// Bytes at once: sixteen of the longest commands.
    static let burst: UInt64 = 65536
    /// Pieces of messages a second.
    static let pieces = 512
    /// Seconds of rest; behind more of those its pong is missed, which ends the connection.
    static let longestRest: UInt64 = 20

    private var pieces = 0
    private var received: UInt64 = 0
    /// Bytes that came and are not paid for by time.
    private var owed: UInt64 = 0

    /// A piece of a message came. False: no more is to be read before the next second.
    mutating func takePiece() -> Bool {
        pieces += 1
        return pieces < ReadingLimit.pieces
    }

    /// Once a second, with all bytes that have come so far. True: it is to be read on.
    mutating func nextSecond(received now: UInt64) -> Bool {
        let most = ReadingLimit.burst + ReadingLimit.longestRest * ReadingLimit.perSecond
        owed = min(most, owed + now - received)
        owed -= min(owed, ReadingLimit.perSecond)
        received = now
        pieces = 0
        return owed <= ReadingLimit.burst
    }
}
