// What the Watch does around the decision: an outage that is played, and answers that are none of
// the decision's own.

public import UPS

extension ShutdownController {
    /// A controller that decides as this one would, dry, from now on.
    public func forDrill(at now: BootTime) -> ShutdownController {
        var policy = configured
        policy.dryRun = true
        var played = ShutdownController(
            policy: policy, statusInterval: statusInterval, boot: boot, at: now)
        played.incidents = incidents
        played.nextDelay = nextDelay
        played.lastPresent = now
        played.lastValid = lastValid
        played.portIsOpen = portIsOpen
        (played.chargeSought, played.chargeIsMissing) = (chargeSought, chargeIsMissing)
        return played
    }

    /// The drill took an incident's number.
    public mutating func countDrill() {
        incidents += 1
    }

    /// Notes an answer that was decided elsewhere.
    public mutating func answered(
        _ result: CommandResult, _ command: Command, _ ticket: Ticket, at now: BootTime
    ) -> [Action] {
        remember(result, of: command, ticket, at: now)
        defer { actions = [] }
        return actions
    }
}
