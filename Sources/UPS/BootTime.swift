// A moment on CLOCK_BOOTTIME, the one clock that decides. Every room uses it; none reads it here.

/// A moment as time since boot, suspend included. Never the wall clock, which may jump.
public struct BootTime: Comparable, Hashable, Sendable {
    public var sinceBoot: Duration

    public init(_ sinceBoot: Duration) {
        self.sinceBoot = sinceBoot
    }

    public static func < (left: BootTime, right: BootTime) -> Bool {
        left.sinceBoot < right.sinceBoot
    }

    public static func + (moment: BootTime, duration: Duration) -> BootTime {
        BootTime(moment.sinceBoot + duration)
    }

    public static func - (moment: BootTime, duration: Duration) -> BootTime {
        BootTime(moment.sinceBoot - duration)
    }

    public static func - (later: BootTime, earlier: BootTime) -> Duration {
        later.sinceBoot - earlier.sinceBoot
    }
}

/// The earlier of two moments, either of which may not exist.
public func earliest(_ one: BootTime?, _ other: BootTime?) -> BootTime? {
    guard let one else { return other }
    guard let other else { return one }
    return min(one, other)
}

extension Duration {
    /// As clocks tell it: less than 9 s of nanoseconds. The generic `nanoseconds(_:)` costs ten
    /// times as much, at each turn of the deciding loop.
    public init(seconds: Int = 0, nanoseconds: Int) {
        self.init(
            secondsComponent: Int64(seconds),
            attosecondsComponent: Int64(nanoseconds) * 1_000_000_000)
    }

    /// This duration in seconds, for display and for arithmetic with measurements.
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// This duration in whole nanoseconds, as clocks and their calls have it.
    public var inNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// This duration in whole milliseconds, rounded up, so that a wait never ends too early.
    public var inMillisecondsRoundedUp: Int {
        let (seconds, attoseconds) = components
        let perMillisecond: Int64 = 1_000_000_000_000_000
        return Int(seconds) * 1000 + Int((attoseconds + perMillisecond - 1) / perMillisecond)
    }

    /// Whole seconds, rounded to the nearest, as texts for people show them.
    public var roundedSeconds: Int {
        Int(inSeconds.rounded())
    }
}
