// A command or a query as JSON, from a WebSocket text or a line of the control socket. Called by
// Web with whatever a client sent: it may be anything.

import FoundationEssentials
public import UPS

/// Either `command`, `query` or `problem` is there.
public struct CommandText: Sendable {
    /// What the control socket may ask.
    public enum Query: Equatable, Sendable {
        case status
        case events(limit: Int)
    }

    public var command: Command?
    public var query: Query?
    /// Of the sender, also when the command is refused; nil: it wants no answer.
    public var id: String?
    /// Not compared with anything here.
    public var token: String?
    /// Why it is refused, in one sentence.
    public var problem: String?

    /// Bytes.
    public static let longest = 4096
    static let longestName = 128
    static let eventLimits = 1...1000
    private static let usualEvents = 50

    public init(_ text: some Collection<UInt8>, from origin: Origin) {
        guard text.count <= CommandText.longest else {
            problem = "A command has at most \(CommandText.longest) bytes."
            return
        }
        guard let members = try? JSONDecoder().decode(Members.self, from: Data(text)) else {
            problem = "A command is a JSON object like {\"cmd\":\"cancel\"}."
            return
        }
        do throws(Refusal) {
            id = try members.id.name("id")
            token = try members.token.value(or: "\"token\" must be a string.")
            try read(members, from: origin)
        } catch {
            problem = error.sentence
        }
    }

    private mutating func read(_ members: Members, from origin: Origin) throws(Refusal) {
        let incident = try members.incident.name("incident")
        let name = try members.cmd.value(or: "\"cmd\" must be a string.")
        let mayDoEverything = origin == .control
        switch name {
        case "status" where mayDoEverything: query = .status
        case "events" where mayDoEverything: query = .events(limit: try limit(members))
        default:
            let verb = try verb(name, members, mayDoEverything)
            command = Command(verb, from: origin, id: id, incident: incident)
        }
    }

    private func verb(
        _ name: String?, _ members: Members, _ mayDoEverything: Bool
    ) throws(Refusal) -> Command.Verb {
        switch name {
        case "cancel": return .cancel
        case "capesr": return .measure
        case "delay":
            guard let seconds = try seconds(members) else { throw Refusal(wrongSeconds) }
            return .delay(seconds: seconds)
        case "measure" where mayDoEverything: return .measure
        case "drill" where mayDoEverything: return .drill(seconds: try seconds(members))
        default:
            let more = mayDoEverything ? ", measure, drill, status, events" : ""
            throw Refusal("\"cmd\" must be one of cancel, delay, capesr\(more).")
        }
    }

    /// Whether it is in range is decided, and answered, with the command.
    private func seconds(_ members: Members) throws(Refusal) -> Int? {
        try members.seconds.value(or: wrongSeconds)
    }

    private var wrongSeconds: String {
        let range = ShutdownPolicy.delayRange
        return "\"seconds\" must be a whole number, \(range.lowerBound) to \(range.upperBound)."
    }

    private func limit(_ members: Members) throws(Refusal) -> Int {
        let range = CommandText.eventLimits
        let sentence =
            "\"limit\" must be a whole number, \(range.lowerBound) to \(range.upperBound)."
        let limit = try members.limit.value(or: sentence) ?? CommandText.usualEvents
        guard range.contains(limit) else { throw Refusal(sentence) }
        return limit
    }
}

private struct Refusal: Error {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// One member of the object. A wrong one does not hide the others: the answer needs the id.
private enum Member<Value: Decodable> {
    case absent
    case wrong
    case present(Value)

    func value(or sentence: String) throws(Refusal) -> Value? {
        switch self {
        case .absent: nil
        case .wrong: throw Refusal(sentence)
        case .present(let value): value
        }
    }
}

extension Member<String> {
    /// A name that is kept and sent back, and so has a limit.
    fileprivate func name(_ key: String) throws(Refusal) -> String? {
        let sentence = "\"\(key)\" must be a string of at most \(CommandText.longestName) bytes."
        let name = try value(or: sentence)
        guard (name?.utf8.count ?? 0) <= CommandText.longestName else { throw Refusal(sentence) }
        return name
    }
}

private struct Members: Decodable {
    enum Key: String, CodingKey {
        case cmd, seconds, limit, id, token, incident
    }

    let cmd, id, token, incident: Member<String>
    let seconds, limit: Member<Int>

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        func member<Value: Decodable>(_ key: Key) -> Member<Value> {
            do {
                return try object.decodeIfPresent(Value.self, forKey: key)
                    .map { .present($0) } ?? .absent
            } catch {
                return .wrong
            }
        }
        cmd = member(.cmd)
        id = member(.id)
        token = member(.token)
        incident = member(.incident)
        seconds = member(.seconds)
        limit = member(.limit)
    }
}
