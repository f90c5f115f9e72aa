// One outage, from the first failing reading to its end. Values owned by the ShutdownController
// and kept over a restart of the daemon.

/// Failing readings that are not yet enough for an outage.
struct Confirmation: Equatable, Sendable {
    var firstReading: BootTime
    var count = 1
    /// The outage that goes on if this failure is confirmed: its return was moments ago.
    var resuming: Incident?
}

struct Incident: Equatable, Sendable {
    enum Cause: UInt8, Sendable {
        case powerFailure
        /// The UPS's "shutdown set" bit, on line power.
        case upsRequest
    }

    var number: Int
    var cause: Cause
    /// The first failing reading.
    var start: BootTime
    /// What is shown as the delay; the timer holds what follows from it.
    var delay: Duration
    /// Rule 3. Nil: disarmed.
    var timer: BootTime?
    /// Rule 5. Nothing reaches past it.
    var latest: BootTime?
    var wasCancelled = false
    /// Readings in a row that say the outage is over.
    var goodReadings = 0
    /// Failing readings in a row while the UPS asks for a shutdown on line power.
    var failingReadings = 0
    var lastFailing: BootTime
    var lowChargeSince: BootTime?
    var lowRuntimeSince: BootTime?
    var isLow = false
    /// The return within `returnHold` of which a failure is still this incident.
    var returned: BootTime?
}

struct Commit: Equatable, Sendable {
    var incident: Incident
    var reason: Reason
    var time: BootTime
    var isDry: Bool
    /// How long after the commit what still hangs may be ended by force: as long as the store
    /// lasts, and at least the host's shutdown time.
    var grace: Duration
    /// This host has begun to shut down.
    var isUnderWay = false
    /// Commands started so far.
    var attempts = 0
    var nextAttempt: BootTime
    /// When the last of the different commands was started.
    var allTried: BootTime?
    /// Power was confirmed back at this moment, and has stayed.
    var powerBack: BootTime?

    /// While the host shuts down, nothing more is done to it before this moment.
    var graceEnds: BootTime? { isUnderWay ? time + grace : nil }
}

/// A commit in the terms of those who carry it out.
public struct CommittedShutdown: Equatable, Sendable {
    public var incident: IncidentID
    public var reason: Reason
    /// The first failing reading.
    public var outage: BootTime
    public var time: BootTime
    public var grace: Duration
}

/// Boxed, so that asking for the stage copies no incident. Nothing is allocated while idle.
indirect enum Stage: Equatable, Sendable {
    case idle
    case confirming(Confirmation)
    case outage(Incident)
    /// Power is back; the incident is closed after `returnHold`.
    case returned(Incident)
    case committed(Commit)
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

/// Says a bit only after several equal readings in a row.
struct ConfirmedBit: Equatable, Sendable {
    private(set) var value: Bool?
    private(set) var candidate = false
    private var count = 0
    private(set) var candidateSince: BootTime?

    /// Takes one reading; true when the confirmed value changed.
    mutating func take(_ bit: Bool, confirmations: Int, at now: BootTime) -> Bool {
        guard bit != value else {
            count = 0
            return false
        }
        if count == 0 || candidate != bit {
            count = 0
            candidate = bit
            candidateSince = now
        }
        count += 1
        guard count >= confirmations else { return false }
        value = bit
        count = 0
        return true
    }

    var isConfirming: Bool { count > 0 }
}
