// What may be wrong with an answer on the line. Applied by the simulated UPS.

import Bicker
internal import UPS

public enum Fault: String, CaseIterable, Sendable {
    /// No answer.
    case mute
    /// Random bytes instead of the answer.
    case garbage
    /// The end of the answer is missing.
    case truncated
    case wrongIndex = "wrong-index"
    /// A whole frame with one payload byte too few or too many.
    case wrongLength = "wrong-length"
    /// The size byte is wrong.
    case badSize = "bad-size"
    /// `01 03 EE 07 04`
    case unsupported
    /// The answer comes late, after the time-out.
    case slow
    /// The answer comes twice.
    case duplicate
    /// Noise before the frame.
    case noise
    /// One bit of the answer is wrong.
    case bit

    static let lateness = Duration.milliseconds(700)

    /// The bytes that go out instead, and how much later.
    func applied(
        to reply: Frame, using generator: inout SeededGenerator
    ) -> (bytes: [UInt8], delay: Duration) {
        var bytes = reply.bytes
        switch self {
        case .mute: bytes = []
        case .garbage: bytes = Fault.noise(bytes.count, &generator)
        case .truncated: bytes.removeLast(1 + Int.random(in: 0..<3, using: &generator))
        case .wrongIndex: bytes[2] ^= 0x40
        case .wrongLength:
            let payload = reply.payload.isEmpty ? [0x00, 0x00] : Array(reply.payload.dropLast())
            bytes = Frame(index: reply.index, command: reply.command, payload: payload).bytes
        case .badSize: bytes[1] = UInt8.random(in: 0...2, using: &generator)
        case .unsupported: bytes = Frame.unsupported.bytes
        case .slow: return (bytes, Fault.lateness)
        case .duplicate: bytes += bytes
        case .noise: bytes = Fault.noise(3, &generator) + bytes
        case .bit:
            let bit = Int.random(in: 0..<bytes.count * 8, using: &generator)
            bytes[bit / 8] ^= 1 << (bit % 8)
        }
        return (bytes, .zero)
    }

    /// Random bytes, none of which can be taken for the start of a frame.
    private static func noise(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0x05...0xFF, using: &generator) }
    }
}
