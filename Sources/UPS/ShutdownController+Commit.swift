// Rules 3, 5, 7, 10 and 11: when the moment has come, and what happens from then on.

extension ShutdownController {
    mutating func advance(to now: BootTime) {
        switch stage {
        case .idle:
            break
        case .returned:
            closeAfterReturn(at: now)
        case .confirming(let confirmation):
            guard let deadline = deadline(at: now), deadline.time <= now else { return }
            guard isSilent(at: now) else { return actions.append(.askStatus) }
            if confirmation.resuming == nil {
                beginOutage(.powerFailure, start: confirmation.firstReading, at: now)
            }
            commit(deadline.reason, at: now)
        case .outage(let incident):
            guard let deadline = deadline(at: now), deadline.time <= now else { return }
            let age = now - incident.lastFailing
            let hasLooked = incident.goodReadings == 0 && age < ShutdownPolicy.silenceLimit
            guard hasLooked || isSilent(at: now) else { return actions.append(.askStatus) }
            commit(deadline.reason, at: now)
        case .committed:
            advanceCommit(to: now)
        }
    }

    /// Rule 6. Also done before a reading is taken, or a late turn of the loop would decide whether
    /// a new failure is the same incident.
    mutating func closeAfterReturn(at now: BootTime) {
        guard case .returned(let incident) = stage, let returned = incident.returned else { return }
        if now - returned >= policy.returnHold { close() }
    }

    /// Rule 10: by then this process has asked for a second and heard nothing. After a stop of
    /// the process or a restart the second begins anew.
    var silentAt: BootTime {
        max(lastValid ?? awakeSince, awakeSince) + ShutdownPolicy.silenceLimit
    }

    /// A host too busy to run this process for a second on end may not put it off for ever.
    private func isSilent(at now: BootTime) -> Bool {
        now >= silentAt || naps >= ShutdownController.mostNaps
    }

    mutating func commit(_ reason: Reason, at now: BootTime) {
        let committed: Incident
        switch stage {
        case .outage(let incident): committed = incident
        case .confirming(let confirmation):
            guard let resuming = confirmation.resuming else { return }
            committed = resuming
        default: return
        }
        var incident = committed
        incident.goodReadings = 0
        let dry = policy.dryRun ? " (dry run: the command is not run)" : ""
        let text = "Shutting this host down: \(reason.text)\(dry)"
        stage = .committed(
            Commit(
                incident: incident, reason: reason, time: now, isDry: policy.dryRun,
                grace: grace(of: incident, at: now), nextAttempt: now))
        // The command goes first: nothing that is announced may come before it.
        advanceCommit(to: now)
        actions.append(.announce(.shutdownCommitted, text))
    }

    /// The UPS's own timer and the energy at this load both end the store.
    private func grace(of incident: Incident, at now: BootTime) -> Duration {
        let needed = policy.hostShutdownTime
        let byTimer = incident.latest.map { $0 + needed - now }
        let byEnergy = runtime.map { $0 - policy.reserve }
        return max(needed, [byTimer, byEnergy].compactMap { $0 }.min() ?? needed)
    }

    private mutating func advanceCommit(to now: BootTime) {
        guard case .committed(var commit) = stage else { return }
        if !commit.isDry, now >= commit.nextAttempt {
            actions.append(.runShutdown(step: min(commit.attempts, policy.steps - 1)))
            commit.attempts += 1
            commit.nextAttempt = now + ShutdownPolicy.stepInterval
            if commit.attempts >= policy.steps, commit.allTried == nil { commit.allTried = now }
            stage = .committed(commit)
        }
        endCommit(commit, at: now)
    }

    private mutating func endCommit(_ commit: Commit, at now: BootTime) {
        guard commit.powerBack != nil else { return }
        guard !commit.isDry else { return close() }
        guard let tried = commit.allTried else { return }
        let since = commit.graceEnds.map { max($0, tried) } ?? tried
        guard now - since >= ShutdownPolicy.failedAfter else { return }
        close()
        hasFailed = true
        actions.append(.withdrawShutdown)
        let text = "The shutdown failed: every command was tried, and this host is still up"
        actions.append(.announce(.shutdownFailed, text))
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

    /// Rule 11: told to stop. A shutdown that hangs is still a matter of the next commands.
    mutating func takeHostStopping() {
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
