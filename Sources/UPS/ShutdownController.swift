// The decision when the host powers off. Called by the Watch with the time and one input; returns
// actions; reads no clock, file or socket. The rule numbers are those of README.md, "The rules".

public struct ShutdownController: Sendable {
    public enum Input: Sendable {
        /// A valid status reading.
        case status(DeviceStatus)
        /// A valid reading of the charge. (%)
        case charge(Int)
        /// The runtime at the present load, from valid readings.
        case runtime(Duration)
        /// The port is gone.
        case portClosed
        case command(Command, Ticket)
        /// A shutdown command ended; `failed` when it could not start or its exit code was not 0.
        case commandEnded(failed: Bool)
        /// This host has begun to shut down, whoever asked for it.
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
        case announce(Event.Name, String)
        case answer(Ticket, CommandResult)
    }

    /// Holds from the next incident.
    var configured: ShutdownPolicy
    /// Holds now.
    public internal(set) var policy: ShutdownPolicy
    public let boot: BootID
    var stage = Stage.idle
    /// Number of the newest incident of this boot.
    public internal(set) var incidents = 0
    /// Outages of this boot in which the input was absent.
    public internal(set) var powerFailures = 0
    /// A delay that was set on line power, for the next incident.
    var nextDelay: Duration?
    var lastPresent: BootTime?
    var lastValid: BootTime?
    var portIsOpen = false
    var request = ConfirmedBit()
    public internal(set) var charge: Int?
    public internal(set) var runtime: Duration?
    /// A shutdown failed; said until the next incident.
    public internal(set) var hasFailed = false
    var answers = AnswerMemory()
    var refusals = RefusalLimit()
    var statusInterval: Duration {
        didSet { staleAfter = ShutdownController.staleAfter(statusInterval) }
    }
    private var staleAfter: Duration
    var actions: [Action] = []
    private var lastHandled: BootTime
    /// Since when this process has run without a gap, and so has asked without a gap.
    var awakeSince: BootTime
    /// Gaps since the last valid reading.
    var naps = 0

    /// A gap between two inputs that is longer means that this process was stopped.
    private static let longestNap = Duration.milliseconds(500)
    /// While something is being decided, the next call comes no later than this.
    private static let heartbeat = Duration.milliseconds(250)
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
        self.policy = policy
        self.statusInterval = statusInterval
        staleAfter = ShutdownController.staleAfter(statusInterval)
        self.boot = boot
        lastHandled = now
        awakeSince = now
    }

    /// A new configuration: the numbers of a running incident stay.
    mutating func reconfigure(_ policy: ShutdownPolicy, statusInterval: Duration) {
        self.statusInterval = statusInterval
        configured = policy
        if isIdle { self.policy = policy }
    }

    public mutating func handle(_ input: Input, at now: BootTime) -> [Action] {
        if now - lastHandled > ShutdownController.longestNap {
            awakeSince = now
            naps += 1
        }
        lastHandled = now
        closeAfterReturn(at: now)
        switch input {
        case .status(let status): takeStatus(status, at: now)
        case .charge(let percent): takeCharge(percent, at: now)
        case .runtime(let duration): takeRuntime(duration, at: now)
        case .portClosed: portIsOpen = false
        case .command(let command, let ticket): takeCommand(command, ticket, at: now)
        case .commandEnded(let failed): takeCommandEnd(failed: failed, at: now)
        case .hostStopping: takeHostStopping()
        case .tick: break
        }
        advance(to: now)
        defer { actions = [] }
        return actions
    }

    /// As a `tick` for which there is nothing to do. False: this process was stopped meanwhile, and
    /// needs a `tick`.
    mutating func noteAwake(at now: BootTime) -> Bool {
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
    func linkWake(at now: BootTime) -> BootTime? {
        guard let lastValid else { return nil }
        let (stale, lost) = (lastValid + staleAfter, lastValid + ShutdownController.lostAfter)
        return earliest(stale > now ? stale : nil, lost > now ? lost : nil)
    }

    /// The time of the last valid status reading.
    public var lastReading: BootTime? { lastValid }

    public func phase(at now: BootTime) -> Phase {
        switch stage {
        case .idle, .returned: .idle
        case .confirming: .confirming
        case .committed: .committed
        case .outage(let incident):
            if incident.wasCancelled && incident.timer == nil {
                .cancelled
            } else {
                deadline(at: now) == nil ? .onBattery : .pending
            }
        }
    }

    var isIdle: Bool {
        if case .idle = stage { true } else { false }
    }

    /// The outage that is going on or was decided, nil while idle.
    var incident: Incident? {
        switch stage {
        case .idle, .returned: nil
        case .confirming(let confirmation): confirmation.resuming
        case .outage(let incident): incident
        case .committed(let commit): commit.incident
        }
    }

    public var incidentID: IncidentID? {
        incident.map { IncidentID(boot: boot, number: $0.number) }
    }

    public var isCommitted: Bool {
        if case .committed = stage { true } else { false }
    }

    var commit: Commit? {
        if case .committed(let commit) = stage { commit } else { nil }
    }

    /// Input power is absent in confirmed readings.
    public var isOnBattery: Bool {
        switch stage {
        case .outage(let incident): incident.cause == .powerFailure
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
    var nextTimer: Duration {
        let delay = nextDelay ?? configured.delay
        return configured.longestDelay.map { min($0, delay) } ?? delay
    }

    public var latest: BootTime? { incident?.latest }

    public func deadline(at now: BootTime) -> Deadline? {
        switch stage {
        case .idle, .returned: return nil
        case .committed(let commit): return Deadline(time: commit.time, reason: commit.reason)
        case .confirming(let confirmation):
            guard link(at: now) == .lost else { return nil }
            let latest = latest(from: confirmation.firstReading)
            guard let latest, silenceDeadline.map({ latest < $0.time }) ?? true else {
                return silenceDeadline
            }
            return Deadline(time: latest, reason: .upsTimer)
        case .outage(let incident):
            let deadline = incidentDeadline
            guard incident.cause == .powerFailure, link(at: now) == .lost, let silenceDeadline,
                deadline.map({ silenceDeadline.time < $0.time }) ?? true
            else { return deadline }
            return silenceDeadline
        }
    }

    /// Rules 3 and 5: without the silence of a link, which may come back.
    var incidentDeadline: Deadline? {
        guard case .outage(let incident) = stage else { return nil }
        let reason = incident.cause == .upsRequest ? Reason.upsRequest : .time
        let timer = incident.timer.map { Deadline(time: $0, reason: reason) }
        guard let latest = incident.latest, timer.map({ latest < $0.time }) ?? true else {
            return timer
        }
        return Deadline(time: latest, reason: .upsTimer)
    }

    /// The `shutdown` object of the contract.
    func state(at now: BootTime) -> ShutdownState {
        var state = ShutdownState()
        state.phase = phase(at: now)
        state.incident = incidentID
        state.deadline = deadline(at: now)
        state.delay = delay
        state.latest = latest
        return state
    }

    /// Rule 7, counted from the last valid reading.
    private var silenceDeadline: Deadline? {
        lastValid.map { Deadline(time: $0 + policy.deadTime, reason: .linkLost) }
    }

    /// The next moment at which `handle` has something to do, if nothing is read before.
    public func nextWake(at now: BootTime) -> BootTime? {
        guard !isIdle else { return nil }
        var wake = lastHandled + ShutdownController.heartbeat
        if let commit {
            if !commit.isDry { wake = min(wake, max(commit.nextAttempt, now)) }
        } else if let deadline = deadline(at: now) {
            wake = min(wake, deadline.time > now ? deadline.time : max(silentAt, now))
        } else if case .returned(let incident) = stage, let returned = incident.returned {
            wake = min(wake, max(returned + policy.returnHold, now))
        }
        return wake
    }
}
