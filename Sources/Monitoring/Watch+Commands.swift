// Commands: which of them the decision, a drill or the UPS gets, and those that wait until they can
// be sent to the UPS. Called by the loop.

public import UPS

/// Accepted, but answered only when it was sent, or was not.
struct PendingCommand: Sendable {
    private static let mostTickets = 16
    /// A UPS whose answers are late all the time would let it wait for ever.
    private static let patience = Duration.seconds(5)

    let command: Command
    private let taken: BootTime
    /// The same command may have come more than once.
    private(set) var tickets: [Ticket]

    init(_ command: Command, _ ticket: Ticket, at now: BootTime) {
        (self.command, tickets, taken) = (command, [ticket], now)
    }

    /// Why it no longer waits for its turn; nil: it still waits.
    func refusal(at now: BootTime) -> Message? {
        let isOver = now - taken >= PendingCommand.patience
        return isOver ? "The answers of the UPS are too late for this." : nil
    }

    /// False: that is another command, or was asked for too often.
    mutating func join(_ other: Command, _ ticket: Ticket) -> Bool {
        guard other.isRepetition(of: command), tickets.count < PendingCommand.mostTickets else {
            return false
        }
        tickets.append(ticket)
        return true
    }
}

extension Watch {
    public mutating func submit(_ command: Command, _ ticket: Ticket, at now: BootTime) {
        if let known = controller.answers.result(of: command) {
            answers.post(known, for: ticket)
        } else if !isPending(command, ticket) {
            take(PendingCommand(command, ticket, at: now), at: now)
        }
        turn(at: now)
    }

    private mutating func isPending(_ command: Command, _ ticket: Ticket) -> Bool {
        (pendingMeasurement?.join(command, ticket) ?? false)
            || (pendingChange?.pending.join(command, ticket) ?? false)
    }

    private mutating func take(_ pending: PendingCommand, at now: BootTime) {
        let (command, ticket) = (pending.command, pending.tickets[0])
        switch (command.verb, controller.refusal(ofIncident: command)) {
        case (.cancel, _), (.delay, _):
            guard drill == nil else { return decideInDrill(command, ticket, at: now) }
            decide(.command(command, ticket), at: now)
        case (_, let refusal?): answer(refusal, pending, at: now)
        case (.measure, nil): measure(pending, at: now)
        case (.drill(let seconds), nil):
            answer(startDrill(seconds: seconds, at: now), pending, at: now)
        case (.set(let name, let value), nil): change(name, to: value, pending, at: now)
        }
    }

    mutating func answer(_ result: CommandResult, _ pending: PendingCommand, at now: BootTime) {
        let decided = controller.answered(result, pending.command, pending.tickets[0], at: now)
        carryOut(decided, of: controller.incidentID, at: now)
        for ticket in pending.tickets.dropFirst() { answers.post(result, for: ticket) }
    }

    // MARK: What changes something in the UPS

    /// One at a time waits for its turn.
    ///
    /// What was right when a command was taken need not be when it can be sent: nothing of it goes
    /// out in an outage, in a drill or on a link that was lost meanwhile.
    mutating func withdrawCommandsIfWrong(at now: BootTime) {
        guard poller.hasCommands else { return }
        if let pending = pendingMeasurement,
            let text = measurementRefusal(at: now) ?? pending.refusal(at: now)
        {
            pendingMeasurement = nil
            answer(.refused(text), pending, at: now)
        }
        if let pendingChange, !pendingChange.isSent,
            let text = changeRefusal(at: now) ?? pendingChange.pending.refusal(at: now)
        {
            endChange(.refused(text), at: now)
        }
        if pendingMeasurement == nil, pendingChange.map(\.isSent) ?? true {
            poller.withdrawCommands()
        }
    }

    // MARK: Measurement

    var isMeasuring: Bool { measurement.isRunning || pendingMeasurement != nil }

    private mutating func measure(_ pending: PendingCommand, at now: BootTime) {
        var refusal = measurementRefusal(at: now)
        if pendingMeasurement != nil { refusal = Message(.measurementRuns) }
        if pendingChange != nil { refusal = "A setting is being changed." }
        if let refusal { return answer(.refused(refusal), pending, at: now) }
        pendingMeasurement = pending
        poller.ask(.startMeasurement)
    }

    private func measurementRefusal(at now: BootTime) -> Message? {
        if drill != nil { return Message(.drillRuns) }
        // A charge from before an outage or a lost link says nothing, though it may be shown.
        let isKnown = history.lastReturn.map { $0 < chargeRead ?? $0 } ?? true
        return measurement.refusal(
            isIdle: controller.isIdle, link: controller.link(at: now),
            charge: isKnown ? controller.charge : nil, at: now)
    }

    mutating func measurementSent(at now: BootTime) {
        measurement.ask(at: now)
        announce(.measurementStarted, Message(.measurementAsked), incident: nil, at: now)
        guard let pending = pendingMeasurement else { return }
        pendingMeasurement = nil
        answer(.accepted(Message(.measurementBegins)), pending, at: now)
    }

    /// Both kinds: what waits for its turn, and a change of which it is not known what came of it.
    mutating func loseCommands(because text: Message, at now: BootTime) {
        if let pending = pendingMeasurement {
            pendingMeasurement = nil
            answer(.refused(text), pending, at: now)
        }
        guard let change = pendingChange else { return }
        let end = change.isSent ? "\(text) The setting may have been changed." : text
        endChange(.refused(end), at: now)
    }
}
