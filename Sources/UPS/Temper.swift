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

    mutating func answered(after duration: Duration) {
        (misses, refusals, notBefore) = (0, 0, nil)
        answers += 1
        fastest = min(duration, fastest ?? duration)
    }

    /// How long nobody need listen after asking: as long as it has ever taken at least. Now and
    /// then only as long as the line itself takes, because a busy host measures too much.
    func silence(atLeast line: Duration) -> Duration {
        answers.isMultiple(of: 16) ? line : max(line, fastest ?? line)
    }
}
