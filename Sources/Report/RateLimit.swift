// A rate limit, so many a second and a few at once: a token bucket. Used for what others may send
// and for what the sinks send.

public import UPS

public struct RateLimit: Sendable {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var last: BootTime?

    /// Full at first.
    public init(perSecond: Double, burst: Int) {
        self.perSecond = perSecond
        self.burst = Double(burst)
        tokens = Double(burst)
    }

    /// How many may pass now.
    public mutating func available(at now: BootTime) -> Int {
        if let last { tokens = min(burst, tokens + max(0, (now - last).inSeconds) * perSecond) }
        last = now
        return Int(tokens)
    }

    /// Takes what has passed. More than was available counts against later ones.
    public mutating func spend(_ count: Int) {
        tokens -= Double(count)
    }

    /// True, and one less, when one may pass.
    public mutating func pass(at now: BootTime) -> Bool {
        guard available(at: now) > 0 else { return false }
        spend(1)
        return true
    }
}
