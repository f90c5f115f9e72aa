// The registers of the charger, an LTC3350. Read by the poller, shown by the sinks.

/// `chrg_status` (0x1B). Bits 10 and 12 to 15 are reserved and not always 0.
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

/// `mon_status` (0x1C). Bits 7 and 10 to 15 are reserved.
public struct MonitorStatus: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let measurementActive = MonitorStatus(rawValue: 0x0001)
    public static let measurementScheduled = MonitorStatus(rawValue: 0x0002)
    public static let measurementPending = MonitorStatus(rawValue: 0x0004)
    /// A measurement goes on, or will soon, whether the daemon asked for it or not.
    public static let measurement: MonitorStatus = [
        measurementActive, measurementScheduled, measurementPending,
    ]
    public static let capacitanceDone = MonitorStatus(rawValue: 0x0008)
    public static let esrDone = MonitorStatus(rawValue: 0x0010)
    public static let capacitanceFailed = MonitorStatus(rawValue: 0x0020)
    public static let esrFailed = MonitorStatus(rawValue: 0x0040)
    /// Set when the input fails or the charger is unable; cleared by `powerReturned`.
    public static let powerFailed = MonitorStatus(rawValue: 0x0100)
    public static let powerReturned = MonitorStatus(rawValue: 0x0200)
}

/// `alarm_reg` (0x1D). Limits are off by default, so it is normally 0.
public struct Alarms: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let esrHigh = Alarms(rawValue: 0x4000)
    public static let capacitanceLow = Alarms(rawValue: 0x8000)
}
