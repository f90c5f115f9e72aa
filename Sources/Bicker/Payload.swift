// What a frame carries. Made by FrameDecoder for each answer, read by Reply.

/// The bytes between the command and the end of a frame. Up to eight of them, which every answer
/// but texts and settings has, lie in the value itself: polling allocates nothing.
public struct Payload: RandomAccessCollection, Equatable, Sendable {
    private static let most = 8

    /// The first byte lowest.
    private var word: UInt64 = 0
    /// All of them, if they are more than fit the word.
    private var longer: [UInt8] = []
    public let count: Int

    public init(_ bytes: some Collection<UInt8>) {
        count = bytes.count
        if count > Payload.most {
            longer = Array(bytes)
        } else {
            for (position, byte) in bytes.enumerated() { word |= UInt64(byte) << (position * 8) }
        }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { count }

    public subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count, "there is no such byte")
        return longer.isEmpty ? UInt8(truncatingIfNeeded: word >> (position * 8)) : longer[position]
    }

    /// The low byte first.
    func word(at position: Int) -> Int {
        Int(self[position]) | Int(self[position + 1]) << 8
    }
}
