// Rule 11: the commit, and what is done from then on.

public import UPS

extension ShutdownController {
    mutating func commit(_ reason: Reason, at now: BootTime) {
        let (incident, isSynced) = beginCommit(reason, at: now)
        guard var incident else { return }
        incident.goodReadings = 0
        request = nil
        let isDry = policy.dryRun
        stage = .committed(
            Commit(
                incident: incident, reason: reason, time: now, isDry: isDry,
                grace: grace(of: incident, at: now), isUnderWay: hostIsStopping,
                nextAttempt: now))
        // The command goes first: nothing that is announced may come before it.
        advanceCommit(to: now)
        if !isSynced { actions.append(.sync) }
        let message = Message(isDry ? .committedDry : .committed, message(of: reason))
        actions.append(.announce(.shutdownCommitted, message))
    }

    /// What is committed, and whether its beginning had the disks written out.
    private mutating func beginCommit(
        _ reason: Reason, at now: BootTime
    ) -> (incident: Incident?, isSynced: Bool) {
        if case .outage(let outage) = stage { return (outage, true) }
        if reason == .upsRequest { return (request, false) }
        guard case .confirming(let confirmation) = stage else { return (nil, false) }
        if confirmation.resuming == nil {
            beginOutage(start: confirmation.firstReading, at: now)
            return (outage, false)
        }
        return (confirmation.resuming, false)
    }

    /// The UPS's own timer and the energy at this load both end the store.
    private func grace(of incident: Incident, at now: BootTime) -> Duration {
        let needed = policy.hostShutdownTime
        let byTimer = incident.latest.map { $0 + needed - now }
        let byEnergy = runtime.map { $0 - policy.reserve }
        return max(needed, [byTimer, byEnergy].compactMap { $0 }.min() ?? needed)
    }

    mutating func advanceCommit(to now: BootTime) {
        guard case .committed(var commit) = stage, !endCommit(commit, at: now) else { return }
        if !commit.isDry, now >= commit.nextAttempt {
            actions.append(.runShutdown(step: min(commit.attempts, policy.steps - 1)))
            commit.attempts += 1
            commit.nextAttempt = now + ShutdownPolicy.stepInterval
            if let end = commit.graceEnds { commit.nextAttempt = max(commit.nextAttempt, end) }
            if commit.attempts >= policy.steps, commit.allTried == nil { commit.allTried = now }
            stage = .committed(commit)
        }
    }

    /// True: it is over, and no further command is started.
    private mutating func endCommit(_ commit: Commit, at now: BootTime) -> Bool {
        guard commit.powerBack != nil else { return false }
        guard !commit.isDry else {
            close()
            return true
        }
        guard let tried = commit.allTried else { return false }
        let since = commit.graceEnds.map { max($0, tried) } ?? tried
        guard now - since >= ShutdownPolicy.failedAfter else { return false }
        close()
        (hasFailed, hostIsStopping) = (true, false)
        actions.append(.withdrawShutdown)
        actions.append(.announce(.shutdownFailed, Message(.shutdownFailed)))
        return true
    }

    mutating func takeCommandEnd(failed: Bool, at now: BootTime) {
        guard case .committed(var commit) = stage else { return }
        if let end = commit.graceEnds, now < end { return }
        if !failed {
            // It did what it could; the daemon now has 5 s to be told to stop.
            commit.nextAttempt = now + ShutdownPolicy.stepInterval
        } else if commit.attempts < policy.steps {
            commit.nextAttempt = now
        }
        stage = .committed(commit)
    }

    /// Told to stop, before the commit or after it. A shutdown that hangs is still a matter of the
    /// next commands.
    mutating func takeHostStopping() {
        hostIsStopping = true
        guard case .committed(var commit) = stage, !commit.isUnderWay else { return }
        commit.isUnderWay = true
        commit.nextAttempt = max(commit.nextAttempt, commit.time + commit.grace)
        stage = .committed(commit)
    }

    /// Nil: nothing is committed, or it is a dry run.
    public var committedShutdown: CommittedShutdown? {
        guard let commit, !commit.isDry else { return nil }
        return CommittedShutdown(
            incident: IncidentID(boot: boot, number: commit.incident.number),
            reason: commit.reason, outage: commit.incident.start, time: commit.time,
            grace: commit.grace)
    }
}
