// How the device has dealt with one request on this link. Kept by the Poller for each request.

import UPS

struct ResponseTimes: Sendable {
    /// One lost answer, or one "unsupported", which may be the echo of a garbled request, says
    /// nothing; after so many in a row the device does not tell it for now.
    static let patience = 3

    /// To be asked as soon as the line is free, but not before `notBefore`.
    var isPending = false
    private(set) var notBefore = BootTime(.zero)
    /// The round of its group waits for it.
    var isInRound = false
    /// When it was last asked.
    private(set) var asked = BootTime(.zero)
    /// What it tells is known.
    var isKnown = false
    /// Without an answer that tells something, in a row.
    private(set) var failures = 0
    /// It has failed too often, or what it told is old and it has failed.
    private(set) var isGone = false
    /// It has failed too often, and nothing was told since.
    private(set) var hasGivenUp = false
    /// When it was last told on this port.
    private(set) var told: BootTime?
    private var answers = 0
    /// The shortest time that an answer has taken.
    private var fastest: Duration?
    /// The answer needed so much more when the line was last read too early, less a step for each
    /// answer since.
    private var allowance = Duration.zero
    /// The line was read when it was time, and nothing was there.
    var wasEarly = false

    private static let mostAllowance = Duration(nanoseconds: 500_000)
    /// One look in some twenty is too early.
    private static let step = Duration(nanoseconds: 8000)
    /// Beyond the time of the line: some USB adapters hand on what they have every 16 ms. A host
    /// that was busy during the first answer measured more, and must not read the next ones as
    /// late.
    private static let mostSilence = Duration(nanoseconds: 20_000_000)

    mutating func failed(within limit: Duration, at now: BootTime) {
        failures += 1
        if failures >= ResponseTimes.patience { hasGivenUp = true }
        isGone = failures >= ResponseTimes.patience || told.map { now - $0 >= limit } ?? false
        if isGone { isKnown = false }
        askAgain(at: now + pause)
    }

    mutating func askAgain(at time: BootTime) {
        (isPending, notBefore) = (true, time)
    }

    /// Before everything else, unless it was asked a moment ago.
    mutating func hurry(at now: BootTime) {
        guard now - asked >= .seconds(2) else { return }
        (isPending, notBefore, asked) = (true, now, BootTime(.zero))
    }

    /// It is asked anew, as if it had not failed.
    mutating func beginAnew(isKnown staysKnown: Bool) {
        (failures, isInRound, notBefore) = (0, false, BootTime(.zero))
        isKnown = isKnown && staysKnown
    }

    /// Until it is asked again. What this device has told will most likely be told again; what it
    /// never told is asked for ever, but costs the line a time-out only seldom.
    private var pause: Duration {
        guard failures >= ResponseTimes.patience else { return .zero }
        let excess = failures - ResponseTimes.patience
        guard told == nil else { return .seconds(min(excess + 1, 60)) }
        return .seconds(excess < 8 ? 1 << excess : 300)
    }

    mutating func answered(after duration: Duration, at now: BootTime) {
        (failures, hasGivenUp, isGone, told, isKnown) = (0, false, false, now, true)
        answers += 1
        let fastest = min(duration, fastest ?? duration)
        self.fastest = fastest
        let learnt = wasEarly ? duration - fastest : allowance - ResponseTimes.step
        allowance = max(.zero, min(learnt, ResponseTimes.mostAllowance))
    }

    /// Returns how long the line need not be read: as long as an answer usually takes. Now and then
    /// only as long as the line itself takes, because a busy host measures too much.
    mutating func asked(line: Duration, at now: BootTime) -> Duration {
        (isPending, asked, wasEarly) = (false, now, false)
        guard let fastest, !answers.isMultiple(of: 64) else { return line }
        return min(max(line, fastest) + allowance, line + ResponseTimes.mostSilence)
    }
}
