// Rules 8 and 9: cancel and delay, and what is refused.

extension ShutdownController {
    mutating func takeCommand(_ command: Command, _ ticket: Ticket, at now: BootTime) {
        if let known = answers.result(of: command) {
            return actions.append(.answer(ticket, known))
        }
        let result = decide(command, at: now)
        remember(result, of: command, ticket, at: now)
    }

    /// Answers, and notes the answer for a repeated id and a refusal for the event log.
    mutating func remember(
        _ result: CommandResult, of command: Command, _ ticket: Ticket, at now: BootTime
    ) {
        answers.remember(result, of: command)
        actions.append(.answer(ticket, result))
        guard !result.isAccepted, let suppressed = refusals.pass(at: now) else { return }
        let more = suppressed > 0 ? " (and \(suppressed) more)" : ""
        let text = "Refused \(command.name) from \(command.origin.text): \(result.message)\(more)"
        actions.append(.announce(.commandRefused, text))
    }

    /// A command that names another incident than the present one.
    func refusal(ofIncident command: Command) -> CommandResult? {
        guard let named = command.incident, named != incidentID?.description else { return nil }
        let present = incidentID.map { "the present one is \($0)" } ?? "there is none"
        return .refused("That command is for incident \(named.prefix(40)), but \(present).")
    }

    private mutating func decide(_ command: Command, at now: BootTime) -> CommandResult {
        if let refusal = refusal(ofIncident: command) { return refusal }
        guard !isCommitted else {
            return .refused("The shutdown has already been committed.")
        }
        switch command.verb {
        case .cancel: return cancel(by: command.origin, at: now)
        case .delay(let seconds): return delay(seconds, by: command.origin, at: now)
        case .measure, .drill, .set: return .refused("That is not for the shutdown controller.")
        }
    }

    private mutating func cancel(by origin: Origin, at now: BootTime) -> CommandResult {
        guard case .outage(var incident) = stage else {
            return .refused("There is no outage, so there is nothing to cancel.")
        }
        let wasArmed = incident.timer != nil
        incident.timer = nil
        incident.wasCancelled = true
        stage = .outage(incident)
        if wasArmed {
            let text = "Shutdown timer cancelled by \(origin.text)"
            actions.append(.announce(.shutdownCancelled, text))
        }
        guard let deadline = deadline(at: now) else {
            let isRequest = incident.cause == .upsRequest
            return .accepted(
                isRequest
                    ? "Cancelled."
                    : "Cancelled. A low charge or runtime may still shut this host down.")
        }
        let seconds = max(0, (deadline.time - now).roundedSeconds)
        return .accepted(
            "Cancelled for \(seconds) s at most: then \(deadline.reason.text). "
                + "Low charge or runtime may come earlier.", deadline: deadline.time)
    }

    private mutating func delay(
        _ seconds: Int, by origin: Origin, at now: BootTime
    ) -> CommandResult {
        let range = ShutdownPolicy.delayRange
        guard range.contains(seconds) else {
            return .refused("A delay is \(range.lowerBound) to \(range.upperBound) seconds.")
        }
        let delay = Duration.seconds(seconds)
        // A lost link brings its own deadline, and takes it away again when it is back.
        let running = incidentDeadline ?? deadline(at: now)
        if origin.mayOnlyLengthen {
            if delay < configured.delay {
                let least = configured.delay.roundedSeconds
                return .refused("Over \(origin.text) a delay may not be below \(least) s.")
            }
            if let running, now + delay < running.time {
                let left = max(0, (running.time - now).roundedSeconds)
                return .refused(
                    "Over \(origin.text) a delay may only lengthen: \(left) s are left.",
                    deadline: running.time)
            }
        }
        guard case .outage(var incident) = stage else { return delayNext(delay, by: origin) }
        incident.timer = now + delay
        incident.wasCancelled = false
        incident.delay = delay
        stage = .outage(incident)
        return delayed(by: origin, asked: delay, at: now)
    }

    private mutating func delayed(
        by origin: Origin, asked: Duration, at now: BootTime
    ) -> CommandResult {
        guard let deadline = deadline(at: now) else { return .accepted("The timer runs.") }
        let seconds = max(0, (deadline.time - now).roundedSeconds)
        let text = "Shutdown in \(seconds) s, set by \(origin.text)"
        actions.append(.announce(.shutdownDelayed, text))
        let isShorter = deadline.time < now + asked
        let limit = isShorter ? ", because \(deadline.reason.text) then" : ""
        return .accepted("Shutdown in \(seconds) s\(limit).", deadline: deadline.time)
    }

    private mutating func delayNext(_ delay: Duration, by origin: Origin) -> CommandResult {
        nextDelay = delay
        let seconds = delay.roundedSeconds
        let text = "Delay of the next outage set to \(seconds) s by \(origin.text)"
        actions.append(.announce(.shutdownDelayed, text))
        guard let longest = configured.longestDelay, longest < delay else {
            return .accepted("The next outage has a delay of \(seconds) s.")
        }
        return .accepted(
            "The next outage has a delay of \(seconds) s, "
                + "but the UPS's own timer leaves only \(longest.roundedSeconds) s.")
    }
}

/// The answers to the last commands that had an id: a repeated one has no second effect. Another
/// command under a used id is another command: its sender must not get a wrong answer.
struct AnswerMemory: Sendable {
    static let capacity = 64

    private struct Entry {
        let command: Command
        let result: CommandResult
    }

    private var entries: [Entry] = []

    func result(of command: Command) -> CommandResult? {
        guard command.id != nil else { return nil }
        return entries.last { $0.command == command }?.result
    }

    mutating func remember(_ result: CommandResult, of command: Command) {
        guard command.id != nil else { return }
        if entries.count == AnswerMemory.capacity { entries.removeFirst() }
        entries.append(Entry(command: command, result: result))
    }
}

/// Keeps a flood of refused commands from flooding the event log: five a minute are told.
struct RefusalLimit: Sendable {
    static let perMinute = 5

    private var minuteBegan: BootTime?
    private var told = 0
    private var suppressed = 0

    /// Nil: do not tell. Else how many were not told since the last one.
    mutating func pass(at now: BootTime) -> Int? {
        if minuteBegan.map({ now - $0 >= .seconds(60) }) ?? true {
            minuteBegan = now
            told = 0
        }
        guard told < RefusalLimit.perMinute else {
            suppressed += 1
            return nil
        }
        told += 1
        defer { suppressed = 0 }
        return suppressed
    }
}
