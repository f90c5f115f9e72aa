// A capacitance, with its unit in the type. As the device counts it.

/// The capacitance of the whole capacitor stack.
public struct Capacitance: Comparable, Hashable, Sendable {
    public var millifarads: Int

    public init(millifarads: Int) {
        self.millifarads = millifarads
    }

    public var farads: Double { Double(millifarads) / 1000 }

    public static func < (left: Capacitance, right: Capacitance) -> Bool {
        left.millifarads < right.millifarads
    }

    /// What the stack gives until it has fallen to `end`: ½C(V² − Vend²).
    public func energy(from start: Voltage, to end: Voltage) -> Energy {
        let squares = start.volts * start.volts - end.volts * end.volts
        return Energy(joules: max(0, 0.5 * farads * squares))
    }
}
