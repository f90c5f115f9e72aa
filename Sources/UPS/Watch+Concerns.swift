// What is wrong with the host, as those see it who may look at files and processes. They report; the
// Watch tells everybody, and keeps it in `problem` until it is reported as over.

/// Where it is wrong.
public enum Concern: CaseIterable, Sendable {
    /// It cannot be opened. Over as soon as it is open; the link has events of its own.
    case serialPort
    /// The way to power this host off does not work.
    case powerOff
    /// What the daemon needs of its own host.
    case host
    /// What is installed and configured.
    case installation
}

extension Watch {
    /// Everything that is wrong there now, a sentence each; what was not known before becomes a
    /// warning.
    public mutating func report(_ problems: [String], of concern: Concern, at now: BootTime) {
        if concern == .serialPort, isOpen { return }
        let known = concerns[concern] ?? []
        guard problems != known else { return }
        concerns[concern] = problems
        for problem in problems where concern != .serialPort && !known.contains(problem) {
            announce(.warning, problem, incident: controller.incidentID, at: now)
        }
        followHeadline(at: now)
    }

    var problem: String? {
        var problems = checks.problems
        if wear.isWorn { problems.append("The capacitors should be replaced") }
        if controller.hasFailed { problems.append("The last shutdown failed") }
        if let standing = setup.standingProblem { problems.append(standing) }
        problems += Concern.allCases.flatMap { concerns[$0] ?? [] }
        return problems.isEmpty ? nil : problems.joined(separator: "; ")
    }
}
