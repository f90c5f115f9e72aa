// The decision when the host powers off. Called by the Watch with the time and one input; returns
// actions; reads no clock, file or socket. The rule numbers are those of docs/rules.md.
//
// Two things are followed side by side, because each may begin and end without the other: the
// input power (`stage`) and what the UPS itself asks for (`request`). What commits is the earliest
// of their deadlines; what is committed is the outage, if there is one. `Stage` has a drawing.

public import UPS

public struct ShutdownController: Sendable {
    public enum Input: Sendable {
        /// A valid reading: whether there is input power, and whether the UPS asks for a shutdown.
        case power(isPresent: Bool, isShutdownSet: Bool)
        /// An answer which may be a late one, and behind which nothing came.
        case unprovenPower(isPresent: Bool)
        /// A valid reading of the charge. (%)
        case charge(Int)
        /// The charge was asked for once, and not told.
        case chargeMissed
        /// It was asked for often enough.
        case chargeMissing
        /// The runtime at the present load, from valid readings.
        case runtime(Duration)
        /// The port is gone.
        case portClosed
        case command(Command, Ticket)
        /// A shutdown command ended; `failed` when it could not start or its exit code was not 0.
        case commandEnded(failed: Bool)
        /// This host has begun to shut down, for whatever reason.
        case hostStopping
        case tick
    }

    public enum Action: Equatable, Sendable {
        case askStatus
        /// Write the disks out, before anything else is decided.
        case sync
        /// Run the shutdown command of this step, 0 first.
        case runShutdown(step: Int)
        /// A commit has ended and this host is still up: take back what would still act on it.
        case withdrawShutdown
        case announce(Event.Name, Message)
        case answer(Ticket, CommandResult)
    }

    /// Holds from the next incident.
    public var configured: ShutdownPolicy
    /// Of the incident that goes on: a reload does not reach it. Nil: there is none.
    var running: ShutdownPolicy?
    public let boot: BootID
    var stage = Stage.idle
    /// What the UPS has asked for on line power and has not withdrawn.
    var request: Incident?
    /// Number of the newest incident of this boot.
    public internal(set) var incidents = 0
    /// Outages of this boot in which the input was absent.
    public internal(set) var powerFailures = 0
    /// A delay that was set on line power, for the next incident.
    var nextDelay: Duration?
    var lastPresent: BootTime?
    var lastValid: BootTime?
    var portIsOpen = false
    var requestBit = ConfirmedBit()
    /// Since when the UPS asks for a shutdown, while nothing has come of it yet.
    var newRequest: BootTime?
    /// This host shuts down, for whatever reason.
    var hostIsStopping = false
    public internal(set) var charge: Int?
    /// Since when the UPS has been asked for the charge in vain.
    var chargeSought: BootTime?
    /// This process has asked often enough.
    var chargeIsMissing = false
    /// The last incident in which a missing charge was announced.
    var blindIncident = 0
    public internal(set) var runtime: Duration?
    /// A shutdown failed; said until the next incident.
    public internal(set) var hasFailed = false
    public var answers = AnswerMemory()
    var refusals = RefusalLimit()
    public var statusInterval: Duration {
        didSet { staleAfter = ShutdownController.staleAfter(statusInterval) }
    }
    private var staleAfter: Duration
    var actions: [Action] = []
    public internal(set) var lastHandled: BootTime
    /// Since when this process has run without a gap, and so has asked without a gap.
    var awakeSince: BootTime
    /// Gaps since the last valid reading.
    var naps = 0

    /// A gap between two inputs that is longer means that this process was stopped.
    private static let longestNap = Duration.milliseconds(500)
    /// So many gaps without a valid reading between them are an answer, too.
    static let mostNaps = 4
    private static let lostAfter = Duration.seconds(2)

    private static func staleAfter(_ statusInterval: Duration) -> Duration {
        max(.seconds(1), statusInterval * 3)
    }

    public init(
        policy: ShutdownPolicy, statusInterval: Duration, boot: BootID, at now: BootTime
    ) {
        configured = policy
        self.statusInterval = statusInterval
        staleAfter = ShutdownController.staleAfter(statusInterval)
        self.boot = boot
        lastHandled = now
        awakeSince = now
    }

    /// Holds now.
    public var policy: ShutdownPolicy { running ?? configured }

    public mutating func handle(_ input: Input, at now: BootTime) -> [Action] {
        if now - lastHandled > ShutdownController.longestNap {
            awakeSince = now
            // While idle nothing calls in between.
            if !isIdle { naps += 1 }
        }
        lastHandled = now
        closeAfterReturn(at: now)
        switch input {
        case .power(let isPresent, let isShutdownSet):
            takeReading(isPresent: isPresent, isShutdownSet: isShutdownSet, at: now)
        case .unprovenPower(let isPresent): takeUnproven(isPresent: isPresent, at: now)
        case .charge(let percent): takeCharge(percent, at: now)
        case .chargeMissed: chargeSought = chargeSought ?? now
        case .chargeMissing: missCharge(at: now)
        case .runtime(let duration): takeRuntime(duration, at: now)
        case .portClosed: portIsOpen = false
        case .command(let command, let ticket): takeCommand(command, ticket, at: now)
        case .commandEnded(let failed): takeCommandEnd(failed: failed, at: now)
        case .hostStopping: takeHostStopping()
        case .tick: break
        }
        advance(to: now)
        releasePolicy()
        defer { actions = [] }
        return actions
    }

    /// As a `tick` for which there is nothing to do. False: this process was stopped meanwhile, and
    /// needs a `tick`.
    public mutating func noteAwake(at now: BootTime) -> Bool {
        guard now - lastHandled <= ShutdownController.longestNap else { return false }
        lastHandled = now
        return true
    }

    // MARK: What is known

    public func link(at now: BootTime) -> Link {
        guard portIsOpen, let lastValid else { return .lost }
        let silence = now - lastValid
        if silence >= ShutdownController.lostAfter { return .lost }
        return silence >= staleAfter ? .stale : .ok
    }

    /// When the link will count as stale or lost if nothing arrives.
    public func linkWake(at now: BootTime) -> BootTime? {
        guard let lastValid else { return nil }
        let (stale, lost) = (lastValid + staleAfter, lastValid + ShutdownController.lostAfter)
        return earliest(stale > now ? stale : nil, lost > now ? lost : nil)
    }

    /// The time of the last valid status reading.
    public var lastReading: BootTime? { lastValid }

    public func phase(at now: BootTime) -> Phase {
        switch stage {
        case .committed: .committed
        case .outage(let outage):
            if outage.wasCancelled && outage.timer == nil {
                .cancelled
            } else {
                deadline(at: now) == nil ? .onBattery : .pending
            }
        case .confirming: request?.timer == nil ? .confirming : .pending
        case .idle, .returned:
            request.map { $0.timer == nil ? .cancelled : .pending } ?? .idle
        }
    }

    /// There is nothing to decide.
    public var isIdle: Bool {
        guard request == nil, newRequest == nil, case .idle = stage else { return false }
        return true
    }

    /// The outage that goes on, or that will if power fails again.
    var outage: Incident? {
        get {
            switch stage {
            case .idle, .committed: nil
            case .confirming(let confirmation): confirmation.resuming
            case .outage(let outage), .returned(let outage): outage
            }
        }
        set {
            guard let newValue else { return }
            switch stage {
            case .idle, .committed: break
            case .outage: stage = .outage(newValue)
            case .returned: stage = .returned(newValue)
            case .confirming(var confirmation):
                confirmation.resuming = newValue
                stage = .confirming(confirmation)
            }
        }
    }

    /// What goes on or was decided, nil while idle.
    var incident: Incident? {
        switch stage {
        case .idle, .returned: request
        case .confirming(let confirmation): confirmation.resuming ?? request
        case .outage(let outage): outage
        case .committed(let commit): commit.incident
        }
    }

    public var incidentID: IncidentID? {
        incident.map { IncidentID(boot: boot, number: $0.number) }
    }

    /// Tells one incident from the next; nil: there is none that a reload must not reach.
    public var runningNumber: Int? { running == nil ? nil : incidents }

    public var isCommitted: Bool {
        if case .committed = stage { true } else { false }
    }

    public var commit: Commit? {
        if case .committed(let commit) = stage { commit } else { nil }
    }

    /// Input power is absent in confirmed readings.
    public var isOnBattery: Bool {
        switch stage {
        case .outage: true
        case .committed(let commit):
            commit.incident.cause == .powerFailure && commit.powerBack == nil
        default: false
        }
    }

    public var isLowBattery: Bool { isOnBattery && (incident?.isLow ?? false) }

    /// The delay of this incident, else of the next one.
    public var delay: Duration {
        incident?.delay ?? nextDelay ?? configured.effectiveDelay
    }

    /// The delay with which the next outage will begin.
    public var nextTimer: Duration {
        let delay = nextDelay ?? configured.delay
        return configured.longestDelay.map { min($0, delay) } ?? delay
    }

    public var latest: BootTime? { incident?.latest }

    /// The `shutdown` object of the contract.
    public func state(at now: BootTime) -> ShutdownState {
        var state = ShutdownState()
        state.phase = phase(at: now)
        state.incident = incidentID
        state.deadline = deadline(at: now)
        state.delay = delay
        state.latest = latest
        return state
    }
}
