// What the Watch makes of the poller's outcomes.

extension Watch {
    mutating func takeOutcomes(at now: BootTime) {
        while let outcome = poller.nextOutcome() {
            switch outcome {
            case .reply(let request, let reply): take(reply, to: request, at: now)
            case .missed(let request):
                drain()
                if request == .startMeasurement { refuseMeasurement(at: now) }
                missedSetting(request, isRefused: false, at: now)
            case .refused(let request):
                if request == .startMeasurement { refuseMeasurement(at: now) }
                missedSetting(request, isRefused: true, at: now)
            case .gone(let request): reading.set(request, to: nil)
            case .valuesFinished: finishValues(at: now)
            }
        }
    }

    private mutating func take(_ reply: Reply, to request: Request, at now: BootTime) {
        switch reply {
        case .deviceStatus(let status):
            reading.deviceStatus = status
            takeStatus(status, at: now)
        case .text(let text): identity.set(request, to: text)
        case .setting(let setting): take(setting, for: request, at: now)
        case .acknowledged: break
        default:
            reading.set(request, to: reply)
            checks.note(request)
            energy.note(request)
            if measurement.took(request) { finish(.done, at: now) }
        }
        if request == .esr { followWear(at: now) }
        if request == .charge, let percent = reply.percent {
            decide(.charge(percent), at: now)
            decideDrill(.charge(percent), at: now)
        }
        guard let status = reply.monitorStatus else { return }
        let hadResults = measurement.isReading
        guard let outcome = measurement.take(status, at: now) else { return }
        if outcome == .done, !hadResults {
            // What is known of the capacitors is from before.
            measurement.awaitResults(at: now)
            poller.askEverything(at: now)
        } else {
            finish(outcome, at: now)
        }
    }

    private mutating func takeStatus(_ status: DeviceStatus, at now: BootTime) {
        let confirmations = setup.policy.confirmReadings
        for (name, text) in checks.take(status, confirmations: confirmations, at: now) {
            announce(name, text, incident: controller.incidentID, at: now)
        }
        decide(.status(status), at: now)
        drillStatus(status, at: now)
    }

    var effectivePolicy: ShutdownPolicy {
        var policy = setup.policy
        if let setting = settings[.maximumBackupTime], setting.isEnabled, setting.value > 0,
            (setting.minimum...max(setting.minimum, setting.maximum)).contains(setting.value)
        {
            let device = Duration.seconds(setting.value)
            policy.maximumBackupTime = policy.maximumBackupTime.map { min($0, device) } ?? device
        }
        return policy
    }

    /// Of what is shown.
    var runtime: Duration? {
        Runtime.estimate(
            capacitance: reading.capacitance, stack: reading.batteryVoltage,
            cutoff: setup.rating.cutoff, load: reading.outputPower)
    }

    private mutating func finishValues(at now: BootTime) {
        // Shown whenever it is known, but decided on what was just measured only.
        if let runtime, checks.fresh.isSuperset(of: PlausibilityChecks.forRuntime) {
            decide(.runtime(runtime), at: now)
            decideDrill(.runtime(runtime), at: now)
        }
        if let text = checks.compare(reading, rating: setup.rating) {
            announce(.contradiction, text, incident: controller.incidentID, at: now)
        }
        energy.finishRound(reading, interval: setup.intervals.values, at: now)
        checks.finishRound()
        rounds += 1
    }

    private mutating func followWear(at now: BootTime) {
        switch wear.take(reading, of: identity) {
        case .begins(let new): keep(new)
        case .worn(let text): announce(.warning, text, incident: nil, at: now)
        case nil: break
        }
    }

    mutating func finish(_ outcome: Measurement.Outcome, at now: BootTime) {
        switch outcome {
        case .failed(let text):
            announce(.measurementDone, text, incident: nil, at: now)
        case .done:
            let capacitance = reading.capacitance.map { "\($0.millifarads) mF" } ?? "unknown"
            let esr = reading.esrMilliohms.map { "\($0) mΩ" } ?? "unknown"
            let text = "Measurement done: capacitance \(capacitance), ESR \(esr)"
            announce(.measurementDone, text, incident: nil, at: now)
        }
    }

    private mutating func refuseMeasurement(at now: BootTime) {
        guard measurement.isRunning else { return }
        finish(measurement.refused(), at: now)
    }
}
