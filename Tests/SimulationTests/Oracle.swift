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
    let policy: ShutdownPolicy
    let intervals: PollIntervals
    private(set) var violation: Violation?

    // What the readings said
    var lastReading: BootTime?
    var lastGood: BootTime?
    var goodInARow = 0
    var failingInARow = 0
    var firstFailing: BootTime?
    var lastFailing: BootTime?
    var isOutage = false
    var lastReturn: BootTime?
    var confirmed: BootTime?

    // What follows
    var start: BootTime?
    var timer: BootTime?
    var latest: BootTime?
    var nextDelay: Duration?
    var everFailed = false
    var everRequested = false
    var awakeSince: BootTime
    /// As above, but for stops so short that they may pass for none.
    var steadySince: BootTime
    var lastDisturbance: BootTime
    var powerIsOn = true
    var powerChanged: BootTime
    var chargeLowSince: BootTime?
    var runtimeLowSince: BootTime?
    var runtimeSurelyLowSince: BootTime?
    /// Charge or load were set: what was read just before says nothing about now.
    var stackSet: BootTime?
    var isRequested = false
    /// Without a checksum two halves of answers can make a whole one, and "unsupported" does not
    /// say which request it answers.
    var mayForge = false
    /// The UPS asked for a shutdown in a confirmed outage, and nothing has happened since.
    var requestedOnBattery: BootTime?

    // What was done
    var committed: (time: BootTime, reason: Reason)?
    var commits: [IncidentID: Int] = [:]
    private(set) var commitCount = 0
    var stepsStarted = 0

    static let grain = Duration.milliseconds(2)

    init(_ setup: Watch.Setup, at now: BootTime) {
        policy = setup.policy
        intervals = setup.intervals
        awakeSince = now
        steadySince = now
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
        requestedOnBattery = nil
        if !isOn { everFailed = true }
    }

    mutating func disturbed(by fault: Fault, at now: BootTime) {
        if fault == .truncated || fault == .unsupported { mayForge = true }
        disturbed(at: now)
    }

    mutating func disturbed(at now: BootTime) {
        lastDisturbance = now
        requestedOnBattery = nil
    }

    mutating func stackSet(at now: BootTime) { stackSet = now }

    /// Only a change from 0 to 1 counts; the bit may have been set from the first reading on.
    mutating func requested(_ isSet: Bool, at now: BootTime, atStart: Bool = false) {
        if isSet, !isRequested, !atStart {
            everRequested = true
            let isSteady = now - awakeSince > .seconds(2) && now - lastDisturbance > .seconds(2)
            let isKnown = lastReading.map { now - $0 < .seconds(1) } ?? false
            let isOnBattery = isOutage && goodInARow == 0 && !powerIsOn && isKnown
            requestedOnBattery = isOnBattery && isSteady ? now : nil
        }
        if !isSet { requestedOnBattery = nil }
        isRequested = isSet
    }

    mutating func awoke(after nap: Duration, at now: BootTime) {
        awakeSince = now
        if nap > .milliseconds(500) { steadySince = now }
        disturbed(at: now)
    }

    /// Takes a reading, if the daemon has taken a new one.
    mutating func look(at sight: Sight, ups: SimulatedUPS, isPlugged: Bool, now: BootTime) {
        if policy.byTime || policy.byCharge, ups.percent < policy.lowChargePercent {
            chargeLowSince = chargeLowSince ?? now
        } else {
            chargeLowSince = nil
        }
        lookAtRuntime(ups, at: now)
        if ups.faultsLeft > 0 || !ups.hasOutput { disturbed(at: now) }
        if isPlugged, now > lastDisturbance + .seconds(3), sight.link != .ok {
            fail("a clean link is \(sight.link)", at: now)
        }
        guard sight.lastReading != lastReading, sight.lastReading == now else { return }
        lastReading = now
        guard let status = sight.deviceStatus else { return }
        // An answer, and a marker behind it, each within the time-out.
        let age = now - powerChanged
        let isOld = status.contains(.powerPresent) != powerIsOn && age > intervals.timeout * 2
        if isOld, !mayForge {
            fail("an old status was taken for a new one", at: now)
        }
        if status.contains(.powerPresent) { takeGood(at: now) } else { takeFailing(at: now) }
    }

    /// From what the UPS really has, with a hair on either side.
    private mutating func lookAtRuntime(_ ups: SimulatedUPS, at now: BootTime) {
        let volts = ups.stack.volts
        let joules = ups.stack.farads / 2 * (volts * volts - 5.2 * 5.2) * 0.9
        let seconds = joules / max(ups.outputWatts, 1e-9)
        let limit = policy.hostShutdownTime.inSeconds * 1.5
        let hasLoad = ups.outputWatts > 0.2
        // Without output there is none left, and the last readings have said so.
        let isLow = ups.hasOutput ? hasLoad && seconds <= limit * 1.02 + 0.1 : true
        runtimeLowSince = isLow ? runtimeLowSince ?? now : nil
        runtimeSurelyLowSince =
            hasLoad && seconds <= limit * 0.98 - 0.1 ? runtimeSurelyLowSince ?? now : nil
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
        latest = latest(from: firstFailing)
    }

    func latest(from firstFailing: BootTime) -> BootTime? {
        policy.maximumBackupTime.map { maximum in
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
        // Answered when it has been read back.
        if case .set = command.verb { return }
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
        case .measure, .drill, .set: break
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
        let longest = max(policy.maximumBackupTime ?? .seconds(3600), policy.deadTime)
        if let lastReading, now - lastReading > longest {
            // No UPS lasts so long: it must have been over meanwhile.
            (isOutage, start, timer, latest, committed) = (false, nil, nil, nil, nil)
            (failingInARow, lastReturn) = (0, nil)
            return
        }
        // A lost link adds its own deadline, an earlier one, until it is back.
        guard let after = watch.controller.deadline(at: now),
            after.time <= before.time + .milliseconds(1)
        else { return fail("a restart lost or moved the deadline", at: now) }
    }
}
