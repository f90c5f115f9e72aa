// A command from the topic `command`: plain text or JSON. Called by the publisher; the client may
// have sent anything.

public import UPS

/// Either `command` or `problem` is there.
public struct MQTTCommand: Sendable {
    /// Longer payloads are refused. (bytes)
    public static let longest = 4096

    public private(set) var command: Command?
    /// Why it is refused, in one sentence.
    public private(set) var problem: String?
    /// The sender's name for it, also when it is refused.
    public private(set) var id: String?
    /// Nil: it is no command of this topic.
    public private(set) var name: Command.Name?

    /// `cancel`, `delay 300`, `measure`, or an object {command, seconds, id, incident}.
    public init(_ payload: [UInt8]) {
        do throws(CommandRefusal) {
            guard payload.count <= MQTTCommand.longest else {
                throw CommandRefusal("A command has at most \(MQTTCommand.longest) bytes.")
            }
            guard let text = String(validating: payload, as: UTF8.self) else {
                throw CommandRefusal("A command is UTF-8 text.")
            }
            let isObject = text.first { !$0.isWhitespace } == "{"
            command = try isObject ? readObject(payload) : readWords(text)
        } catch {
            problem = error.sentence
        }
    }

    private mutating func readWords(_ text: String) throws(CommandRefusal) -> Command {
        let words = text.split(maxSplits: 2) { $0.isWhitespace }
        let seconds = words.count == 2 ? Int(words[1]) : nil
        var object: [String: JSONValue] = [:]
        object["command"] = words.first.map { .string(String($0)) }
        object["seconds"] = seconds.map { .number(Double($0)) }
        let command = try read(object)
        guard words.count == 1 || seconds != nil && name == .delay else { throw .unknown }
        return command
    }

    private mutating func readObject(_ payload: [UInt8]) throws(CommandRefusal) -> Command {
        guard case .object(let object)? = try? JSONValue(payload) else {
            throw CommandRefusal("The command is not a valid JSON object.")
        }
        return try read(object)
    }

    private mutating func read(
        _ object: [String: JSONValue]
    ) throws(CommandRefusal) -> Command {
        let members = CommandMembers(object: object, wrongSeconds: MQTTCommand.wrongSeconds)
        id = try members.name("id")
        let incident = try members.name("incident")
        name = Command.Name(try members.name("command"), from: .mqtt)
        guard let name else { throw .unknown }
        let verb = try Command.Verb(name, with: members)
        return Command(verb, from: .mqtt, id: id, incident: incident)
    }

    /// The answer, for `command/result`.
    public func resultJSON(_ result: CommandResult, in snapshot: Snapshot) -> String {
        JSON.object([
            ("id", .string(id)),
            ("command", .string(name?.rawValue)),
            ("ok", .bool(result.isAccepted)),
            ("message", .string(result.message.text)),
            ("deadline", .string(result.deadline.map { snapshot.wallTime(of: $0).rfc3339 })),
        ]).text
    }

    private static let wrongSeconds: String = {
        let range = ShutdownPolicy.delayRange
        return "A delay is a whole number of seconds, \(range.lowerBound) to \(range.upperBound)."
    }()
}

extension CommandRefusal {
    fileprivate static var unknown: CommandRefusal {
        let words = Command.Name.words(from: .mqtt).map { $0 == "delay" ? "delay SECONDS" : $0 }
        return CommandRefusal("A command is one of \(words.joined(separator: ", ")).")
    }
}
