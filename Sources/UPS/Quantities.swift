// The physical quantities of a UPS, each with its unit in the type, as the device counts them.

/// An electric potential. The device reports mV.
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

/// An electric current. The device reports mA; a battery current below 0 discharges.
public struct Current: Comparable, Hashable, Sendable {
    public var milliamperes: Int

    public init(milliamperes: Int) {
        self.milliamperes = milliamperes
    }

    public var amperes: Double { Double(milliamperes) / 1000 }

    public static func < (left: Current, right: Current) -> Bool {
        left.milliamperes < right.milliamperes
    }
}

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

/// Energy.
public struct Energy: Comparable, Hashable, Sendable {
    public var joules: Double

    public init(joules: Double) {
        self.joules = joules
    }

    public var wattHours: Double { joules / 3600 }

    public static func < (left: Energy, right: Energy) -> Bool {
        left.joules < right.joules
    }
}

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
