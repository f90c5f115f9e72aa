// A voltage, with its unit in the type. As the device counts it.

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
