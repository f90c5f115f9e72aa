// What ought to be: no commit without its cause, and none too early or too late.

@testable import UPS

extension Oracle {
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
        judgeRequest(at: now)
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
        if !isOutage {
            guard commit.reason == .linkLost || commit.reason == .upsTimer else {
                return fail("a commit without a confirmed outage", at: now)
            }
            // While confirming: the UPS's own timer runs from the last good reading all the same.
            if lastReturn == nil || start == nil {
                latest = firstFailing.flatMap { latest(from: $0) }
            }
        }
        let calm = max(lastDisturbance, powerChanged) + policy.returnHold + .seconds(5)
        let isFresh = lastReading.map { now - $0 < .seconds(1) } ?? false
        if powerIsOn, now > calm, isFresh { fail("a commit on calm line power", at: now) }
        let hasLooked = lastFailing.map { now - $0 <= .seconds(1) } ?? false
        let isSilent = lastReading.map { now - max($0, steadySince) >= .seconds(1) } ?? true
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
            if !wasHeld(chargeLowSince, at: now) {
                fail("a commit for a charge that was not low", at: now)
            }
        case .lowRuntime:
            if !wasHeld(runtimeLowSince, at: now) {
                fail("a commit for a runtime that was not low", at: now)
            }
        case .upsRequest: break
        }
    }

    private func wasHeld(_ since: BootTime?, at now: BootTime) -> Bool {
        if let stackSet, now - stackSet < .seconds(10) { return true }
        return since.map { now - $0 >= policy.lowChargeHold - .milliseconds(50) } ?? false
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
        guard now - reading < .seconds(1), isOutage, goodInARow == 0, let confirmed else { return }
        let values = (intervals.values + .seconds(1)) * 2 + policy.lowChargeHold
        func isLate(_ low: BootTime?) -> Bool {
            guard let low else { return false }
            return now > max(low, confirmed, lastDisturbance + .seconds(12)) + values
        }
        if isLate(chargeLowSince) { fail("no commit although the charge is low", at: now) }
        if isLate(runtimeSurelyLowSince) { fail("no commit although the runtime is low", at: now) }
    }

    private mutating func judgeRequest(at now: BootTime) {
        guard let requestedOnBattery, committed == nil else { return }
        let readings = intervals.status * 2 + .milliseconds(50) * policy.confirmReadings
        if now > requestedOnBattery + readings {
            fail("no commit although the UPS asked for it on battery", at: now)
        }
    }
}
