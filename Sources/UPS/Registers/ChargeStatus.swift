// The status register of the charger. Read by the poller, shown by the sinks.

/// LTC3350 `chrg_status` (0x1B). Bits 10 and 12 to 15 are reserved and not always 0.
public struct ChargeStatus: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Step-down mode: charging.
    public static let stepDown = ChargeStatus(rawValue: 0x0001)
    /// Step-up mode: the capacitors feed the output.
    public static let stepUp = ChargeStatus(rawValue: 0x0002)
    public static let constantVoltage = ChargeStatus(rawValue: 0x0004)
    public static let capacitorPowerGood = ChargeStatus(rawValue: 0x0020)
    /// The charger is off for a capacitance measurement.
    public static let disabledForMeasurement = ChargeStatus(rawValue: 0x0100)
    public static let constantCurrent = ChargeStatus(rawValue: 0x0200)
    /// The input is below the power-fail threshold.
    public static let powerFail = ChargeStatus(rawValue: 0x0800)
}
