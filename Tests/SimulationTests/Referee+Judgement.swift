// Compares what the daemon says and does with what the rules say.

@testable import UPS

extension Referee {
    /// Between two turns of the loop nothing is finer.
    static let grain = Duration.milliseconds(2)

    /// Which rule is broken; nil: none.
    mutating func judge(_ sight: Sight, at now: BootTime) -> String? {
        if sight.chargeIsMissing, !chargeIsMissing { learntAt = now }
        (chargeSought, chargeIsMissing) = (sight.chargeSought, sight.chargeIsMissing)
        pass(to: now)
        if commit != nil, let text = end(sight, at: now) { return text }
        if sight.state.phase == .committed, commit == nil {
            guard let deadline = sight.state.deadline else { return "a commit without a reason" }
            if let text = wrong(deadline, at: now) { return text }
            adopt(deadline, sight, at: now)
        } else if commit == nil, let text = overdue(at: now) {
            return text
        }
        return difference(to: sight, at: now)
    }

    /// Nothing else wakes the controller for it but its own pulse.
    private mutating func end(_ sight: Sight, at now: BootTime) -> String? {
        let end = commitEnd
        if sight.state.phase == .committed, sight.state.incident?.number == commit?.number {
            let isDue = end.map { now - max($0, steadySince) > .milliseconds(300) } ?? false
            return isDue && !isDoubted ? "a commit that does not end" : nil
        }
        guard let end, end <= now || isDoubted else { return "a commit that ended too early" }
        endCommit()
        return nil
    }

    private func difference(to sight: Sight, at now: BootTime) -> String? {
        let (state, phase) = (sight.state, phase(at: now))
        if state.phase != phase { return "phase \(state.phase) instead of \(phase)" }
        if state.incident?.number != incidentNumber {
            let said = state.incident.map { "\($0.number)" } ?? "none"
            return "incident \(said) instead of \(incidentNumber.map { "\($0)" } ?? "none")"
        }
        let deadline = deadline(at: now)
        if state.deadline != deadline {
            return "deadline \(text(state.deadline)) instead of \(text(deadline))"
        }
        guard commit == nil else { return nil }
        if state.latest != incident?.latest { return "another latest moment" }
        if state.delay != incident?.delay ?? nextDelay ?? effectiveDelay { return "another delay" }
        return nil
    }

    private var effectiveDelay: Duration {
        guard let maximum = configured.maximumBackupTime else { return configured.delay }
        let left = maximum - configured.hostShutdownTime - configured.reserve
        return min(configured.delay, max(left, .seconds(2)))
    }

    private func text(_ deadline: Deadline?) -> String {
        deadline.map { "\($0.time.sinceBoot.inSeconds) \($0.reason)" } ?? "none"
    }

    // MARK: Commits

    /// The last reading says what the rule needs.
    private func isLooked(at reason: Reason) -> Bool {
        if decidesAnew { return false }
        return reason == .upsRequest ? request != nil && lastBit : isOnBattery && good == 0
    }

    private func isFresh(at now: BootTime) -> Bool {
        lastReading.map { now - $0 < .seconds(1) } ?? false
    }

    /// The UPS's own timer has run out.
    private var isRequestedOnBattery: Bool {
        edge != nil && isOnBattery && good == 0 && !decidesAnew
    }

    /// Why this commit may not be; nil: it may.
    private func wrong(_ said: Deadline, at now: BootTime) -> String? {
        if said.time != now { return "a commit of another moment" }
        let isSilent = isSilent(at: now, since: awakeSince)
        let isBlind = deadline(at: now).map { $0.reason == .lowCharge && $0.time <= now } ?? false
        switch said.reason {
        case .lowCharge where isBlind: break
        case .lowCharge, .lowRuntime:
            let isKnown = isOnBattery && (good == 0 || isSilent)
            return isKnown ? nil : "a low battery commits although power may be there"
        case .upsRequest where isRequestedOnBattery: return nil
        case .time, .upsTimer, .linkLost, .upsRequest: break
        }
        guard let deadline = deadline(at: now) else { return "a commit by \(said.reason): no rule" }
        guard deadline.reason == said.reason, deadline.time <= now else {
            return "a commit by \(said.reason) at \(text(said)), the rules say \(text(deadline))"
        }
        let hasLooked = isLooked(at: said.reason) && isFresh(at: now)
        guard hasLooked || isSilent else { return "a leap without a look" }
        return lateness(of: deadline, hasLooked: hasLooked, at: now)
    }

    private func lateness(of deadline: Deadline, hasLooked: Bool, at now: BootTime) -> String? {
        // What the loss of the link makes due has the moment of the loss in it.
        guard isOnBattery || deadline.reason == .upsRequest else { return nil }
        let heard = max(lastReading ?? steadySince, unproven ?? steadySince, steadySince)
        let known = hasLooked ? max(lastReading ?? now, steadySince) : heard + .seconds(1)
        let due = max(deadline.time, learntAt, known)
        return now - due > Referee.grain ? "a commit \(now - due) late" : nil
    }

    /// What should have been committed and is not; nil: nothing.
    private func overdue(at now: BootTime) -> String? {
        if isRequestedOnBattery { return "no commit although the UPS asks for it on battery" }
        guard let deadline = deadline(at: now), deadline.time <= now else { return nil }
        let hasLooked = isLooked(at: deadline.reason) && isFresh(at: now)
        let heard = max(lastReading ?? steadySince, unproven ?? steadySince, steadySince)
        guard hasLooked || now - heard >= .seconds(1) else { return nil }
        return "no commit at \(text(deadline))"
    }

    private mutating func adopt(_ said: Deadline, _ sight: Sight, at now: BootTime) {
        if isConfirming, said.reason != .upsRequest { loseUnconfirmed(at: now) }
        let affair = isOnBattery || isConfirming && said.reason != .upsRequest ? outage : request
        commit = Committed(
            number: affair?.number ?? 0, reason: said.reason, time: now, isDry: policy.dryRun,
            isOutage: affair?.number == outage?.number,
            grace: sight.shutdown?.grace ?? .zero, isUnderWay: hostIsStopping, next: now)
        if commit?.isOutage != true { (committedRequest, outage) = (affair, nil) }
        if said.reason == .upsRequest { edge = nil }
        (request, unproven, good, bad) = (nil, nil, 0, 0)
    }

    /// Rule 11: how long a shutdown that is under way is left alone.
    func wrongGrace(_ shutdown: CommittedShutdown?) -> String? {
        guard let commit, let shutdown else { return nil }
        let needed = policy.hostShutdownTime
        if shutdown.grace < needed { return "a grace shorter than a shutdown takes" }
        guard let latest = outage?.latest else { return nil }
        let longest = max(needed, latest + needed - commit.time)
        return shutdown.grace > longest ? "a grace beyond the end of the UPS" : nil
    }

    // MARK: The shutdown command

    /// Why no command may start now; nil: it may.
    mutating func start(step: Int, at now: BootTime) -> String? {
        guard var commit else { return "a command without a commit" }
        if commit.isDry { return "a command in a dry run" }
        if step != min(commit.attempts, policy.steps - 1) { return "step \(step), out of order" }
        if now < commit.next { return "a command too early" }
        if now > commit.next + Referee.grain, commit.next > steadySince {
            return "a command \(now - commit.next) late"
        }
        commit.attempts += 1
        commit.next = now + .seconds(5)
        if commit.isUnderWay { commit.next = max(commit.next, commit.time + commit.grace) }
        if commit.attempts >= policy.steps { commit.allTried = commit.allTried ?? now }
        self.commit = commit
        return nil
    }

    /// A commit whose command should have started.
    func unstarted(at now: BootTime) -> String? {
        guard let commit, !commit.isDry, now > commit.next else { return nil }
        return "no command although it was due at \(commit.next.sinceBoot.inSeconds)"
    }

    mutating func end(failed: Bool, at now: BootTime) {
        guard var commit else { return }
        if commit.isUnderWay, now < commit.time + commit.grace { return }
        if !failed {
            commit.next = now + .seconds(5)
        } else if commit.attempts < policy.steps {
            commit.next = now
        }
        self.commit = commit
    }

    mutating func stopHost() {
        hostIsStopping = true
        guard var commit, !commit.isUnderWay else { return }
        commit.isUnderWay = true
        commit.next = max(commit.next, commit.time + commit.grace)
        self.commit = commit
    }
}
