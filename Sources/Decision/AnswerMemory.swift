// The answers to the last commands that had an id, so that a repeated one has no second effect.
// Held by the ShutdownController, kept by the Daemon over a restart within one boot.

public import UPS

/// A command is known by its id, whatever connection it came by. The same id with another verb, or
/// for another incident, is another command: its sender must not get a wrong answer.
public struct AnswerMemory: Equatable, Sendable {
    static let capacity = 64

    /// 128 bits, so that what is kept has one size.
    private struct Key: Equatable {
        let high, low: Int64

        init(high: Int64, low: Int64) {
            (self.high, self.low) = (high, low)
        }

        /// Nil: the command has no id.
        init?(_ command: Command) {
            guard let id = command.id else { return nil }
            let text = "\(id)\u{0}\(command.verb)\u{0}\(command.incident ?? "")"
            // FNV-1a, from two different starts.
            func hash(_ start: UInt64) -> Int64 {
                let sum = text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
                return Int64(bitPattern: sum)
            }
            (high, low) = (hash(0xCBF2_9CE4_8422_2325), hash(0x8422_2325_CBF2_9CE4))
        }
    }

    private struct Entry: Equatable {
        let key: Key
        let result: CommandResult
    }

    private var entries: [Entry] = []
    /// Counts up with each answer that was remembered.
    public private(set) var changes: UInt64 = 0

    public init() {}

    public func result(of command: Command) -> CommandResult? {
        guard let key = Key(command) else { return nil }
        return entries.last { $0.key == key }?.result
    }

    mutating func remember(_ result: CommandResult, of command: Command) {
        guard let key = Key(command) else { return }
        entries.removeAll { $0.key == key }
        if entries.count == AnswerMemory.capacity { entries.removeFirst() }
        entries.append(Entry(key: key, result: result))
        changes += 1
    }
}

// MARK: Over a restart

extension AnswerMemory {
    /// Of one record, in bytes.
    public static let length = 24 * 1024
    private static let version: Int64 = 1
    private static let longestMessage = 256

    /// The words to seal in a record of `length` bytes; the one with more changes is the newer.
    public func encode(boot: BootID, to words: inout KeptWords) {
        words.removeAll()
        words.put(AnswerMemory.version)
        words.put(Int64(bitPattern: changes))
        words.put(Int64(bitPattern: boot.high))
        words.put(Int64(bitPattern: boot.low))
        words.put(Int64(entries.count))
        for entry in entries {
            words.put(entry.key.high)
            words.put(entry.key.low)
            words.put(entry.result.isAccepted ? 1 : 0)
            words.put(entry.result.deadline)
            words.put(Array(entry.result.message.text.utf8.prefix(AnswerMemory.longestMessage)))
        }
    }

    /// Nil: not a whole, unharmed record of this version and boot.
    public init?(_ bytes: [UInt8], boot: BootID) {
        guard var words = KeptWords(sealed: bytes, length: AnswerMemory.length),
            words.take() == AnswerMemory.version
        else { return nil }
        changes = UInt64(bitPattern: words.take())
        guard words.take() == Int64(bitPattern: boot.high),
            words.take() == Int64(bitPattern: boot.low)
        else { return nil }
        let count = words.take()
        guard (0...Int64(AnswerMemory.capacity)).contains(count) else { return nil }
        for _ in 0..<count {
            let key = Key(high: words.take(), low: words.take())
            let (isAccepted, deadline) = (words.take() == 1, words.takeTime())
            let message = words.takeBytes(atMost: AnswerMemory.longestMessage)
            let result = CommandResult(
                isAccepted: isAccepted, message: Message(String(decoding: message, as: UTF8.self)),
                deadline: deadline)
            entries.append(Entry(key: key, result: result))
        }
    }
}
