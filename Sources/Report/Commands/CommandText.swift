// A command or a query as JSON, from a WebSocket text or a line of the control socket. Called by
// Web with whatever a client sent: it may be anything.

public import UPS

/// Either `command`, `query` or `problem` is there.
public struct CommandText: Sendable {
    /// What is answered without the Monitor.
    public enum Query: Equatable, Sendable {
        /// A line for the simulated UPS of a demo.
        case simulate(line: String)
        /// Whether commands are taken from there, with that token.
        case access
        /// These only for the control socket.
        case status
        case events(limit: Int)
        case outages(limit: Int)
        case history(seconds: Int)
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
        guard case .object(let object)? = try? JSONValue(text) else {
            problem = "A command is a JSON object like {\"cmd\":\"cancel\"}."
            return
        }
        let members = Members(object: object)
        do throws(Refusal) {
            id = try members.name("id")
            token = try members.string("token")
            try read(members, from: origin)
        } catch {
            problem = error.sentence
        }
    }

    private mutating func read(_ members: Members, from origin: Origin) throws(Refusal) {
        let incident = try members.name("incident")
        let name = try members.string("cmd")
        let mayDoEverything = origin == .control
        switch name {
        case "simulate": query = .simulate(line: try line(members))
        case "access": query = .access
        case "status" where mayDoEverything: query = .status
        case "events" where mayDoEverything:
            query = .events(limit: try limit(members, in: CommandText.eventLimits))
        case "outages" where mayDoEverything:
            query = .outages(limit: try limit(members, in: 1...OutageBook.capacity))
        case "history" where mayDoEverything:
            let sentence = "\"seconds\" must be a whole number, 1 to \(History.longest)."
            let seconds = try members.integer("seconds", or: sentence)
            guard let seconds, (1...History.longest).contains(seconds) else {
                throw Refusal(sentence)
            }
            query = .history(seconds: seconds)
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
        case "set" where mayDoEverything: return .set(try setting(members), try value(members))
        default:
            let more =
                mayDoEverything ? ", measure, drill, set, status, events, outages, history" : ""
            throw Refusal("\"cmd\" must be one of cancel, delay, capesr\(more).")
        }
    }

    private func setting(_ members: Members) throws(Refusal) -> SettingName {
        guard let name = SettingName(rawValue: try members.string("name") ?? "") else {
            let names = SettingName.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal("\"name\" must be one of \(names).")
        }
        return name
    }

    /// Nil: off.
    private func value(_ members: Members) throws(Refusal) -> Int? {
        if members.object["value"]?.string == "off" { return nil }
        let sentence = "\"value\" must be a whole number, 0 to 65535, or \"off\"."
        let value = try members.integer("value", or: sentence)
        guard let value, (0...65535).contains(value) else { throw Refusal(sentence) }
        return value
    }

    /// Whether it is in range is decided, and answered, with the command.
    private func seconds(_ members: Members) throws(Refusal) -> Int? {
        try members.integer("seconds", or: wrongSeconds)
    }

    private var wrongSeconds: String {
        let range = ShutdownPolicy.delayRange
        return "\"seconds\" must be a whole number, \(range.lowerBound) to \(range.upperBound)."
    }

    private func line(_ members: Members) throws(Refusal) -> String {
        guard let line = try members.name("line") else { throw Refusal("\"line\" is missing.") }
        return line
    }

    private func limit(_ members: Members, in range: ClosedRange<Int>) throws(Refusal) -> Int {
        let sentence =
            "\"limit\" must be a whole number, \(range.lowerBound) to \(range.upperBound)."
        let limit = try members.integer("limit", or: sentence) ?? CommandText.usualEvents
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

/// The members of the object, each with the type that it must have; null is not there.
private struct Members {
    let object: [String: JSONValue]

    func string(_ key: String) throws(Refusal) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.string else { throw Refusal("\"\(key)\" must be a string.") }
        return string
    }

    /// A name is kept and sent back, and so has a limit.
    func name(_ key: String) throws(Refusal) -> String? {
        let longest = CommandText.longestName
        guard let name = try string(key) else { return nil }
        guard name.utf8.count <= longest else {
            throw Refusal("\"\(key)\" must be a string of at most \(longest) bytes.")
        }
        return name
    }

    func integer(_ key: String, or sentence: String) throws(Refusal) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.integer else { throw Refusal(sentence) }
        return integer
    }

    private func value(_ key: String) -> JSONValue? {
        object[key] == .null ? nil : object[key]
    }
}
