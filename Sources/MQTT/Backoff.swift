// How long to wait before the next attempt to reach the broker. A value, used by the publisher's
// thread.

/// A broker that restarts must find everything again within 2 s, so attempts come every second: for
/// a minute, and on loopback, where one costs next to nothing, without end. One that is away for
/// longer costs a packet every 30 s. After a refusal, which only a person can change, attempts come
/// every 5 s to 30 s.
struct Backoff {
    private static let longest = 30.0
    private static let quickAttempts = 60

    let isLoopback: Bool
    private var attempts = 0
    private var refusals = 0

    init(isLoopback: Bool) {
        self.isLoopback = isLoopback
    }

    mutating func reset() {
        attempts = 0
        refusals = 0
    }

    /// `jitter`, 0.8 to 1.2, keeps the clients of one broker apart.
    mutating func next(afterRefusal isRefusal: Bool, jitter: Double) -> Duration {
        .seconds((isRefusal ? refused() : unreachable()) * jitter)
    }

    private mutating func refused() -> Double {
        refusals = min(refusals + 1, 4)
        return min(Backoff.longest, 5 * Double(1 << (refusals - 1)))
    }

    private mutating func unreachable() -> Double {
        attempts = min(attempts + 1, Backoff.quickAttempts + 5)
        if attempts <= 2 { return 0.25 * Double(attempts) }
        guard !isLoopback, attempts > Backoff.quickAttempts else { return 1 }
        return min(Backoff.longest, Double(1 << (attempts - Backoff.quickAttempts)))
    }
}
