// What is wrong with the host. The rooms that may look at files and processes report it; the Watch
// makes it an event, and keeps it in `problem` until it is reported as over.

public import UPS

extension Watch {
    /// Everything that is wrong there now, a sentence each; what was not known before becomes a
    /// warning.
    public mutating func report(_ problems: [Message], of concern: Concern, at now: BootTime) {
        if concern == .serialPort, isOpen { return }
        let known = concerns[concern] ?? []
        guard problems != known else { return }
        concerns[concern] = problems
        for problem in problems where concern != .serialPort && !known.contains(problem) {
            if concern == .device, !missing.isNews(problem.text, at: now) { continue }
            announce(.warning, problem, incident: controller.incidentID, at: now)
        }
        followHeadline(at: now)
    }

    /// All that `problem` is made of.
    struct ProblemState: Equatable, Sendable {
        var findings = PlausibilityChecks.Findings()
        var isWorn = false
        var hasFailed = false
        var standing: [Message] = []
        /// How often they changed.
        var concerns = 0
    }

    /// The texts are made only when something of it has changed.
    mutating func followProblem() {
        let present = ProblemState(
            findings: checks.findings, isWorn: wear.isWorn, hasFailed: controller.hasFailed,
            standing: setup.standingProblems, concerns: concernChanges)
        guard present != problemState else { return }
        problemState = present
        problems = present.findings.problems
        if present.isWorn { problems.append(Message(.worn)) }
        if present.hasFailed { problems.append(Message(.lastShutdownFailed)) }
        problems += present.standing + Concern.allCases.flatMap { concerns[$0] ?? [] }
    }
}
