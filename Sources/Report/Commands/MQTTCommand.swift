// What arrived on the command topic, read: plain text or JSON. Called by the publisher with
// whatever a client has sent; it may be anything.

public import UPS

/// Either `command` or `problem` is there.
public struct MQTTCommand: Sendable {
    /// Longer payloads are refused. (bytes)
    public static let longest = 4096
    private static let longestName = 128

    public private(set) var command: Command?
    /// Why it is refused, in one sentence.
    public private(set) var problem: String?
    /// The sender's name for it, also when it is refused.
    public private(set) var id: String?
    /// `cancel`, `delay`, `measure`, or nil when it is none of them.
    public private(set) var name: String?

    /// `cancel`, `delay 300`, `measure`, or an object {command, seconds, id, incident}.
    public init(_ payload: [UInt8]) {
        do throws(Problem) {
            guard payload.count <= MQTTCommand.longest else {
                throw Problem("A command has at most \(MQTTCommand.longest) bytes.")
            }
            guard let text = String(validating: payload, as: UTF8.self) else {
                throw Problem("A command is UTF-8 text.")
            }
            let isObject = text.first { !$0.isWhitespace } == "{"
            try isObject ? readObject(payload) : readWords(text)
        } catch {
            problem = error.sentence
        }
    }

    private mutating func readWords(_ text: String) throws(Problem) {
        let words = text.split(maxSplits: 2) { $0.isWhitespace }
        let seconds = words.count == 2 ? Int(words[1]) : nil
        let verb = try verb(words.first.map { String($0) }, seconds: seconds)
        let takesNumber = if case .delay = verb { true } else { false }
        guard words.count == (takesNumber ? 2 : 1) else { throw .unknown }
        command = Command(verb, from: .mqtt)
    }

    private mutating func readObject(_ payload: [UInt8]) throws(Problem) {
        guard case .object(let members)? = try? JSONValue(payload) else {
            throw Problem("The command is not a valid JSON object.")
        }
        id = try text(members, "id")
        let incident = try text(members, "incident")
        let verb = try verb(
            try text(members, "command"), seconds: members["seconds"]?.integer)
        command = Command(verb, from: .mqtt, id: id, incident: incident)
    }

    /// It is sent back, and so has a limit.
    private func text(
        _ members: [String: JSONValue], _ key: String
    ) throws(Problem) -> String? {
        guard let value = members[key], value != .null else { return nil }
        guard let text = value.string, text.utf8.count <= MQTTCommand.longestName else {
            throw Problem(
                "\"\(key)\" must be a string of at most \(MQTTCommand.longestName) bytes.")
        }
        return text
    }

    /// Whether the seconds are in range is decided, and answered, with the command.
    private mutating func verb(_ word: String?, seconds: Int?) throws(Problem) -> Command.Verb {
        guard let word, ["cancel", "delay", "measure"].contains(word) else { throw .unknown }
        name = word
        switch word {
        case "cancel": return .cancel
        case "measure": return .measure
        default:
            guard let seconds else { throw .seconds }
            return .delay(seconds: seconds)
        }
    }
}

private struct Problem: Error {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }

    static let unknown = Problem("A command is one of cancel, delay SECONDS, measure.")
    static let seconds: Problem = {
        let range = ShutdownPolicy.delayRange
        return Problem(
            "A delay is a whole number of seconds, \(range.lowerBound) to \(range.upperBound).")
    }()
}
