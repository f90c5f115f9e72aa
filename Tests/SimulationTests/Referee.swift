// What ought to happen, worked out a second time from the rules: readings, commands and the time
// in; phase, deadline and commit out. It knows no stages, and shares no code with the controller.

@testable import UPS

struct Referee {
    /// An outage, or a request of the UPS.
    struct Affair {
        let number: Int
        let start: BootTime
        var delay: Duration
        var timer: BootTime?
        /// The last reading with power before it.
        var lastPresent: BootTime?
        var latest: BootTime?
        var isCancelled = false
        /// Power is back since then.
        var returned: BootTime?
        /// It is an outage since this reading, in whatever piece of it.
        var confirmed: BootTime?
    }

    struct Committed {
        let number: Int
        let reason: Reason
        let time: BootTime
        let isDry: Bool
        let isOutage: Bool
        var grace: Duration
        var isUnderWay: Bool
        var attempts = 0
        var next: BootTime
        var allTried: BootTime?
        var powerBack: BootTime?
    }

    /// As the file and the device say now.
    var configured: ShutdownPolicy
    /// Of what goes on.
    var running: ShutdownPolicy?
    var number = 0
    var outage: Affair?
    var request: Affair?
    var commit: Committed?
    /// The request that the commit is of.
    var committedRequest: Affair?
    var nextDelay: Duration?

    var hasPort = false
    var lastReading: BootTime?
    var lastPresent: BootTime?
    /// Readings in a row.
    var good = 0
    var bad = 0
    var firstBad: BootTime?
    /// Since when an answer that absent power was all that was heard.
    var unproven: BootTime?
    /// After a commit something was heard that says that power is absent again.
    var isDoubted = false
    /// The charge, as the daemon says that it knows it: the oracle compares with what was heard.
    var chargeSought: BootTime?
    var chargeIsMissing = false
    /// When the device's own limit last moved a latest moment, or the charge was missed first.
    var learntAt = BootTime(.zero)
    /// The request bit: what is known, and readings in a row that say otherwise.
    var bit: Bool?
    var bitRun = 0
    var bitCandidate = false
    var bitSince: BootTime?
    var lastBit = false
    /// A change to 1 of which nothing has come yet.
    var edge: BootTime?
    var hostIsStopping = false
    /// Shutdowns that were to be taken back, and have not been.
    var withdrawals = 0

    /// The end of the last stop of this process that must be noticed, and of any.
    var awakeSince: BootTime
    /// A restart that decides anew does not go by readings from before.
    var decidesAnew = false
    var steadySince: BootTime
    /// Stops since the last reading.
    var stops = 0

    init(_ policy: ShutdownPolicy, at now: BootTime) {
        configured = policy
        awakeSince = now
        steadySince = now
    }

    var policy: ShutdownPolicy { running ?? configured }
    var isOnBattery: Bool { outage != nil && outage?.returned == nil && commit == nil }
    /// Absent readings that are not yet an outage.
    var isConfirming: Bool {
        commit == nil && !isOnBattery && (bad > 0 || unproven != nil)
    }
    var isQuiet: Bool {
        commit == nil && outage == nil && request == nil && !isConfirming
    }

    /// What the sinks name.
    var incident: Affair? {
        if isOnBattery || isConfirming { return outage ?? request }
        return request
    }

    var incidentNumber: Int? { commit?.number ?? incident?.number }

    // MARK: Readings

    mutating func read(_ flags: UInt8, at now: BootTime) {
        let (isPresent, isSet) = (flags & 0x04 != 0, flags & 0x10 != 0)
        pass(to: now)
        (hasPort, unproven, stops, decidesAnew) = (true, nil, 0, false)
        let confirmations = policy.confirmReadings
        if isPresent {
            (good, bad) = (good + 1, 0)
        } else {
            if bad == 0 { firstBad = now }
            (good, bad) = (0, bad + 1)
        }
        if commit != nil {
            if !isPresent { commit?.powerBack = nil }
            if good >= confirmations, commit?.powerBack == nil { commit?.powerBack = now }
        } else if isOnBattery {
            if good >= confirmations { outage?.returned = now }
        } else if bad >= confirmations {
            lose(at: now)
        }
        if isPresent { lastPresent = now }
        lastReading = now
        lastBit = isSet
        readBit(isSet, confirmations, at: now)
        serveEdge(at: now)
    }

    private mutating func lose(at now: BootTime) {
        guard outage == nil else {
            outage?.returned = nil
            return
        }
        guard let firstBad else { return }
        var affair = begin(at: firstBad)
        affair.confirmed = now
        if policy.byTime { affair.timer = firstBad + affair.delay }
        limit(&affair)
        outage = affair
    }

    private mutating func begin(at start: BootTime) -> Affair {
        running = configured
        number += 1
        defer { nextDelay = nil }
        return Affair(
            number: number, start: start, delay: nextDelay ?? configured.delay,
            lastPresent: lastPresent)
    }

    /// A silence committed what no reading had confirmed.
    mutating func loseUnconfirmed(at now: BootTime) {
        if bad == 0 { firstBad = unproven }
        if outage == nil { lose(at: now) }
    }

    /// Rule 5.
    func latest(_ lastPresent: BootTime?, from start: BootTime) -> BootTime? {
        guard let maximum = policy.maximumBackupTime else { return nil }
        let atBoot = start.sinceBoot < maximum ? BootTime(.zero) : start
        let end = (lastPresent ?? atBoot) + maximum
        return max(end - policy.hostShutdownTime - policy.reserve, start + .seconds(2))
    }

    func limit(_ affair: inout Affair) {
        guard let latest = latest(affair.lastPresent, from: affair.start) else { return }
        if let former = affair.latest, former <= latest { return }
        affair.latest = latest
        affair.delay = min(affair.delay, latest - affair.start)
    }

    /// The device has told how long it lasts.
    mutating func learn(_ limit: Duration, at now: BootTime) {
        guard let former = running?.maximumBackupTime ?? (running == nil ? nil : limit) else {
            return
        }
        running?.maximumBackupTime = min(former, limit)
        guard var affair = outage, commit == nil else { return }
        self.limit(&affair)
        if affair.latest != outage?.latest { learntAt = now }
        outage = affair
    }

    // MARK: Rule 12

    private mutating func readBit(_ isSet: Bool, _ confirmations: Int, at now: BootTime) {
        if isSet == bit {
            bitRun = 0
            return
        }
        if bitRun == 0 || bitCandidate != isSet {
            (bitRun, bitCandidate, bitSince) = (0, isSet, now)
        }
        bitRun += 1
        guard bitRun >= confirmations else { return }
        let wasKnown = bit != nil
        (bit, bitRun) = (isSet, 0)
        if isSet {
            if wasKnown { edge = bitSince }
        } else {
            (edge, request) = (nil, nil)
            release()
        }
    }

    private mutating func serveEdge(at now: BootTime) {
        guard let since = edge, commit == nil, !isConfirming else { return }
        // On battery it commits, which is judged where commits are.
        guard !isOnBattery else { return }
        let former = running
        var affair = begin(at: since)
        running = former ?? running
        affair.timer = since + affair.delay
        (request, edge) = (affair, nil)
    }

    // MARK: Time

    /// What the time alone ends.
    mutating func pass(to now: BootTime) {
        if let returned = outage?.returned, !isConfirming, commit == nil,
            now - returned >= policy.returnHold
        {
            outage = nil
        }
        release()
    }

    mutating func release() {
        if commit == nil, outage == nil, request == nil { running = nil }
    }

    /// Rule 11: since when a commit is over; nil: it is not.
    var commitEnd: BootTime? {
        guard let commit, let back = commit.powerBack else { return nil }
        if commit.isDry { return back }
        guard let tried = commit.allTried else { return nil }
        let since = commit.isUnderWay ? max(tried, commit.time + commit.grace) : tried
        return max(back, since + .seconds(60))
    }

    mutating func endCommit() {
        if commit?.isDry == false {
            hostIsStopping = false
            withdrawals += 1
        }
        (commit, outage, isDoubted) = (nil, nil, false)
        release()
    }
}
