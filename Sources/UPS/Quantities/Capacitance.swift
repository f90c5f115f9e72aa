// Capacitance and energy, with their units in the types. The device counts the capacitance; the
// Watch sums the energy up.

/// The capacitance of the whole capacitor stack.
public struct Capacitance: Hashable, Sendable {
    public var millifarads: Int

    public init(millifarads: Int) {
        self.millifarads = millifarads
    }

    public var farads: Double { Double(millifarads) / 1000 }

    /// What the stack gives until it has fallen to `end`: ½C(V² − Vend²).
    public func energy(from start: Voltage, to end: Voltage) -> Energy {
        let squares = start.volts * start.volts - end.volts * end.volts
        return Energy(joules: max(0, 0.5 * farads * squares))
    }
}

public struct Energy: Hashable, Sendable {
    public var joules: Double

    public init(joules: Double) {
        self.joules = joules
    }

    public var nanowattHours: Int { Int((joules / 3600 * 1e9).rounded()) }
}
