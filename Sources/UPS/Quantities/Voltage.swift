// Voltage, current and power, with their units in the types. Voltage and current are as the device
// counts them.

/// The device reports mV.
public struct Voltage: Comparable, Hashable, Sendable {
    public var millivolts: Int

    public init(millivolts: Int) {
        self.millivolts = millivolts
    }

    public init(volts: Double) {
        millivolts = Int((volts * 1000).rounded())
    }

    public var volts: Double { Double(millivolts) / 1000 }

    public static func < (left: Voltage, right: Voltage) -> Bool {
        left.millivolts < right.millivolts
    }
}

/// The device reports mA; a battery current below 0 discharges.
public struct Current: Hashable, Sendable {
    public var milliamperes: Int

    public init(milliamperes: Int) {
        self.milliamperes = milliamperes
    }

    public var amperes: Double { Double(milliamperes) / 1000 }
}

public struct Power: Comparable, Hashable, Sendable {
    public var watts: Double

    public init(watts: Double) {
        self.watts = watts
    }

    /// Nil: one of the two is not known.
    init?(_ voltage: Voltage?, _ current: Current?) {
        guard let voltage, let current else { return nil }
        watts = voltage.volts * current.amperes
    }

    var microwatts: Int { Int((watts * 1e6).rounded()) }

    public static func < (left: Power, right: Power) -> Bool {
        left.watts < right.watts
    }
}
