// A power, with its unit in the type. Made of voltage and current.

/// Electric power.
public struct Power: Comparable, Hashable, Sendable {
    public var watts: Double

    public init(watts: Double) {
        self.watts = watts
    }

    /// The power of a direct current at a voltage.
    public init(_ voltage: Voltage, _ current: Current) {
        watts = voltage.volts * current.amperes
    }

    public static func < (left: Power, right: Power) -> Bool {
        left.watts < right.watts
    }
}
