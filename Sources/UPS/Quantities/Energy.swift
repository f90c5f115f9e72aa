// An energy, with its unit in the type. Summed up by the Watch.

/// Energy.
public struct Energy: Comparable, Hashable, Sendable {
    public var joules: Double

    public init(joules: Double) {
        self.joules = joules
    }

    public var nanowattHours: Int { Int((joules / 3600 * 1e9).rounded()) }

    public static func < (left: Energy, right: Energy) -> Bool {
        left.joules < right.joules
    }
}
