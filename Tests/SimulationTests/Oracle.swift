// Watches a history: what was heard is what the device sent, what is decided is what the Referee
// says, and what really happens to the host is never what a rule was made to prevent.

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import Simulator
@testable import UPS

struct Violation: Error, CustomStringConvertible {
    let text: String
    let time: BootTime
    var description: String { "\(text) at \(time.sinceBoot.inSeconds) s" }
}

struct Oracle {
    private(set) var violation: Violation?
    /// On a line with wrong bits what is heard is not what the device sent, and a device that does
    /// not answer its status is none.
    var isOff = false
    var referee: Referee
    var tap = Tap()
    let model: Model
    let tellsRuntime: Bool
    let tellsCharge: Bool
    /// As the file says.
    var setup: Watch.Setup
    /// As they hold now.
    var intervals: PollIntervals
    var cutoff: Voltage
    /// The number of incidents when the file was read again; nil: that holds already.
    var reloadedDuring: Int?

    // The truth
    var powerIsOn = true
    var powerChanged: BootTime
    var lastDisturbance: BootTime
    /// Without a checksum two halves of answers can make a whole one, and "unsupported" does not
    /// say which request it answers.
    var mayForge = false
    var isPlugged = true
    var wasOutput = true
    /// The store is so low that rule 4 must act, with a hair on either side.
    var runtimeSurelyLowSince: BootTime?
    var lastRuntimeLow: BootTime?
    var chargeLowSince: BootTime?
    var lastChargeLow: BootTime?
    /// The store was filled or emptied by hand: what was read before says nothing about now.
    var stackSet: BootTime?

    // What was done
    var commits: [String: Int] = [:]
    private(set) var commitCount = 0
    var hasSynced = false
    var lastStart: BootTime?
    var asked: [Ticket: (command: Command, since: BootTime)] = [:]
    /// Commands that a restart has lost before they were answered.
    var lost: Set<Ticket> = []
    var answers: [String: CommandResult] = [:]
    var mustAccept: [Ticket: Bool] = [:]
    var drillSince: BootTime?

    init(_ setup: Watch.Setup, _ model: Model, at now: BootTime) {
        self.setup = setup
        self.model = model
        (tellsRuntime, tellsCharge) = (model.tellsRuntime, model.tellsCharge)
        intervals = setup.intervals
        cutoff = setup.rating.cutoff
        referee = Referee(setup.policy, at: now)
        lastDisturbance = now
        powerChanged = now
    }

    mutating func fail(_ text: String, at now: BootTime) {
        if violation == nil, !isOff { violation = Violation(text: text, time: now) }
    }

    private mutating func check(_ text: String?, at now: BootTime) {
        if let text { fail(text, at: now) }
    }

    // MARK: What happened

    mutating func powerChanged(_ isOn: Bool, at now: BootTime) {
        powerIsOn = isOn
        powerChanged = now
    }

    mutating func disturbed(by fault: Fault, at now: BootTime) {
        if fault == .truncated || fault == .unsupported { mayForge = true }
        disturbed(at: now)
    }

    mutating func stackSet(at now: BootTime) { stackSet = now }

    mutating func disturbed(at now: BootTime) { lastDisturbance = now }

    mutating func unplugged(at now: BootTime) {
        disturbed(at: now)
        referee.hasPort = false
    }

    mutating func awoke(after nap: Duration, at now: BootTime) {
        if nap > .milliseconds(500) { referee.awakeSince = now }
        if nap > .milliseconds(100) { referee.stops += 1 }
        referee.steadySince = now
        disturbed(at: now)
    }

    mutating func reload(_ setup: Watch.Setup, at now: BootTime) {
        self.setup = setup
        reloadedDuring = referee.number
        disturbed(at: now)
    }

    mutating func restarted(
        _ setup: Watch.Setup, watch: Watch, kept: KeptState?, at now: BootTime
    ) {
        self.setup = setup
        (intervals, cutoff, reloadedDuring) = (setup.intervals, setup.rating.cutoff, nil)
        let wasKind = referee.commit?.isDry
        let isDropped = referee.restart(setup.policy, at: now)
        let isSameKind = wasKind == referee.commit?.isDry
        // What a daemon of the other kind had committed may be committed anew.
        if !isSameKind { commits = [:] }
        if !isDropped, isSameKind, watch.kept != kept {
            fail("a restart changed the state", at: now)
        }
        drillSince = nil
        lost.formUnion(asked.keys)
        asked = [:]
        tap.forget()
        disturbed(at: now)
    }

    // MARK: What is seen

    mutating func look(at sight: Sight, ups: SimulatedUPS, isPlugged: Bool, now: BootTime) {
        self.isPlugged = isPlugged
        if ups.faultsLeft > 0 || !ups.hasOutput { disturbed(at: now) }
        lookAtStore(ups, at: now)
        followConfiguration(sight, at: now)
        lookAtReading(sight, at: now)
        lookAtLink(sight, at: now)
        lookAtUnproven(sight, at: now)
    }

    /// What became a reading was sent, lately, and after the one before.
    private mutating func lookAtReading(_ sight: Sight, at now: BootTime) {
        guard sight.lastReading != referee.lastReading, sight.lastReading == now,
            let flags = sight.flags
        else { return }
        // An answer that comes twice may be taken for the next one: it says nothing of its age.
        let isLate = now - lastDisturbance < .seconds(5)
        let longest = intervals.timeout * 2 + (isLate ? .seconds(2) : .milliseconds(20))
        let sources = isLate ? tap.statuses : [tap.last(at: now)].compactMap { $0 }
        if !sources.contains(where: { $0.flags == flags && now - $0.made <= longest }), !mayForge {
            fail("a reading that is not the last that the device sent", at: now)
        }
        referee.read(flags, at: now)
    }

    /// A device that answers its status has readings, whatever else it does.
    private mutating func lookAtLink(_ sight: Sight, at now: BootTime) {
        guard isPlugged else { return }
        let calm = now - lastDisturbance
        if calm > .seconds(5), sight.link == .lost {
            fail("no readings although the status is answered", at: now)
        }
        if model.isTalkative, calm > .seconds(3), sight.link != .ok {
            fail("a clean link is \(sight.link)", at: now)
        }
    }

    /// Rule 7: that power is absent was the last thing heard.
    private mutating func lookAtUnproven(_ sight: Sight, at now: BootTime) {
        let heard = tap.last(at: now)
        // Also if it was heard during a commit: it may still be held back when that ends.
        let last = referee.lastReading ?? BootTime(.zero)
        let isNew = heard.map { $0.saysAbsent && $0.delivered > last }
        // What was forged of two answers may have said so, too.
        let isForged = mayForge && referee.commit?.powerBack != nil && !sight.isPowerBack
        if referee.commit != nil, isNew == true || isForged { referee.isDoubted = true }
        guard referee.commit == nil, !referee.isOnBattery, referee.bad == 0,
            referee.unproven == nil
        else { return }
        if let since = sight.unproven {
            guard isNew == true || mayForge else {
                return fail("confirming without an absent answer", at: now)
            }
            referee.pass(to: now)
            referee.unproven = since
        } else if let heard, isNew == true, !mayForge,
            now - heard.delivered > intervals.timeout * 2 + .seconds(1)
        {
            fail("an answer that power is absent was forgotten", at: now)
        }
    }

    private mutating func followConfiguration(_ sight: Sight, at now: BootTime) {
        var policy = setup.policy
        let setting = sight.limit
        var limit: Duration?
        if let setting, setting.isEnabled, setting.value > 0, setting.value >= setting.minimum,
            setting.value <= max(setting.minimum, setting.maximum)
        {
            limit = .seconds(setting.value)
            policy.maximumBackupTime = min(policy.maximumBackupTime ?? limit!, limit!)
        }
        referee.configured = policy
        if let limit { referee.learn(limit, at: now) }
    }

    /// From what the UPS really has.
    private mutating func lookAtStore(_ ups: SimulatedUPS, at now: BootTime) {
        let policy = referee.policy
        let isArmed = policy.byTime || policy.byCharge
        if isArmed, ups.percent < policy.lowChargePercent {
            (chargeLowSince, lastChargeLow) = (chargeLowSince ?? now, now)
        } else {
            chargeLowSince = nil
        }
        let volts = ups.stack.volts
        let joules = ups.stack.farads / 2 * (volts * volts - cutoff.volts * cutoff.volts) * 0.9
        let seconds = max(0, joules) / max(ups.outputWatts, 1e-9)
        let limit = policy.hostShutdownTime.inSeconds * 1.5
        let hasLoad = ups.outputWatts > 0.2
        // Without output there is none left, and the last readings have said so.
        if !ups.hasOutput || hasLoad && seconds <= limit * 1.02 + 0.1 { lastRuntimeLow = now }
        let isSurely = hasLoad && seconds <= limit * 0.98 - 0.1
        runtimeSurelyLowSince = isSurely ? runtimeSurelyLowSince ?? now : nil
    }

    mutating func take(_ event: Event, at now: BootTime) {
        guard event.name == .shutdownCommitted else { return }
        let isDrill = event.text.hasPrefix("Drill")
        guard !isDrill else {
            if drillSince == nil { fail("a drill commits that was not asked for", at: now) }
            return
        }
        guard let incident = event.incident else {
            return fail("a commit without an incident", at: now)
        }
        let isDry = event.text.contains("dry run") ? " dry" : ""
        commits["\(incident)\(isDry)", default: 0] += 1
        commitCount += 1
        if commits["\(incident)\(isDry)"] != 1 { fail("a second commit of one incident", at: now) }
    }

    mutating func commandStarted(step: Int, at now: BootTime) {
        pendingSteps.append(step)
    }

    /// They are judged when the commit that they belong to is known.
    private var pendingSteps: [Int] = []
    private var pendingWithdrawals = 0

    mutating func withdrawn(at now: BootTime) { pendingWithdrawals += 1 }

    mutating func synced(at now: BootTime) { hasSynced = true }

    // MARK: What is judged

    mutating func judge(_ sight: Sight, ups: SimulatedUPS, at now: BootTime) {
        let wasCommitted = referee.commit != nil
        check(referee.judge(sight, at: now), at: now)
        if !wasCommitted, referee.commit != nil {
            judgeCommit(at: now)
            check(referee.wrongGrace(sight.shutdown), at: now)
        }
        for step in pendingSteps { check(referee.start(step: step, at: now), at: now) }
        pendingSteps = []
        check(referee.unstarted(at: now), at: now)
        if referee.withdrawals != pendingWithdrawals {
            fail("\(pendingWithdrawals) withdrawals, not \(referee.withdrawals)", at: now)
        }
        (referee.withdrawals, pendingWithdrawals) = (0, 0)
        if !referee.isOnBattery { hasSynced = referee.commit != nil && hasSynced }
        judgeStore(sight, ups, at: now)
        judgeSetup(sight, at: now)
        judgeAnswers(sight, at: now)
        followDrill(sight, at: now)
    }
}
