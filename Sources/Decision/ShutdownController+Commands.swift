// Rules 8 and 9: cancel and delay, and what is refused.

public import UPS

extension ShutdownController {
    mutating func takeCommand(_ command: Command, _ ticket: Ticket, at now: BootTime) {
        if let known = answers.result(of: command) {
            return actions.append(.answer(ticket, known))
        }
        let result = decide(command, at: now)
        remember(result, of: command, ticket, at: now)
    }

    /// Answers, and notes the answer for a repeated id and a refusal for the event log.
    public mutating func remember(
        _ result: CommandResult, of command: Command, _ ticket: Ticket, at now: BootTime
    ) {
        answers.remember(result, of: command)
        actions.append(.answer(ticket, result))
        guard !result.isAccepted, let suppressed = refusals.pass(at: now) else { return }
        let (name, origin) = (command.name.rawValue, command.origin.message)
        let message =
            suppressed > 0
            ? Message(.refusedMore, name, origin, result.message, suppressed)
            : Message(.refused, name, origin, result.message)
        actions.append(.announce(.commandRefused, message))
    }

    /// A command that names another incident than the present one.
    public func refusal(ofIncident command: Command) -> CommandResult? {
        guard let named = command.incident, named != incidentID?.description else { return nil }
        // Its words are a stranger's, and this text reaches every sink.
        return .refused(
            incidentID.map { Message(.otherIncident, $0.description) } ?? Message(.noIncident))
    }

    private mutating func decide(_ command: Command, at now: BootTime) -> CommandResult {
        if let refusal = refusal(ofIncident: command) { return refusal }
        guard !isCommitted else {
            return .refused(Message(.alreadyCommitted))
        }
        switch command.verb {
        case .cancel: return cancel(by: command.origin, at: now)
        case .delay(let seconds): return delay(seconds, by: command.origin, at: now)
        case .measure, .drill, .set: return .refused("That is not for the shutdown controller.")
        }
    }

    /// Disarms the timer of the outage, and that of a request: what was said to be running.
    private mutating func cancel(by origin: Origin, at now: BootTime) -> CommandResult {
        guard isOutage || request != nil else {
            return .refused(Message(.nothingToCancel))
        }
        var wasArmed = false
        changeTimers { incident in
            wasArmed = wasArmed || incident.timer != nil
            incident.timer = nil
            incident.wasCancelled = true
        }
        if wasArmed {
            let message = Message(.cancelledBy, origin.message)
            actions.append(.announce(.shutdownCancelled, message))
        }
        guard let deadline = deadline(at: now) else {
            return .accepted(Message(isOutage ? .cancelledUnlessLow : .cancelled))
        }
        let seconds = max(0, (deadline.time - now).roundedSeconds)
        return .accepted(
            Message(.cancelledAtMost, seconds, message(of: deadline.reason)),
            deadline: deadline.time)
    }

    private var isOutage: Bool {
        if case .outage = stage { true } else { false }
    }

    /// Of the outage that goes on and of the request beside it.
    private mutating func changeTimers(_ change: (inout Incident) -> Void) {
        if case .outage(var outage) = stage {
            change(&outage)
            stage = .outage(outage)
        }
        if request != nil { change(&request!) }
    }

    private mutating func delay(
        _ seconds: Int, by origin: Origin, at now: BootTime
    ) -> CommandResult {
        let range = ShutdownPolicy.delayRange
        guard range.contains(seconds) else {
            return .refused(Message(.delayRange, range.lowerBound, range.upperBound))
        }
        let delay = Duration.seconds(seconds)
        if origin.mayOnlyLengthen, let refusal = refusal(ofRemote: delay, by: origin, at: now) {
            return refusal
        }
        guard isOutage || request != nil else { return delayNext(delay, by: origin) }
        changeTimers { incident in
            let isLater = incident.timer.map { $0 > now + delay } ?? false
            if isLater, origin.mayOnlyLengthen { return }
            incident.timer = now + delay
            incident.wasCancelled = false
            incident.delay = delay
        }
        return delayed(by: origin, asked: delay, at: now)
    }

    /// Over a network a delay brings nothing forward, and arms what a person has cancelled but
    /// nothing that the configuration has switched off.
    private func refusal(
        ofRemote delay: Duration, by origin: Origin, at now: BootTime
    ) -> CommandResult? {
        if delay < policy.delay {
            let least = policy.delay.roundedSeconds
            return .refused(Message(.delayTooShort, origin.message, least))
        }
        // A lost link brings its own deadline, and takes it away again when it is back.
        if let running = incidentDeadline ?? deadline(at: now), now + delay < running.time {
            let left = max(0, (running.time - now).roundedSeconds)
            return .refused(
                Message(.delayOnlyLonger, origin.message, left), deadline: running.time)
        }
        if case .outage(let outage) = stage, outage.timer == nil, !policy.byTime {
            return .refused(Message(.timerIsOff, origin.message))
        }
        return nil
    }

    private mutating func delayed(
        by origin: Origin, asked: Duration, at now: BootTime
    ) -> CommandResult {
        guard let deadline = deadline(at: now) else { return .accepted("The timer runs.") }
        let seconds = max(0, (deadline.time - now).roundedSeconds)
        actions.append(
            .announce(.shutdownDelayed, Message(.delayedBy, seconds, origin.message)))
        guard deadline.time < now + asked else {
            return .accepted(Message(.delayed, seconds), deadline: deadline.time)
        }
        let needed = policy.hostShutdownTime + policy.reserve
        let isTimer =
            deadline.reason == .upsTimer
            && policy.longestDelay.map { $0 > ShutdownPolicy.shortestDelay } == true
        let message =
            isTimer
            ? Message(.delayedToTimer, seconds, asked.roundedSeconds, needed.roundedSeconds)
            : Message(
                .delayedLess, seconds, asked.roundedSeconds, message(of: deadline.reason))
        return .accepted(message, deadline: deadline.time)
    }

    private mutating func delayNext(_ delay: Duration, by origin: Origin) -> CommandResult {
        nextDelay = delay
        let seconds = delay.roundedSeconds
        actions.append(
            .announce(.shutdownDelayed, Message(.nextDelayBy, seconds, origin.message)))
        guard let longest = configured.longestDelay, longest < delay else {
            return .accepted(Message(.nextDelay, seconds))
        }
        return .accepted(Message(.nextDelayLess, seconds, longest.roundedSeconds))
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
