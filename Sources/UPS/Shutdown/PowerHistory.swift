// How often and how long the input was absent. Kept by the Watch, shown by NIS and the page.

public struct PowerHistory: Equatable, Sendable {
    /// Outages of this boot; a drill is none.
    public var failures = 0
    public var lastFailure: BootTime?
    public var lastReturn: BootTime?
    /// Time on battery in outages that are over.
    public var onBatteryBefore = Duration.zero

    public init() {}

    /// The time on battery of the outage that goes on, else 0.
    public func onBattery(at now: BootTime) -> Duration {
        guard isOnBattery, let lastFailure else { return .zero }
        return max(.zero, now - lastFailure)
    }

    public func onBatteryInAll(at now: BootTime) -> Duration {
        onBatteryBefore + onBattery(at: now)
    }

    /// An outage has begun, and its end was not seen.
    public var isOnBattery: Bool {
        guard let lastFailure else { return false }
        return lastReturn.map { $0 < lastFailure } ?? true
    }

    public mutating func fail(number: Int, at now: BootTime) {
        failures = number
        lastFailure = now
    }

    public mutating func resume(at now: BootTime) {
        onBatteryBefore += onBattery(at: now)
        lastReturn = now
    }
}
