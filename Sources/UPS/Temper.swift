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
    /// So much more was needed when somebody last looked too early, less a step for each answer
    /// since.
    private var allowance = Duration.zero
    private var wasEarly = false

    private static let mostAllowance = Duration(nanoseconds: 500_000)
    /// One look in some twenty is too early.
    private static let step = Duration(nanoseconds: 8000)
    /// Beyond the time of the line: some USB adapters hand on what they have every 16 ms. A host
    /// that was busy during the first answer measured more, and must not read the next ones as
    /// late.
    private static let mostSilence = Duration(nanoseconds: 20_000_000)

    mutating func answered(after duration: Duration) {
        (misses, refusals, notBefore) = (0, 0, nil)
        answers += 1
        let fastest = min(duration, fastest ?? duration)
        self.fastest = fastest
        let learnt = wasEarly ? duration - fastest : allowance - Temper.step
        allowance = max(.zero, min(learnt, Temper.mostAllowance))
    }

    /// Somebody looked when it was time, and nothing was there.
    mutating func lookedEarly() {
        wasEarly = true
    }

    /// Returns how long nobody need listen: as long as an answer usually takes. Now and then only as
    /// long as the line itself takes, because a busy host measures too much.
    mutating func asked(line: Duration) -> Duration {
        wasEarly = false
        guard let fastest, !answers.isMultiple(of: 64) else { return line }
        return min(max(line, fastest) + allowance, line + Temper.mostSilence)
    }
}
