// A command or a query as JSON, from a WebSocket text or a line of the control socket. Called by
// Web; the client may have sent anything.

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
    static let eventLimits = 1...1000
    private static let usualEvents = 50
    private static let localQueries = ["status", "events", "outages", "history"]

    public init(_ text: some Collection<UInt8>, from origin: Origin) {
        guard text.count <= CommandText.longest else {
            problem = "A command has at most \(CommandText.longest) bytes."
            return
        }
        guard case .object(let object)? = try? JSONValue(text) else {
            problem = "A command is a JSON object like {\"cmd\":\"cancel\"}."
            return
        }
        let members = CommandMembers(object: object)
        do throws(CommandRefusal) {
            id = try members.name("id")
            token = try members.string("token")
            try read(members, from: origin)
        } catch {
            problem = error.sentence
        }
    }

    private mutating func read(_ members: CommandMembers, from origin: Origin)
        throws(CommandRefusal)
    {
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
                throw CommandRefusal(sentence)
            }
            query = .history(seconds: seconds)
        default:
            guard let name = Command.Name(name, from: origin) else {
                let words = Command.Name.words(from: origin)
                let all = mayDoEverything ? words + CommandText.localQueries : words
                throw CommandRefusal("\"cmd\" must be one of \(all.joined(separator: ", ")).")
            }
            let verb = try Command.Verb(name, with: members)
            command = Command(verb, from: origin, id: id, incident: incident)
        }
    }

    private func line(_ members: CommandMembers) throws(CommandRefusal) -> String {
        guard let line = try members.name("line") else {
            throw CommandRefusal("\"line\" is missing.")
        }
        return line
    }

    private func limit(_ members: CommandMembers, in range: ClosedRange<Int>) throws(CommandRefusal)
        -> Int
    {
        let sentence =
            "\"limit\" must be a whole number, \(range.lowerBound) to \(range.upperBound)."
        let limit = try members.integer("limit", or: sentence) ?? CommandText.usualEvents
        guard range.contains(limit) else { throw CommandRefusal(sentence) }
        return limit
    }
}
