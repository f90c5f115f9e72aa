// How the device has dealt with one request on this link. Kept by the Poller for each request.

struct Temper: Sendable {
    /// Unanswered in a row.
    var misses = 0
    /// Answered with "unsupported" in a row.
    var refusals = 0
    /// Not asked before this moment.
    var notBefore: BootTime?
    private var answers = 0
    /// The shortest time that an answer has taken.
    private var fastest: Duration?
    /// How much longer they usually take.
    private var allowance = Duration.zero
    private var wasEarly = false

    /// Nobody is kept waiting for longer than this only because another answer has taken so long.
    private static let mostAllowance = Duration(nanoseconds: 500_000)
    /// What is learnt from an early look is forgotten in steps, so that one in some twenty is early.
    private static let step = Duration(nanoseconds: 8000)

    mutating func answered(after duration: Duration) {
        (misses, refusals, notBefore) = (0, 0, nil)
        answers += 1
        let fastest = min(duration, fastest ?? duration)
        self.fastest = fastest
        let learnt = wasEarly ? duration - fastest : allowance - Temper.step
        allowance = max(.zero, min(learnt, Temper.mostAllowance))
        wasEarly = false
    }

    /// Somebody looked, and nothing was there.
    mutating func lookedEarly() {
        wasEarly = true
    }

    /// How long nobody need listen after asking: as long as it usually takes. Now and then only as
    /// long as the line itself takes, because a busy host measures too much.
    func silence(atLeast line: Duration) -> Duration {
        guard let fastest, !answers.isMultiple(of: 64) else { return line }
        return max(line, fastest + allowance)
    }
}
