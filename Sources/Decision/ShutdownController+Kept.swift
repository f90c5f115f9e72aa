// Rule 13: what goes on after a restart of the daemon.

public import UPS

extension ShutdownController {
    public func keep(in kept: inout KeptState) {
        kept.stage = stage
        kept.request = request
        kept.newRequest = newRequest
        kept.incidents = incidents
        kept.nextDelay = nextDelay
        kept.lastPresent = lastPresent
        kept.lastValid = lastValid
        kept.chargeSought = chargeSought
        kept.history.failures = powerFailures
    }

    /// What was going on goes on, unless the store would have been empty long ago: then power was
    /// back meanwhile, and the old outage is none any more.
    public mutating func restore(_ kept: KeptState, at now: BootTime) -> [Action] {
        stage = kept.stage
        (request, newRequest) = (kept.request, kept.newRequest)
        incidents = kept.incidents
        nextDelay = kept.nextDelay
        lastPresent = kept.lastPresent
        lastValid = kept.lastValid
        chargeSought = kept.chargeSought
        powerFailures = kept.history.failures
        if let commit { restore(commit) }
        dropIfOver(at: now)
        if !isIdle { running = configured }
        defer { actions = [] }
        return actions
    }

    /// A commit that was made under the other kind of configuration, dry or not, is given up: a real
    /// one runs nothing any more, and a dry one is decided anew.
    private mutating func restore(_ commit: Commit) {
        guard commit.isDry != configured.dryRun else { return }
        guard configured.dryRun else {
            decideAnew(commit.incident)
            return
        }
        var dry = commit
        dry.isDry = true
        stage = .committed(dry)
        actions.append(.withdrawShutdown)
    }

    /// By what will be read, and by nothing from before.
    private mutating func decideAnew(_ incident: Incident) {
        var incident = incident
        incident.lastFailing = ShutdownController.beforeBoot
        guard incident.cause == .powerFailure else {
            (stage, request) = (.idle, incident)
            return
        }
        var outage = incident
        (outage.lowCharge, outage.lowRuntime) = (LowReadings(), LowReadings())
        outage.goodReadings = 0
        stage = .outage(outage)
    }

    /// Older than every reading, and so no look (rule 10).
    private static let beforeBoot = BootTime(.seconds(-1))

    private mutating func dropIfOver(at now: BootTime) {
        let silence = now - (lastValid ?? now)
        // A request came on line power, which does not run out.
        if silence > ShutdownController.longestStore { (request, newRequest) = (nil, nil) }
        if case .idle = stage { return }
        let longest = configured.maximumBackupTime ?? ShutdownController.longestStore
        guard silence > max(longest, configured.deadTime) else { return }
        if committedShutdown != nil { actions.append(.withdrawShutdown) }
        stage = .idle
        actions.append(.announce(.warning, Message(.formerOutageOver)))
    }

    /// Without a limit of its own no store of this kind feeds a host for longer.
    private static let longestStore = Duration.seconds(3600)
}
