// What the decision tells: to the sinks, and to the rooms that carry it out. Values, made by the
// ShutdownController.

/// The `shutdown` object of the contract.
public struct ShutdownState: Equatable, Sendable {
    public var phase = Phase.idle
    public var incident: IncidentID?
    public var deadline: Deadline?
    /// Of this incident, else of the next one.
    public var delay = Duration.zero
    /// The last moment that the UPS's own timer leaves (rule 5).
    public var latest: BootTime?

    public init() {}

    public var reason: Reason? { deadline?.reason }

    public func remaining(at now: BootTime) -> Duration? {
        deadline.map { max(.zero, $0.time - now) }
    }
}

/// The earliest moment at which a rule will commit.
public struct Deadline: Equatable, Sendable {
    public var time: BootTime
    public var reason: Reason

    public init(time: BootTime, reason: Reason) {
        self.time = time
        self.reason = reason
    }
}

/// A commit, as the loop hands it to what carries it out.
public struct CommittedShutdown: Equatable, Sendable {
    public var incident: IncidentID
    public var reason: Reason
    /// The first failing reading.
    public var outage: BootTime
    public var time: BootTime
    /// How long after `time` what still hangs may be ended by force.
    public var grace: Duration

    public init(
        incident: IncidentID, reason: Reason, outage: BootTime, time: BootTime, grace: Duration
    ) {
        (self.incident, self.reason, self.outage) = (incident, reason, outage)
        (self.time, self.grace) = (time, grace)
    }
}

/// How far the decision is.
public enum Phase: String, CaseIterable, Sendable {
    case idle
    /// Failing readings, not yet enough of them.
    case confirming
    /// An outage, and no rule has a moment at which it will commit.
    case onBattery = "on_battery"
    /// Some rule has a moment at which it will commit, and it was not cancelled.
    case pending
    /// The timer was cancelled in this outage.
    case cancelled
    /// The host powers off.
    case committed
}

/// Which rule commits, or has committed.
public enum Reason: String, CaseIterable, Sendable {
    case time
    case lowCharge = "low_charge"
    case lowRuntime = "low_runtime"
    /// The UPS is about to cut its output by its own timer.
    case upsTimer = "ups_timer"
    case linkLost = "link_lost"
    case upsRequest = "ups_request"

    /// For event texts.
    public var message: Message {
        switch self {
        case .time: Message(.delayOver)
        case .lowCharge: Message(.chargeIsLow)
        case .lowRuntime: Message(.runtimeIsLow)
        case .upsTimer: Message(.upsCuts)
        case .linkLost: Message(.silentOnBattery)
        case .upsRequest: Message(.upsAsked)
        }
    }

    public var text: String { message.text }
}
