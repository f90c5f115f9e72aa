// One outage, from the first failing reading to its end. Values owned by the ShutdownController
// and kept over a restart of the daemon.

public import UPS

/// Failing readings that are not yet enough for an outage.
struct Confirmation: Equatable, Sendable {
    /// Or the first answer that said so and could not be told from a late one.
    var firstReading: BootTime
    /// 0: there is no reading yet, only such an answer.
    var count = 1
    /// The outage that goes on if this failure is confirmed: its return was moments ago.
    var resuming: Incident?
}

/// Readings in a row that are too low.
struct LowReadings: Equatable, Sendable {
    var first, last: BootTime?

    mutating func take(_ isLow: Bool, at now: BootTime) {
        (first, last) = isLow ? (first ?? now, now) : (nil, nil)
    }

    /// Two readings at least so far apart, and none between them that says otherwise.
    func last(for hold: Duration) -> Bool {
        guard let first, let last else { return false }
        return last > first && last - first >= hold
    }
}

/// An outage, or a request of the UPS.
struct Incident: Equatable, Sendable {
    enum Cause: UInt8, Sendable {
        case powerFailure
        /// The UPS's "shutdown set" bit, on line power.
        case upsRequest
    }

    var number: Int
    var cause: Cause
    /// The first failing reading; of a request, the first one with the bit.
    var start: BootTime
    /// What is shown as the delay; the timer holds what follows from it.
    var delay: Duration
    /// Rule 3. Nil: disarmed.
    var timer: BootTime?
    /// The last reading with power before it: the UPS's own timer runs from then on, whatever is
    /// learnt of that later. Nil: there was none in this boot.
    var inputLost: BootTime?
    /// Rule 5. Nothing reaches past it.
    var latest: BootTime?
    var wasCancelled = false
    /// Readings in a row that say the outage is over.
    var goodReadings = 0
    /// The last failing reading; of a request, the last one with the bit.
    var lastFailing: BootTime
    /// Below the charge at which to shut down.
    var lowCharge = LowReadings()
    /// At or below the runtime at which to shut down.
    var lowRuntime = LowReadings()
    /// Charge or runtime is low, and that was announced.
    var isLow = false
    /// The return within `returnHold` of which a failure is still this incident.
    var returned: BootTime?
}

public struct Commit: Equatable, Sendable {
    var incident: Incident
    public var reason: Reason
    var time: BootTime
    public var isDry: Bool
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

/// Where input power stands. What moves it: a reading (absent, present), the time, a commit.
///
///            absent                 as many as `confirmReadings`
///     idle ---------> confirming --------------------------> outage
///      ^  ^              |   ^                                |   |
///      |  |   present    |   | absent, within `returnHold`    |   | a deadline has come, and a
///      |  +--------------+   | (the same incident)            |   | look has not found power
///      |                     |                                |   v
///      +------------------ returned <-------------------------+  committed
///        `returnHold` over             present, confirmed         |
///      ^                                                          |
///      +----------------------------------------------------------+
///        power is back, and it was a dry run, or the host is still up 60 s after the last step
///
/// - Silence moves nothing by itself. Where a reading said that power is absent, `deadTime` without
///   a valid one is a deadline of its own (rule 7), also while `confirming`.
/// - A request of the UPS on line power (`ShutdownController.request`) has deadlines beside the
///   stage: it is committed from `idle`, and a power failure that follows is an outage of its own.
/// - A commit decides once for an incident. What follows it are the steps of the command, each until
///   the host has begun to shut down.
///
/// Boxed, so that asking for the stage copies no incident. Nothing is allocated while idle.
indirect enum Stage: Equatable, Sendable {
    case idle
    case confirming(Confirmation)
    case outage(Incident)
    /// Power is back; the incident is closed after `returnHold`.
    case returned(Incident)
    case committed(Commit)
}
