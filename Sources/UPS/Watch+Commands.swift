// Commands on their way to whoever decides them, and the drill.

/// A played outage on a running daemon: a second controller that is told power is absent and whose
/// commit is always dry. The controller that decides knows nothing of it.
struct Drill: Sendable {
    var controller: ShutdownController
    /// Until then power counts as absent.
    let ends: BootTime

    static let range = 1...86400
    static let afterDelay = Duration.seconds(5)
}

extension Watch {
    public mutating func submit(_ command: Command, _ ticket: Ticket, at now: BootTime) {
        switch command.verb {
        case .cancel, .delay:
            if drill != nil {
                decideDrill(.command(command, ticket), at: now)
            } else {
                decide(.command(command, ticket), at: now)
            }
        case .measure: answer(command, ticket, at: now) { $0.measure(at: now) }
        case .drill(let seconds):
            answer(command, ticket, at: now) { $0.startDrill(seconds: seconds, at: now) }
        case .set(let name, let value): change(name, to: value, command, ticket, at: now)
        }
        turn(at: now)
    }

    private mutating func answer(
        _ command: Command, _ ticket: Ticket, at now: BootTime,
        by act: (inout Watch) -> CommandResult
    ) {
        if let known = controller.answers.result(of: command) {
            return answers.post(known, for: ticket)
        }
        answer(controller.refusal(ofIncident: command) ?? act(&self), command, ticket, at: now)
    }

    mutating func answer(
        _ result: CommandResult, _ command: Command, _ ticket: Ticket, at now: BootTime
    ) {
        let decided = controller.answered(result, command, ticket, at: now)
        carryOut(decided, of: controller.incidentID, at: now)
    }

    // MARK: Measurement

    private mutating func measure(at now: BootTime) -> CommandResult {
        let refusal = measurement.refusal(
            phase: drill == nil ? controller.phase(at: now) : .pending,
            link: controller.link(at: now), charge: reading.batteryCharge, at: now)
        if let refusal { return .refused(refusal) }
        measurement.ask(at: now)
        poller.ask(.startMeasurement)
        announce(
            .measurementStarted, "Measurement of the capacitors asked for", incident: nil,
            at: now)
        return .accepted("The measurement of capacitance and ESR begins.")
    }

    // MARK: Drill

    private mutating func startDrill(seconds: Int?, at now: BootTime) -> CommandResult {
        if let seconds, !Drill.range.contains(seconds) {
            let (least, most) = (Drill.range.lowerBound, Drill.range.upperBound)
            return .refused("A drill lasts \(least) to \(most) seconds.")
        }
        guard drill == nil else { return .refused("A drill is already running.") }
        guard controller.isIdle else {
            return .refused("There is an outage, or one ended moments ago.")
        }
        guard controller.link(at: now) == .ok else {
            return .refused("The link to the UPS is not there.")
        }
        guard !measurement.isRunning else { return .refused("A measurement is running.") }
        let played = controller.forDrill(at: now)
        let length =
            seconds.map { Duration.seconds($0) } ?? played.nextTimer + Drill.afterDelay
        drill = Drill(controller: played, ends: now + length)
        controller.countDrill()
        let text = "A drill of \(length.roundedSeconds) s begins; no command will be run."
        announce(.warning, "Drill: \(text)", incident: nil, at: now)
        return .accepted(text)
    }

    mutating func decideDrill(_ input: ShutdownController.Input, at now: BootTime) {
        let before = drill?.controller.incidentID
        guard let decided = drill?.controller.handle(input, at: now) else { return }
        let incident = drill?.controller.incidentID ?? before
        carryOut(decided, of: incident, at: now, prefix: "Drill: ")
    }

    mutating func drillStatus(_ status: DeviceStatus, at now: BootTime) {
        guard let drill else { return }
        var played = status
        if now < drill.ends { played.remove(.powerPresent) }
        played.remove(.shutdownSet)
        decideDrill(.status(played), at: now)
    }

    mutating func advanceDrill(to now: BootTime) {
        guard let running = drill else { return }
        guard controller.isIdle else {
            drill = nil
            announce(.warning, "Drill: ended by a real outage", incident: nil, at: now)
            return
        }
        if now >= running.ends, running.controller.isIdle {
            drill = nil
            announce(.warning, "Drill: over", incident: nil, at: now)
        } else {
            decideDrill(.tick, at: now)
        }
    }
}

extension ShutdownController {
    /// A controller that decides as this one would, dry, from now on.
    func forDrill(at now: BootTime) -> ShutdownController {
        var policy = configured
        policy.dryRun = true
        var played = ShutdownController(
            policy: policy, statusInterval: statusInterval, boot: boot, at: now)
        played.incidents = incidents
        played.nextDelay = nextDelay
        played.lastPresent = now
        played.lastValid = lastValid
        played.portIsOpen = portIsOpen
        return played
    }

    /// The drill took an incident's number.
    mutating func countDrill() {
        incidents += 1
    }

    func keep(in kept: inout KeptState) {
        kept.stage = stage
        kept.incidents = incidents
        kept.nextDelay = nextDelay
        kept.lastPresent = lastPresent
        kept.lastValid = lastValid
        kept.history.failures = powerFailures
    }

    /// What was going on goes on, unless the store would have been empty long ago: then power was
    /// back meanwhile, and the old outage is none any more. False: it was dropped.
    mutating func restore(_ kept: KeptState, at now: BootTime) -> Bool {
        stage = kept.stage
        incidents = kept.incidents
        nextDelay = kept.nextDelay
        lastPresent = kept.lastPresent
        lastValid = kept.lastValid
        powerFailures = kept.history.failures
        if configured.dryRun, case .committed(var commit) = stage {
            commit.isDry = true
            stage = .committed(commit)
        }
        let longest = configured.maximumBackupTime ?? ShutdownController.longestStore
        guard !isIdle, now - (lastValid ?? now) > max(longest, configured.deadTime) else {
            return true
        }
        stage = .idle
        return false
    }

    /// Without a limit of its own no store of this kind feeds a host for longer.
    private static let longestStore = Duration.seconds(3600)

    /// Notes an answer that somebody else has decided.
    mutating func answered(
        _ result: CommandResult, _ command: Command, _ ticket: Ticket, at now: BootTime
    ) -> [Action] {
        remember(result, of: command, ticket, at: now)
        defer { actions = [] }
        return actions
    }
}
