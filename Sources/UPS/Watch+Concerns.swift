// What is wrong with the host, as those see it who may look at files and processes. They report;
// the Watch tells everybody, and keeps it in `problem` until it is reported as over.

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

    /// All that `problem` is made of.
    struct ProblemState: Equatable, Sendable {
        var findings = PlausibilityChecks.Findings()
        var isWorn = false
        var hasFailed = false
        var standing: String?
        /// How often they changed.
        var concerns = 0
    }

    /// The text is made only when something of it has changed.
    mutating func followProblem() {
        let present = ProblemState(
            findings: checks.findings, isWorn: wear.isWorn, hasFailed: controller.hasFailed,
            standing: setup.standingProblem, concerns: concernChanges)
        guard present != problemState else { return }
        problemState = present
        var problems = present.findings.problems
        if present.isWorn { problems.append("The capacitors should be replaced") }
        if present.hasFailed { problems.append("The last shutdown failed") }
        if let standing = present.standing { problems.append(standing) }
        problems += Concern.allCases.flatMap { concerns[$0] ?? [] }
        problem = problems.isEmpty ? nil : problems.joined(separator: "; ")
    }
}
