// The byte form of the kept state: 64-bit little-endian words and a checksum over all of them.

import UPS

/// The words of one record on their way to its bytes, or from them. Used again for the next record
/// it allocates nothing.
public struct KeptWords {
    private var words: [Int64] = []
    private var position = 0
    /// Of the version before, in which an incident had other words.
    var isFormer = false
    /// Stands for nil; no moment and no duration in use is that far away.
    private static let none = Int64.min
    private static let sequenceWord = 1

    public init() {}

    mutating func removeAll() {
        words.removeAll(keepingCapacity: true)
        position = 0
    }

    mutating func put(_ word: Int64) {
        words.append(word)
    }

    /// Durations are kept in nanoseconds, the grain of the clock.
    mutating func put(_ duration: Duration?) {
        words.append(duration.map { $0.inNanoseconds } ?? KeptWords.none)
    }

    mutating func put(_ time: BootTime?) {
        put(time?.sinceBoot)
    }

    /// Their number, and then eight in a word.
    mutating func put(_ bytes: [UInt8]) {
        put(Int64(bytes.count))
        for start in stride(from: 0, to: bytes.count, by: 8) {
            let part = bytes[start..<min(start + 8, bytes.count)]
            put(part.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) })
        }
    }

    /// Beyond the end there is only 0, which a checked record never reaches.
    mutating func take() -> Int64 {
        guard position < words.count else { return 0 }
        defer { position += 1 }
        return words[position]
    }

    mutating func takeBytes(atMost longest: Int) -> [UInt8] {
        let count = min(max(0, Int(take())), longest)
        return (0..<(count + 7) / 8).flatMap { _ in
            let word = take()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * Int64($0))) }
        }.prefix(count).map { $0 }
    }

    mutating func takeDuration() -> Duration? {
        let word = take()
        return word == KeptWords.none ? nil : .nanoseconds(word)
    }

    mutating func takeTime() -> BootTime? {
        takeDuration().map { BootTime($0) }
    }

    /// Fills the record: padded with zeros, the checksum last.
    public func seal(_ record: UnsafeMutableRawBufferPointer) {
        let count = record.count / 8 - 1
        precondition(words.count <= count, "the kept state outgrew its record")
        var sum = KeptWords.emptyChecksum
        for position in 0..<count {
            let word = position < words.count ? words[position] : 0
            sum = KeptWords.checksum(sum, word)
            record.storeBytes(of: word.littleEndian, toByteOffset: position * 8, as: Int64.self)
        }
        record.storeBytes(of: sum.littleEndian, toByteOffset: count * 8, as: UInt64.self)
    }

    func sealed(length: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        bytes.withUnsafeMutableBytes { seal($0) }
        return bytes
    }

    init?(sealed bytes: [UInt8], length: Int) {
        guard bytes.count == length else { return nil }
        let all = stride(from: 0, to: length, by: 8).map { KeptWords.word(bytes, at: $0) }
        let sum = all.dropLast().reduce(KeptWords.emptyChecksum, KeptWords.checksum)
        guard UInt64(bitPattern: all[all.count - 1]) == sum else { return nil }
        words = Array(all.dropLast())
    }

    static func sequence(of bytes: [UInt8]) -> UInt64 {
        UInt64(bitPattern: word(bytes, at: sequenceWord * 8))
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> Int64 {
        (0..<8).reduce(0) { $0 | Int64(bytes[offset + $1]) << (8 * Int64($1)) }
    }

    /// FNV-1a, 64 bit, over whole words, started so that a page of zeros does not check.
    private static func checksum(_ sum: UInt64, _ word: Int64) -> UInt64 {
        (sum ^ UInt64(bitPattern: word)) &* 0x0000_0100_0000_01B3
    }

    private static let emptyChecksum: UInt64 = 0xCBF2_9CE4_8422_2325
}
