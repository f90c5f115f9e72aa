// The drill: a command that plays an outage on a running daemon. Called by the Watch; the shutdown
// command never runs.

import Decision
import UPS

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
    mutating func startDrill(seconds: Int?, at now: BootTime) -> CommandResult {
        if let seconds, !Drill.range.contains(seconds) {
            let (least, most) = (Drill.range.lowerBound, Drill.range.upperBound)
            return .refused("A drill lasts \(least) to \(most) seconds.")
        }
        guard drill == nil else { return .refused("A drill is already running.") }
        guard controller.isIdle else {
            return .refused(Message(.outageOrJustEnded))
        }
        guard controller.link(at: now) == .ok else {
            return .refused("The link to the UPS is not there.")
        }
        guard !isMeasuring else { return .refused("A measurement is running.") }
        let played = controller.forDrill(at: now)
        let length =
            seconds.map { Duration.seconds($0) } ?? played.nextTimer + Drill.afterDelay
        drill = Drill(controller: played, ends: now + length)
        controller.countDrill()
        let begins = Message(.drillBegins, length.roundedSeconds)
        announce(.warning, Message(.drill, begins), incident: nil, at: now)
        return .accepted(begins)
    }

    mutating func decideDrill(_ input: ShutdownController.Input, at now: BootTime) {
        let before = drill?.controller.incidentID
        guard let decided = drill?.controller.handle(input, at: now) else { return }
        let incident = drill?.controller.incidentID ?? before
        carryOut(decided, of: incident, at: now, isDrill: true)
    }

    /// What a command did in a drill it has done: it has no second effect after it either.
    mutating func decideInDrill(_ command: Command, _ ticket: Ticket, at now: BootTime) {
        drill?.controller.answers = controller.answers
        decideDrill(.command(command, ticket), at: now)
        if let drill { controller.answers = drill.controller.answers }
    }

    mutating func drillStatus(_ status: DeviceStatus, at now: BootTime) {
        guard let drill else { return }
        var played = status
        if now < drill.ends { played.remove(.powerPresent) }
        played.remove(.shutdownSet)
        decideDrill(.reading(played), at: now)
    }

    mutating func advanceDrill(to now: BootTime) {
        guard let running = drill else { return }
        // A single reading without power is no outage yet.
        guard controller.runningNumber == nil else {
            drill = nil
            announce(.warning, Message(.drillEnded), incident: nil, at: now)
            return
        }
        if now >= running.ends, running.controller.isIdle {
            drill = nil
            announce(.warning, Message(.drillOver), incident: nil, at: now)
        } else {
            decideDrill(.tick, at: now)
        }
    }
}
