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
        case "simulate":
            guard let line = try members.name("line") else {
                throw CommandRefusal("\"line\" is missing.")
            }
            query = .simulate(line: line)
        case "access": query = .access
        case "status" where mayDoEverything: query = .status
        case "events" where mayDoEverything:
            let limit = try members.integer("limit", in: CommandText.eventLimits)
            query = .events(limit: limit ?? CommandText.usualEvents)
        case "outages" where mayDoEverything:
            let limit = try members.integer("limit", in: 1...OutageBook.capacity)
            query = .outages(limit: limit ?? CommandText.usualEvents)
        case "history" where mayDoEverything:
            let range = 1...History.longest
            guard let seconds = try members.integer("seconds", in: range) else {
                throw CommandRefusal(CommandMembers.wrongInteger("seconds", range))
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
}
