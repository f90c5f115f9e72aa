// Rules 2, 4, 6, 7, 11 and 12: what readings and the passing of time do to the stage.

extension ShutdownController {
    mutating func takeStatus(_ status: DeviceStatus, at now: BootTime) {
        let isPresent = status.contains(.powerPresent)
        let isRequested = status.contains(.shutdownSet)
        portIsOpen = true
        takePower(isPresent, isRequested: isRequested, at: now)
        if isPresent { lastPresent = now }
        lastValid = now
        naps = 0
        // First it must be clear whether there is power: on battery the request commits. Moments
        // after a return it waits, so that a new failure finds the outage that it goes on with.
        switch stage {
        case .confirming, .returned: return
        case .idle, .outage, .committed: break
        }
        let wasKnown = request.value != nil
        if request.take(isRequested, confirmations: policy.confirmReadings, at: now) {
            takeRequest(wasKnown: wasKnown, at: now)
        }
        if request.isConfirming { actions.append(.askStatus) }
    }

    private mutating func takePower(_ isPresent: Bool, isRequested: Bool, at now: BootTime) {
        switch stage {
        case .idle:
            guard !isPresent else { return }
            stage = .confirming(Confirmation(firstReading: now))
            confirm(at: now)
        case .returned(let incident):
            guard !isPresent else { return }
            stage = .confirming(Confirmation(firstReading: now, resuming: incident))
            confirm(at: now)
        case .confirming(var confirmation):
            if isPresent {
                stage = confirmation.resuming.map { .returned($0) } ?? .idle
            } else {
                confirmation.count += 1
                stage = .confirming(confirmation)
                confirm(at: now)
            }
        case .outage(let incident):
            takePower(isPresent, isRequested: isRequested, during: incident, at: now)
        case .committed(var commit):
            commit.incident.goodReadings = isPresent ? commit.incident.goodReadings + 1 : 0
            if !isPresent { commit.powerBack = nil }
            let isBack = commit.incident.goodReadings >= policy.confirmReadings
            if isBack, commit.powerBack == nil {
                commit.powerBack = now
                if commit.incident.cause == .powerFailure {
                    let but = commit.isDry ? "" : ", but the shutdown is under way"
                    let text = "Input power is back\(but)"
                    actions.append(.announce(.powerGood, text))
                }
            }
            stage = .committed(commit)
        }
    }

    private mutating func takePower(
        _ isPresent: Bool, isRequested: Bool, during incident: Incident, at now: BootTime
    ) {
        var incident = incident
        let isOver = incident.cause == .powerFailure ? isPresent : !isRequested && isPresent
        if isOver {
            incident.goodReadings += 1
            actions.append(.askStatus)
        } else {
            incident.goodReadings = 0
            incident.lastFailing = now
        }
        incident.failingReadings = isPresent ? 0 : incident.failingReadings + 1
        stage = .outage(incident)
        if incident.goodReadings >= policy.confirmReadings {
            endOutage(incident, at: now)
        } else if incident.cause == .upsRequest {
            if !isPresent { actions.append(.askStatus) }
            if incident.failingReadings >= policy.confirmReadings {
                loseInput(incident, at: now)
            }
        }
    }

    private mutating func confirm(at now: BootTime) {
        guard case .confirming(let confirmation) = stage else { return }
        guard confirmation.count >= policy.confirmReadings else {
            actions.append(.askStatus)
            return
        }
        actions.append(.sync)
        if var incident = confirmation.resuming {
            incident.goodReadings = 0
            incident.lastFailing = now
            incident.returned = nil
            stage = .outage(incident)
            actions.append(.announce(.powerFail, "Input power failed again, the same outage"))
        } else {
            beginOutage(.powerFailure, start: confirmation.firstReading, at: now)
        }
        announcePending(at: now)
    }

    mutating func beginOutage(_ cause: Incident.Cause, start: BootTime, at now: BootTime) {
        policy = configured
        hasFailed = false
        incidents += 1
        let configuredDelay = nextDelay ?? policy.delay
        nextDelay = nil
        var incident = Incident(
            number: incidents, cause: cause, start: start, delay: configuredDelay,
            lastFailing: now)
        if policy.byTime || cause == .upsRequest { incident.timer = start + configuredDelay }
        if cause == .powerFailure {
            powerFailures += 1
            actions.append(
                .announce(.powerFail, "Input power failed" + limit(&incident, from: start)))
        } else {
            actions.append(.announce(.warning, "The UPS asks for a shutdown"))
        }
        stage = .outage(incident)
    }

    /// Rule 5: sets the latest moment to commit. Returns what the event has to say about it.
    private func limit(_ incident: inout Incident, from firstFailing: BootTime) -> String {
        guard let latest = latest(from: firstFailing) else { return "" }
        incident.latest = latest
        incident.delay = min(incident.delay, latest - incident.start)
        return lastPresent == nil ? "; when is not known, it was absent at the first reading" : ""
    }

    func latest(from firstFailing: BootTime) -> BootTime? {
        guard let maximum = policy.maximumBackupTime else { return nil }
        let hostUpShortly = firstFailing.sinceBoot < maximum
        let lost = lastPresent ?? (hostUpShortly ? BootTime(.zero) : firstFailing)
        return max(
            lost + maximum - policy.hostShutdownTime - policy.reserve,
            firstFailing + ShutdownPolicy.shortestDelay)
    }

    /// The UPS has told its own limit in the middle of an outage: only a shorter one counts.
    mutating func shorten(to policy: ShutdownPolicy) {
        guard case .outage(var incident) = stage, incident.cause == .powerFailure else { return }
        let former = self.policy.maximumBackupTime
        guard let maximum = policy.maximumBackupTime, former.map({ maximum < $0 }) ?? true else {
            return
        }
        self.policy.maximumBackupTime = maximum
        _ = limit(&incident, from: incident.start)
        stage = .outage(incident)
    }

    /// Power fails while the UPS asks for a shutdown: its timer stays, the outage counts.
    private mutating func loseInput(_ incident: Incident, at now: BootTime) {
        var incident = incident
        incident.cause = .powerFailure
        powerFailures += 1
        let text = limit(&incident, from: incident.lastFailing)
        stage = .outage(incident)
        actions += [.sync, .announce(.powerFail, "Input power failed" + text)]
    }

    private mutating func announcePending(at now: BootTime) {
        guard let deadline = deadline(at: now), incident?.wasCancelled != true else { return }
        let seconds = max(0, (deadline.time - now).roundedSeconds)
        let isRequest = incident?.cause == .upsRequest
        let text =
            "Shutdown in \(seconds) s unless "
            + (isRequest ? "the UPS withdraws it" : "power returns")
        actions.append(.announce(.shutdownPending, text))
    }

    private mutating func endOutage(_ incident: Incident, at now: BootTime) {
        var incident = incident
        let wasPending = phase(at: now) == .pending
        incident.returned = now
        incident.goodReadings = 0
        incident.failingReadings = 0
        (incident.lowChargeSince, incident.lowRuntimeSince) = (nil, nil)
        let seconds = (now - incident.start).roundedSeconds
        if incident.cause == .powerFailure {
            stage = .returned(incident)
            actions.append(.announce(.powerGood, "Input power is back after \(seconds) s"))
        } else {
            close()
        }
        if wasPending {
            let why = incident.cause == .powerFailure ? "power is back" : "the UPS withdrew it"
            actions.append(.announce(.shutdownCancelled, "Shutdown cancelled: \(why)"))
        }
    }

    mutating func close() {
        stage = .idle
        policy = configured
    }

    // MARK: Rule 12

    private mutating func takeRequest(wasKnown: Bool, at now: BootTime) {
        guard request.value == true else { return }
        guard wasKnown else {
            if case .outage(let incident) = stage, incident.cause == .upsRequest { return }
            let text = "The UPS's shutdown flag was already set at the first reading"
            actions.append(.announce(.warning, text))
            return
        }
        switch stage {
        case .outage(let incident):
            if incident.cause == .powerFailure { commit(.upsRequest, at: now) }
        case .confirming, .returned, .committed:
            break
        case .idle:
            beginOutage(.upsRequest, start: request.candidateSince ?? now, at: now)
            announcePending(at: now)
        }
    }

    // MARK: Rule 4

    mutating func takeCharge(_ percent: Int, at now: BootTime) {
        charge = percent
        guard case .outage(var incident) = stage, incident.cause == .powerFailure else { return }
        let isArmed = policy.byTime || policy.byCharge
        let isLow = isArmed && percent < policy.lowChargePercent
        let isDue = hold(isLow, since: &incident.lowChargeSince, at: now)
        judge(&incident)
        stage = .outage(incident)
        if isDue { commit(.lowCharge, at: now) }
    }

    mutating func takeRuntime(_ runtime: Duration, at now: BootTime) {
        self.runtime = runtime
        guard case .outage(var incident) = stage, incident.cause == .powerFailure else { return }
        let isDue = hold(
            runtime <= policy.lowRuntime, since: &incident.lowRuntimeSince, at: now)
        judge(&incident)
        stage = .outage(incident)
        if isDue { commit(.lowRuntime, at: now) }
    }

    /// Two readings at least `lowChargeHold` apart, and none between them that says otherwise.
    private func hold(_ isLow: Bool, since: inout BootTime?, at now: BootTime) -> Bool {
        guard isLow else {
            since = nil
            return false
        }
        guard let first = since else {
            since = now
            return false
        }
        return now - first >= policy.lowChargeHold
    }

    /// What is not known any more must not be judged by.
    mutating func forgetBattery() {
        (charge, runtime) = (nil, nil)
    }

    private mutating func judge(_ incident: inout Incident) {
        let isLow = policy.isLow(charge: charge, runtime: runtime)
        if isLow && !incident.isLow {
            let level = charge.map { "charge \($0) %" }
            let left = runtime.map { "runtime \($0.roundedSeconds) s at this load" }
            let values = [level, left].compactMap { $0 }.joined(separator: ", ")
            actions.append(.announce(.lowCharge, "The battery is low: \(values)"))
        }
        incident.isLow = isLow
    }
}
