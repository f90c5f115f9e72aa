// Knows what ought to happen, from the readings that were taken and the commands that were
// accepted, without the controller's stages. It says which invariant was broken, and when.

@testable import Simulator
@testable import UPS

struct Violation: Error, CustomStringConvertible {
    let text: String
    let time: BootTime
    var description: String { "\(text) at \(time.sinceBoot.inSeconds) s" }
}

struct Oracle {
    private let policy: ShutdownPolicy
    private let intervals: PollIntervals
    private(set) var violation: Violation?

    // What the readings said
    private var lastReading: BootTime?
    private var lastGood: BootTime?
    private var goodInARow = 0
    private var failingInARow = 0
    private var firstFailing: BootTime?
    private var lastFailing: BootTime?
    private var isOutage = false
    private var lastReturn: BootTime?
    private var confirmed: BootTime?

    // What follows
    private var start: BootTime?
    private var timer: BootTime?
    private var latest: BootTime?
    private var nextDelay: Duration?
    private var everFailed = false
    private var everRequested = false
    private var awakeSince: BootTime
    private var lastDisturbance: BootTime
    private var powerIsOn = true
    private var powerChanged: BootTime
    private var chargeLowSince: BootTime?
    private var chargeSet: BootTime?

    // What was done
    private var committed: (time: BootTime, reason: Reason)?
    private var commits: [IncidentID: Int] = [:]
    private(set) var commitCount = 0
    private var stepsStarted = 0

    private static let grain = Duration.milliseconds(2)

    init(_ setup: Watch.Setup, at now: BootTime) {
        policy = setup.policy
        intervals = setup.intervals
        awakeSince = now
        lastDisturbance = now
        powerChanged = now
    }

    mutating func fail(_ text: String, at now: BootTime) {
        if violation == nil { violation = Violation(text: text, time: now) }
    }

    // MARK: What happened

    mutating func powerChanged(_ isOn: Bool, at now: BootTime) {
        powerIsOn = isOn
        powerChanged = now
        if !isOn { everFailed = true }
    }

    mutating func disturbed(at now: BootTime) { lastDisturbance = now }

    mutating func chargeSet(at now: BootTime) { chargeSet = now }

    mutating func requested() { everRequested = true }

    mutating func awoke(at now: BootTime) {
        awakeSince = now
        lastDisturbance = now
    }

    /// Takes a reading, if the daemon has taken a new one.
    mutating func look(at sight: Sight, ups: SimulatedUPS, isPlugged: Bool, now: BootTime) {
        if policy.byTime || policy.byCharge, ups.percent < policy.lowChargePercent {
            chargeLowSince = chargeLowSince ?? now
        } else {
            chargeLowSince = nil
        }
        if ups.faultsLeft > 0 || !ups.hasOutput { lastDisturbance = now }
        if isPlugged, now > lastDisturbance + .seconds(3), sight.link != .ok {
            fail("a clean link is \(sight.link)", at: now)
        }
        guard sight.lastReading != lastReading, sight.lastReading == now else { return }
        lastReading = now
        guard let status = sight.deviceStatus else { return }
        if status.contains(.powerPresent) { takeGood(at: now) } else { takeFailing(at: now) }
    }

    private mutating func takeGood(at now: BootTime) {
        goodInARow += 1
        failingInARow = 0
        lastGood = now
        guard isOutage, goodInARow >= policy.confirmReadings else { return }
        isOutage = false
        lastReturn = now
    }

    private mutating func takeFailing(at now: BootTime) {
        if failingInARow == 0 { firstFailing = now }
        goodInARow = 0
        failingInARow += 1
        lastFailing = now
        guard !isOutage, committed == nil, failingInARow >= policy.confirmReadings else { return }
        beginOutage(at: now)
    }

    private mutating func beginOutage(at now: BootTime) {
        guard let firstFailing else { return }
        isOutage = true
        confirmed = now
        if let lastReturn, start != nil, committed == nil,
            firstFailing - lastReturn < policy.returnHold
        {
            return
        }
        committed = nil
        start = firstFailing
        let delay = nextDelay ?? policy.delay
        nextDelay = nil
        timer = policy.byTime ? firstFailing + delay : nil
        latest = policy.maximumBackupTime.map { maximum in
            let atBoot = firstFailing.sinceBoot < maximum ? BootTime(.zero) : firstFailing
            let lost = lastGood ?? atBoot
            let limit = lost + maximum - policy.hostShutdownTime - policy.reserve
            return max(limit, firstFailing + .seconds(2))
        }
    }

    mutating func take(_ event: Event, at now: BootTime) {
        guard event.name == .shutdownCommitted, !event.text.hasPrefix("Drill") else { return }
        guard let incident = event.incident else {
            return fail("a commit without an incident", at: now)
        }
        commits[incident, default: 0] += 1
        commitCount += 1
        if commits[incident] != 1 { fail("a second commit of one incident", at: now) }
    }

    mutating func commandStarted(step: Int, at now: BootTime) {
        stepsStarted += 1
        if policy.dryRun { fail("a command in a dry run", at: now) }
        if step >= policy.steps { fail("a step that does not exist", at: now) }
    }

    mutating func commanded(
        _ command: Command, result: CommandResult?, before: Deadline?, watch: Watch,
        at now: BootTime
    ) {
        guard let result else { return fail("a command without an answer", at: now) }
        guard result.isAccepted else { return }
        if committed != nil, watch.drill == nil { fail("a command after the commit", at: now) }
        guard watch.drill == nil else { return }
        if command.origin.mayOnlyLengthen, let before {
            let after = watch.controller.deadline(at: now)
            if let after, after.time < before.time {
                fail("a remote command brought the deadline forward", at: now)
            }
        }
        switch command.verb {
        case .cancel:
            if !isOutage && !everRequested { fail("a cancel without an outage", at: now) }
            timer = nil
        case .delay(let seconds):
            if isOutage || (everRequested && watch.controller.incidentID != nil) {
                timer = now + .seconds(seconds)
            } else {
                nextDelay = .seconds(seconds)
            }
        case .measure, .drill: break
        }
    }

    mutating func repeated(before: Deadline?, watch: Watch, at now: BootTime) {
        guard watch.drill == nil, committed == nil else { return }
        if watch.controller.deadline(at: now)?.reason == .linkLost { return }
        if watch.controller.deadline(at: now) != before {
            fail("a repeated command had a second effect", at: now)
        }
    }

    mutating func restarted(before: Deadline?, watch: Watch, hadKept: Bool, at now: BootTime) {
        if !hadKept { fail("the kept state was not read back", at: now) }
        guard let before else { return }
        // A lost link adds its own deadline, an earlier one, until it is back.
        guard let after = watch.controller.deadline(at: now),
            after.time <= before.time + .milliseconds(1)
        else { return fail("a restart lost or moved the deadline", at: now) }
    }

    // MARK: What ought to be

    mutating func judge(_ sight: Sight, at now: BootTime) {
        if let commit = sight.commit, committed == nil {
            committed = (commit.time, commit.reason)
            judgeCommit(commit, at: now)
        } else if sight.commit == nil, committed != nil {
            // The commit has ended; the outage it belonged to is closed.
            committed = nil
            isOutage = false
            start = nil
            lastReturn = nil
            failingInARow = 0
        }
        judgeDeadline(sight, at: now)
        if committed == nil, !everRequested { judgeSilence(at: now) }
    }

    private mutating func judgeDeadline(_ sight: Sight, at now: BootTime) {
        guard let latest = sight.latest else { return }
        guard let deadline = sight.deadline else {
            return fail("no deadline although the UPS's own timer runs", at: now)
        }
        if deadline.time > latest { fail("a deadline past the UPS's own timer", at: now) }
        if !everRequested, let mine = self.latest, latest != mine {
            fail("another latest moment than expected", at: now)
        }
    }

    /// No commit before, or without, its cause.
    private mutating func judgeCommit(_ commit: Sight.Commit, at now: BootTime) {
        if commit.reason == .upsRequest || commit.cause == .upsRequest {
            if !everRequested { fail("a request that was never made", at: now) }
            return
        }
        if !everFailed { return fail("a commit without any power failure", at: now) }
        if goodInARow >= policy.confirmReadings {
            return fail("a commit while power is confirmed present", at: now)
        }
        if !isOutage, commit.reason != .linkLost {
            return fail("a commit without a confirmed outage", at: now)
        }
        let calm = max(lastDisturbance, powerChanged) + policy.returnHold + .seconds(5)
        let isFresh = lastReading.map { now - $0 < .seconds(1) } ?? false
        if powerIsOn, now > calm, isFresh { fail("a commit on calm line power", at: now) }
        let hasLooked = lastFailing.map { now - $0 <= .seconds(1) } ?? false
        let isSilent = lastReading.map { now - max($0, awakeSince) >= .seconds(1) } ?? true
        switch commit.reason {
        case .time where everRequested: break
        case .time:
            if timer.map({ now < $0 }) ?? true { fail("a timed commit too early", at: now) }
            if !hasLooked && !isSilent { fail("a leap without a look", at: now) }
        case .upsTimer:
            if latest.map({ now < $0 }) ?? true { fail("a commit before the latest", at: now) }
            if !hasLooked && !isSilent { fail("a leap without a look", at: now) }
        case .linkLost:
            if lastReading.map({ now - $0 < policy.deadTime }) ?? false {
                fail("a commit for a link that was not lost long enough", at: now)
            }
            if !isSilent { fail("a leap without a look", at: now) }
        case .lowCharge:
            let least = policy.lowChargeHold - .milliseconds(50)
            let wasSet = chargeSet.map { now - $0 < .seconds(10) } ?? false
            if !wasSet, chargeLowSince.map({ now - $0 < least }) ?? true {
                fail("a commit for a charge that was not low", at: now)
            }
        case .lowRuntime, .upsRequest: break
        }
    }

    /// Power absent and confirmed: a commit no later than the deadline.
    private mutating func judgeSilence(at now: BootTime) {
        guard let reading = lastReading else { return }
        if isOutage, goodInARow == 0 {
            let deadline = earliest(timer, latest)
            if let deadline, let confirmed {
                // After a stop or a restart it may take a second to look.
                let asleep = awakeSince > deadline - .seconds(1)
                let looked = asleep ? awakeSince + .seconds(1) : deadline
                let due = max(deadline, confirmed, looked)
                let fresh = reading == lastFailing && now - reading < .seconds(1)
                let slack = fresh ? Oracle.grain : .seconds(1) + Oracle.grain
                if now > due + slack { fail("no commit at the deadline", at: now) }
            }
        }
        if isOutage || failingInARow > 0, goodInARow == 0 {
            let due = max(reading + policy.deadTime, awakeSince + .seconds(1))
            if now > due + Oracle.grain { fail("no commit after the dead time", at: now) }
        }
        guard now - reading < .seconds(1), let low = chargeLowSince, let confirmed else { return }
        guard isOutage, goodInARow == 0 else { return }
        let values = intervals.values + .seconds(1)
        let begun = max(low, confirmed, lastDisturbance + .seconds(12))
        if now > begun + policy.lowChargeHold + values * 2 {
            fail("no commit although the charge is low", at: now)
        }
    }
}
