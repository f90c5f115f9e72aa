// What follows from the outcomes of the Poller: readings, decisions, warnings. Called by the Watch.

import Bicker
import Decision
import UPS

extension Watch {
    mutating func takeOutcomes(at now: BootTime) {
        while let outcome = poller.nextOutcome() {
            switch outcome {
            case .reply(let request, let reply): take(reply, to: request, at: now)
            case .missed(let request):
                actions.append(.drain)
                missCharge(request, at: now)
                missedSetting(request, isRefused: false, at: now)
            case .refused(let request):
                if request == .startMeasurement { measurement.refused() }
                missCharge(request, at: now)
                missedSetting(request, isRefused: true, at: now)
            case .implausible(let request):
                missing.implausible.insert(request)
                missCharge(request, at: now)
                missedSetting(request, isRefused: false, at: now)
            case .unproven(let status): decide(.unproven(status), at: now)
            case .gone(let request): forget(request, at: now)
            case .valuesFinished: finishValues(at: now)
            }
        }
    }

    private mutating func take(_ reply: Reply, to request: Request, at now: BootTime) {
        if case .setting(let setting) = reply { follow(setting, for: request, at: now) }
        guard !Beliefs.areNeeded(for: request) else { return doubt(reply, to: request, at: now) }
        switch reply {
        case .deviceStatus(let status):
            hasAnswered = true
            reading.deviceStatus = status
            takeStatus(status, at: now)
        case .acknowledged: break
        default:
            know(reply, to: request)
            checks.note(request)
        }
        if request == .charge, let percent = reply.percent {
            chargeRead = now
            decide(.charge(percent), at: now)
            decideDrill(.charge(percent), at: now)
        }
        if let status = reply.monitorStatus { followMeasurement(status, at: now) }
    }

    /// What one answer alone must not change.
    private mutating func doubt(_ reply: Reply, to request: Request, at now: BootTime) {
        if let pause = beliefs.take(reply, to: request) {
            reading.set(request, to: nil)
            return poller.askAgain(request, at: now + pause)
        }
        switch reply {
        case .text(let text):
            followDevice(request, text)
            identity.set(request, to: text)
        case .setting(let setting): believe(setting, for: request)
        default:
            know(reply, to: request)
            if measurement.took(request) { finish(.done, at: now) }
            if request == .esr { followWear(at: now) }
        }
    }

    /// On battery the decision waits for it, whatever else the line is busy with.
    mutating func hurryCharge(at now: BootTime) {
        guard controller.isOnBattery else { return }
        let isDue = chargeRead.map { now - $0 > max(setup.intervals.values * 2, .seconds(3)) }
        if isDue ?? true { poller.hurry(.charge, at: now) }
    }

    private mutating func missCharge(_ request: Request, at now: BootTime) {
        guard request == .charge else { return }
        decide(.chargeMissed, at: now)
        decideDrill(.chargeMissed, at: now)
    }

    /// What the UPS does not tell any more.
    private mutating func forget(_ request: Request, at now: BootTime) {
        reading.set(request, to: nil)
        guard request == .charge else { return }
        decide(.chargeMissing, at: now)
        decideDrill(.chargeMissing, at: now)
    }

    private mutating func know(_ reply: Reply, to request: Request) {
        missing.implausible.remove(request)
        reading.set(request, to: reply)
        lastReplies[Int(request.rawValue)] = reply
    }

    /// Another series or serial number is another UPS: what the one before has told says nothing.
    private mutating func followDevice(_ request: Request, _ text: String?) {
        let former = request == .series ? identity.series : identity.serial
        guard request == .series || request == .serial, let former, let text, text != former else {
            return
        }
        (beliefs, identity, settings) = (Beliefs(), Identity(), [:])
        controller.configured = effectivePolicy
        poller.askAllAgain()
    }

    private mutating func followMeasurement(_ status: MonitorStatus, at now: BootTime) {
        let hadResults = measurement.isReading
        guard let outcome = measurement.take(status, at: now) else { return }
        if outcome == .done, !hadResults {
            // What is known of the capacitors is from before.
            measurement.awaitResults(at: now)
            for request in [Request.capacitance, .esr] { poller.askAgain(request, at: now) }
        } else {
            finish(outcome, at: now)
        }
    }

    private mutating func takeStatus(_ status: DeviceStatus, at now: BootTime) {
        let confirmations = setup.policy.confirmReadings
        if let (name, text) = checks.take(status, confirmations: confirmations, at: now) {
            announce(name, text, incident: controller.incidentID, at: now)
        }
        decide(.reading(status), at: now)
        drillStatus(status, at: now)
    }

    /// Of the reading that is shown.
    var runtime: Duration? { runtime(of: reading.capacitance) }

    private func runtime(of capacitance: Capacitance?) -> Duration? {
        Runtime.estimate(
            capacitance: capacitance, stack: reading.batteryVoltage,
            cutoff: setup.rating.cutoff, load: reading.outputPower)
    }

    private mutating func finishValues(at now: BootTime) {
        // Shown whenever it is known, but decided on what was just measured only; the capacitance
        // stays what it was when it is not told for a while.
        let capacitance = beliefs[.capacitance]?.capacitance
        if let runtime = runtime(of: capacitance),
            checks.fresh.isSuperset(of: PlausibilityChecks.forRuntime)
        {
            decide(.runtime(runtime), at: now)
            decideDrill(.runtime(runtime), at: now)
        }
        if let text = checks.compare(reading, rating: setup.rating) {
            announce(.contradiction, text, incident: controller.incidentID, at: now)
        }
        followShortage(runtime(of: capacitance), at: now)
        if let charge = reading.batteryCharge { outages.note(charge: charge) }
        if let outcome = measurement.expire(at: now) { finish(outcome, at: now) }
        energy.add(
            reading, fresh: checks.fresh, interval: setup.intervals.values, at: now)
        checks.finishRound()
        if controller.isOnBattery { poller.refreshCells(at: now) }
        rounds += 1
    }

    /// In an outage the rules say it. While the UPS charges, it is no news.
    private mutating func followShortage(_ runtime: Duration?, at now: BootTime) {
        guard controller.isIdle, controller.link(at: now) == .ok else { return }
        let needed = controller.policy.hostShutdownTime + controller.policy.reserve
        guard checks.compare(runtime: runtime, needed: needed), reading.batteryCharge == 100 else {
            return
        }
        announce(.warning, Message(.shortage, needed.roundedSeconds), incident: nil, at: now)
    }

    private mutating func followWear(at now: BootTime) {
        switch wear.take(reading, of: identity) {
        case .begins(let new): actions.append(.keep(new))
        case .worn(let text): announce(.warning, text, incident: nil, at: now)
        case nil: break
        }
    }

    mutating func finish(_ outcome: Measurement.Outcome, at now: BootTime) {
        let text = if case .failed(let text) = outcome { text } else { measuredText }
        announce(.measurementDone, text, incident: nil, at: now)
    }

    private var measuredText: Message {
        let (capacitance, esr) = (reading.capacitance?.millifarads, reading.esrMilliohms)
        if let capacitance, let esr { return Message(.measurementDone, capacitance, esr) }
        let capacitanceText = capacitance.map { "\($0) mF" } ?? "unknown"
        let esrText = esr.map { "\($0) mΩ" } ?? "unknown"
        return "Measurement done: capacitance \(capacitanceText), ESR \(esrText)"
    }
}

extension ShutdownController.Input {
    /// What a status says to the decision.
    static func reading(_ status: DeviceStatus) -> Self {
        .power(
            isPresent: status.contains(.powerPresent), isShutdownSet: status.contains(.shutdownSet))
    }

    static func unproven(_ status: DeviceStatus) -> Self {
        .unprovenPower(isPresent: status.contains(.powerPresent))
    }
}
