// What people and programs may ask of the daemon, and the answer. Parsed by Report, decided by the
// controller.

/// Where a command came from.
public enum Origin: UInt8, CaseIterable, Sendable {
    /// The port, by WebSocket.
    case port
    case mqtt
    /// The local control socket, which may do everything.
    case control

    public var message: Message {
        switch self {
        case .port: Message(.dashboard)
        case .mqtt: Message(.mqtt)
        case .control: Message(.controlSocket)
        }
    }

    /// A command over a network never brings a shutdown forward.
    public var mayOnlyLengthen: Bool { self != .control }
}

public struct Command: Equatable, Sendable {
    /// The words of all of them.
    public enum Name: String, CaseIterable, Sendable {
        case cancel, delay, measure, drill, set
    }

    public enum Verb: Equatable, Sendable {
        case cancel
        case delay(seconds: Int)
        /// Of capacitance and ESR.
        case measure
        /// Nil: the effective delay and 5 s.
        case drill(seconds: Int?)
        /// A setting of the UPS; nil: it is switched off.
        case set(SettingName, Int?)
    }

    public var verb: Verb
    public var origin: Origin
    /// The sender's name for this command: the same id again has no second effect.
    public var id: String?
    /// The incident that the sender has seen; a command for another one is refused.
    public var incident: String?

    public init(_ verb: Verb, from origin: Origin, id: String? = nil, incident: String? = nil) {
        self.verb = verb
        self.origin = origin
        self.id = id
        self.incident = incident
    }

    /// The same command, sent once more on this or another connection.
    public func isRepetition(of other: Command) -> Bool {
        id != nil && id == other.id && verb == other.verb && incident == other.incident
    }

    public var name: Name {
        switch verb {
        case .cancel: .cancel
        case .delay: .delay
        case .measure: .measure
        case .drill: .drill
        case .set: .set
        }
    }
}

/// Names one submitted command until its answer has been picked up.
public typealias Ticket = UInt64

public struct CommandResult: Equatable, Sendable {
    public var isAccepted: Bool
    /// One sentence for a person.
    public var message: Message
    /// The deadline that holds after this command, if there is one.
    public var deadline: BootTime?

    public init(isAccepted: Bool, message: Message, deadline: BootTime? = nil) {
        self.isAccepted = isAccepted
        self.message = message
        self.deadline = deadline
    }

    public static func accepted(_ message: Message, deadline: BootTime? = nil) -> CommandResult {
        CommandResult(isAccepted: true, message: message, deadline: deadline)
    }

    public static func refused(_ message: Message, deadline: BootTime? = nil) -> CommandResult {
        CommandResult(isAccepted: false, message: message, deadline: deadline)
    }
}
