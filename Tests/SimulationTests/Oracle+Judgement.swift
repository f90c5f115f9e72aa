// What must be true of the host, the line and the people, whatever the rules' words are.

import Simulator

@testable import UPS

extension Oracle {
    // MARK: Commits, and the store that must not run dry

    /// A round of values, with an answer lost in each place, and what else the line is busy with.
    private var round: Duration {
        let requests = intervals.status == .zero ? 20 : 12
        let exchange = model.turnaround + .milliseconds(15)
        let lost = model.isTalkative ? Duration.zero : intervals.timeout * 24
        return intervals.values + exchange * (requests * 4) + lost
    }

    private var shortWait: Duration { round * 2 + referee.policy.lowChargeHold + .seconds(2) }

    func wasLowLately(_ time: BootTime?, at now: BootTime) -> Bool {
        time.map { now - $0 <= shortWait } ?? false
    }

    mutating func judgeCommit(at now: BootTime) {
        guard let commit = referee.commit else { return }
        if !hasSynced { fail("a commit with disks that were not written out", at: now) }
        if commit.reason == .lowCharge, !wasLowLately(lastChargeLow, at: now) {
            judgeUnknownCharge(at: now)
        }
        if commit.reason == .lowRuntime, !wasLowLately(lastRuntimeLow, at: now) {
            fail("a commit for a runtime that was not low", at: now)
        }
        // In one long outage readings cannot be further apart than what they read has lasted.
        let start = referee.outage?.start ?? now
        let isSteady = start >= powerChanged && stackSet.map { $0 < start } ?? true
        let isTold = !referee.chargeIsMissing
        if commit.reason == .lowCharge, isTold, isSteady, let low = chargeLowSince,
            now - low < referee.policy.lowChargeHold
        {
            fail("a commit for a charge that was not low long enough", at: now)
        }
        let isHeard = referee.lastReading.map { now - $0 < .seconds(1) } ?? false
        let isCalm = isHeard && now - lastDisturbance > .seconds(5) && !mayForge
        let since = powerIsOn ? now - powerChanged : .zero
        let longest = intervals.status + .milliseconds(300)
        let isBusy = !model.isTalkative && since < longest + intervals.timeout
        if isCalm, !isBusy, commit.reason != .upsRequest, since > longest {
            fail("a commit on calm line power", at: now)
        }
    }

    /// Rule 4: not heard for as long as silence may last.
    private mutating func judgeUnknownCharge(at now: BootTime) {
        let heard = max(tap.lastCharge ?? BootTime(.zero), referee.outage?.start ?? now)
        let isUndisturbed = now - lastDisturbance > referee.policy.deadTime
        if isUndisturbed, now - heard < referee.policy.deadTime {
            fail("a commit for a charge that was not low, and known", at: now)
        }
    }

    /// Rule 4 in time, also in an outage that comes in pieces, and a host that never goes dark
    /// undecided where the runtime is told.
    mutating func judgeStore(_ sight: Sight, _ ups: SimulatedUPS, at now: BootTime) {
        defer { wasOutput = ups.hasOutput }
        guard isPlugged, let outage = referee.outage, referee.commit == nil,
            let begun = outage.confirmed
        else { return }
        let calm = max(begun, lastDisturbance)
        // Without the values there is no rule.
        let hasRuntime = tellsRuntime
        let runtimeLow = runtimeSurelyLowSince
        if wasOutput, !ups.hasOutput, hasRuntime, let low = runtimeLow,
            now - max(calm, low) > shortWait
        {
            return fail("the host goes dark undecided", at: now)
        }
        guard referee.isOnBattery, referee.good == 0 else { return }
        func isLate(_ low: BootTime?) -> Bool {
            low.map { now - max($0, calm) > shortWait } ?? false
        }
        let hasCharge = tellsCharge
        if hasCharge, isLate(chargeLowSince) {
            fail("no commit although the charge is low", at: now)
        }
        if hasRuntime, isLate(runtimeLow) {
            fail("no commit although the runtime is low", at: now)
        }
        let policy = referee.policy
        let isArmed = (policy.byTime || policy.byCharge) && policy.lowChargePercent > 0
        let heard = max(tap.lastCharge ?? begun, calm)
        if isArmed, now - heard > policy.deadTime + shortWait {
            fail("no commit although the charge is not known", at: now)
        }
    }

    /// A reload holds from the next incident, and from no other moment.
    mutating func judgeSetup(_ sight: Sight, at now: BootTime) {
        if let during = reloadedDuring, referee.running == nil || referee.number > during {
            if intervals != setup.intervals { disturbed(at: now) }
            (intervals, cutoff, reloadedDuring) = (setup.intervals, setup.rating.cutoff, nil)
        }
        if sight.cutoff != cutoff { fail("another cut-off voltage holds", at: now) }
        if sight.intervals != intervals { fail("other intervals hold", at: now) }
        if sight.isDryRun != referee.policy.dryRun {
            fail("dryRun is shown wrong", at: now)
        }
    }

    // MARK: What goes out

    mutating func sent(_ bytes: [UInt8], ups: SimulatedUPS, at now: BootTime) {
        let sent = Tap.sent(bytes)
        switch sent {
        case .read: break
        case .other: fail("bytes that are no request", at: now)
        case .startMeasurement:
            judgeAct("a measurement", at: now)
            let isSteady = stackSet.map { now - $0 > shortWait } ?? true
            if ups.percent < 99, isSteady {
                fail("a measurement of a store that is not full", at: now)
            }
            if let last = lastStart, now - last < .seconds(3600), !mayForge {
                fail("a second measurement within the hour", at: now)
            }
            // A device that does not know the request has not begun anything.
            if !model.unknown.contains(.startMeasurement) { lastStart = now }
        case .write: judgeAct("a write", at: now)
        }
        tap.send(bytes, at: now)
    }

    /// Rule 15: only behind an answer that says that power is there, and when nothing goes on.
    private mutating func judgeAct(_ name: String, at now: BootTime) {
        guard let last = tap.last(at: now), !last.saysAbsent, last.delivered == now else {
            return fail("\(name) that does not follow an answer with power", at: now)
        }
        if !referee.isQuiet { fail("\(name) in an outage", at: now) }
        if drillSince != nil { fail("\(name) in a drill", at: now) }
        if referee.isLost(at: now) { fail("\(name) on a lost link", at: now) }
    }

    // MARK: Commands

    private func key(_ command: Command) -> String? {
        command.id.map { "\($0) \(command.verb) \(command.incident ?? "")" }
    }

    /// Before the daemon gets it.
    mutating func commanded(
        _ command: Command, _ ticket: Ticket, isDrill: Bool, at now: BootTime
    ) {
        asked[ticket] = (command, now)
        if let key = key(command), answers[key] != nil { return }
        switch command.verb {
        case .cancel, .delay:
            guard !isDrill else { return }
            mustAccept[ticket] = referee.take(command, at: now)
        case .drill:
            let isNamed = command.incident == nil
            if !referee.isQuiet || referee.isLost(at: now) || drillSince != nil || !isNamed {
                mustAccept[ticket] = false
            }
        case .measure, .set:
            if !referee.isQuiet || referee.isLost(at: now) || drillSince != nil {
                mustAccept[ticket] = false
            }
        }
    }

    mutating func judgeAnswers(_ sight: Sight, at now: BootTime) {
        guard !asked.isEmpty else { return }
        for (ticket, (command, since)) in asked {
            guard let result = sight.answers.result(for: ticket) else {
                if now - since > intervals.timeout * 6 + .seconds(3) {
                    fail("\(command.verb) without an answer", at: now)
                }
                continue
            }
            asked[ticket] = nil
            judge(result, of: command, mustBe: mustAccept.removeValue(forKey: ticket), at: now)
        }
    }

    private mutating func judge(
        _ result: CommandResult, of command: Command, mustBe: Bool?, at now: BootTime
    ) {
        if let mustBe, mustBe != result.isAccepted {
            fail("\(command.verb) \(result.isAccepted ? "accepted" : "refused")", at: now)
        }
        guard let key = key(command) else { return }
        if let former = answers[key], former != result {
            fail("another answer to the same \(command.verb)", at: now)
        }
        answers[key] = result
    }

    // MARK: Drill

    mutating func followDrill(_ sight: Sight, at now: BootTime) {
        guard sight.isDrill else {
            drillSince = nil
            return
        }
        if drillSince == nil {
            drillSince = now
            referee.number += 1
        }
        if referee.running != nil { fail("a drill in an outage", at: now) }
    }
}
