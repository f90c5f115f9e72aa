// Rules 2, 6 and 11: what status readings do to the stage.

import UPS

extension ShutdownController {
    mutating func takeReading(isPresent: Bool, isShutdownSet: Bool, at now: BootTime) {
        portIsOpen = true
        lastValid = now
        naps = 0
        takePower(isPresent, at: now)
        if isPresent { lastPresent = now }
        takeRequestBit(isShutdownSet, at: now)
    }

    /// Rule 7: the only answer before a silence may have been that power is absent. It confirms
    /// nothing, and the next reading decides.
    mutating func takeUnproven(isPresent: Bool, at now: BootTime) {
        guard !isPresent else { return }
        switch stage {
        case .idle: stage = .confirming(Confirmation(firstReading: now, count: 0))
        case .returned(let outage):
            stage = .confirming(Confirmation(firstReading: now, count: 0, resuming: outage))
        case .confirming, .outage: return
        case .committed(var commit):
            // What the commit waits for must be confirmed anew.
            (commit.powerBack, commit.incident.goodReadings) = (nil, 0)
            stage = .committed(commit)
        }
        actions.append(.askStatus)
    }

    private mutating func takePower(_ isPresent: Bool, at now: BootTime) {
        switch stage {
        case .idle:
            guard !isPresent else { return }
            stage = .confirming(Confirmation(firstReading: now))
            confirm(at: now)
        case .returned(let outage):
            guard !isPresent else { return }
            stage = .confirming(Confirmation(firstReading: now, resuming: outage))
            confirm(at: now)
        case .confirming(var confirmation):
            if isPresent {
                stage = confirmation.resuming.map { .returned($0) } ?? .idle
            } else {
                if confirmation.count == 0 { confirmation.firstReading = now }
                confirmation.count += 1
                stage = .confirming(confirmation)
                confirm(at: now)
            }
        case .outage(let outage): takePower(isPresent, during: outage, at: now)
        case .committed(let commit): takePower(isPresent, after: commit, at: now)
        }
    }

    private mutating func takePower(_ isPresent: Bool, during outage: Incident, at now: BootTime) {
        var outage = outage
        if isPresent {
            outage.goodReadings += 1
            actions.append(.askStatus)
        } else {
            outage.goodReadings = 0
            outage.lastFailing = now
        }
        stage = .outage(outage)
        if outage.goodReadings >= policy.confirmReadings { endOutage(outage, at: now) }
    }

    private mutating func takePower(_ isPresent: Bool, after commit: Commit, at now: BootTime) {
        var commit = commit
        commit.incident.goodReadings = isPresent ? commit.incident.goodReadings + 1 : 0
        if !isPresent { commit.powerBack = nil }
        let isBack = commit.incident.goodReadings >= policy.confirmReadings
        if isBack, commit.powerBack == nil {
            commit.powerBack = now
            if commit.incident.cause == .powerFailure {
                let message = Message(commit.isDry ? .powerBack : .powerBackTooLate)
                actions.append(.announce(.powerGood, message))
            }
        }
        stage = .committed(commit)
    }

    private mutating func confirm(at now: BootTime) {
        guard case .confirming(let confirmation) = stage else { return }
        guard confirmation.count >= policy.confirmReadings else {
            actions.append(.askStatus)
            return
        }
        actions.append(.sync)
        if var outage = confirmation.resuming {
            outage.goodReadings = 0
            outage.lastFailing = now
            outage.returned = nil
            stage = .outage(outage)
            actions.append(.announce(.powerFail, Message(.powerFailedAgain)))
        } else {
            beginOutage(start: confirmation.firstReading, at: now)
        }
        announcePending(at: now)
    }

    mutating func beginOutage(start: BootTime, at now: BootTime) {
        powerFailures += 1
        var outage = begin(.powerFailure, start: start, lastReading: now)
        if policy.byTime { outage.timer = start + outage.delay }
        limit(&outage)
        stage = .outage(outage)
        let isUnknown = policy.maximumBackupTime != nil && lastPresent == nil
        let message = Message(isUnknown ? .powerFailedUnseen : .powerFailed)
        actions.append(.announce(.powerFail, message))
    }

    /// The next number, and from now on the configuration as it is now.
    mutating func begin(
        _ cause: Incident.Cause, start: BootTime, lastReading: BootTime
    ) -> Incident {
        running = configured
        hasFailed = false
        incidents += 1
        defer { nextDelay = nil }
        return Incident(
            number: incidents, cause: cause, start: start, delay: nextDelay ?? configured.delay,
            inputLost: lastPresent, lastFailing: lastReading)
    }

    mutating func announcePending(at now: BootTime) {
        guard let deadline = deadline(at: now), phase(at: now) == .pending else { return }
        let seconds = max(0, (deadline.time - now).roundedSeconds)
        let sentence: Sentence =
            switch deadline.reason {
            case .upsRequest: .pendingByRequest
            case .lowCharge: .pendingByCharge
            default: .pending
            }
        actions.append(.announce(.shutdownPending, Message(sentence, seconds)))
    }

    private mutating func endOutage(_ outage: Incident, at now: BootTime) {
        let wasPending = phase(at: now) == .pending
        var outage = outage
        outage.returned = now
        outage.goodReadings = 0
        stage = .returned(outage)
        let seconds = (now - outage.start).roundedSeconds
        actions.append(.announce(.powerGood, Message(.powerBackAfter, seconds)))
        if wasPending {
            actions.append(.announce(.shutdownCancelled, Message(.cancelledByPower)))
        }
        // What the UPS has asked for does not end with the outage.
        announcePending(at: now)
    }

    /// Rule 6. Also done before a reading is taken, or a late turn of the loop would decide whether
    /// a new failure is the same incident.
    mutating func closeAfterReturn(at now: BootTime) {
        guard case .returned(let outage) = stage, let returned = outage.returned else { return }
        if now - returned >= policy.returnHold { close() }
    }

    mutating func close() {
        stage = .idle
        releasePolicy()
    }

    /// When nothing goes on any more, the configuration holds as it is now.
    mutating func releasePolicy() {
        if running != nil, request == nil, outage == nil, !isCommitted { running = nil }
    }
}
