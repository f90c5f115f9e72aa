// The bit fields of the device and of its LTC3350 charger, with the data sheet's meanings.

/// Command 0x40 of index 0x01, one byte. Source: NUT `drivers/bicker_ser.c`.
public struct DeviceStatus: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let charging = DeviceStatus(rawValue: 0x01)
    public static let discharging = DeviceStatus(rawValue: 0x02)
    /// The flag that decides: input power is there.
    public static let powerPresent = DeviceStatus(rawValue: 0x04)
    public static let batteryPresent = DeviceStatus(rawValue: 0x08)
    /// The UPS has been told, or has decided, that the host is to shut down.
    public static let shutdownSet = DeviceStatus(rawValue: 0x10)
    public static let overcurrent = DeviceStatus(rawValue: 0x20)
}

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
    public static let undervoltageLockout = ChargeStatus(rawValue: 0x0008)
    public static let inputCurrentLimit = ChargeStatus(rawValue: 0x0010)
    public static let capacitorPowerGood = ChargeStatus(rawValue: 0x0020)
    public static let shunting = ChargeStatus(rawValue: 0x0040)
    public static let balancing = ChargeStatus(rawValue: 0x0080)
    /// The charger is off for a capacitance measurement.
    public static let disabledForMeasurement = ChargeStatus(rawValue: 0x0100)
    public static let constantCurrent = ChargeStatus(rawValue: 0x0200)
    /// The input is below the power-fail threshold.
    public static let powerFail = ChargeStatus(rawValue: 0x0800)
}

/// LTC3350 `mon_status` (0x1C). Bits 7 and 10 to 15 are reserved.
public struct MonitorStatus: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let measurementActive = MonitorStatus(rawValue: 0x0001)
    public static let measurementScheduled = MonitorStatus(rawValue: 0x0002)
    public static let measurementPending = MonitorStatus(rawValue: 0x0004)
    public static let capacitanceDone = MonitorStatus(rawValue: 0x0008)
    public static let esrDone = MonitorStatus(rawValue: 0x0010)
    public static let capacitanceFailed = MonitorStatus(rawValue: 0x0020)
    public static let esrFailed = MonitorStatus(rawValue: 0x0040)
    /// Set when the input fails or the charger is unable; cleared by `powerReturned`.
    public static let powerFailed = MonitorStatus(rawValue: 0x0100)
    public static let powerReturned = MonitorStatus(rawValue: 0x0200)
}

/// LTC3350 `alarm_reg` (0x1D). Limits are off by default, so it is normally 0.
public struct Alarms: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let capacitorUndervoltage = Alarms(rawValue: 0x0001)
    public static let capacitorOvervoltage = Alarms(rawValue: 0x0002)
    public static let gpiUndervoltage = Alarms(rawValue: 0x0004)
    public static let gpiOvervoltage = Alarms(rawValue: 0x0008)
    public static let inputUndervoltage = Alarms(rawValue: 0x0010)
    public static let inputOvervoltage = Alarms(rawValue: 0x0020)
    public static let stackUndervoltage = Alarms(rawValue: 0x0040)
    public static let stackOvervoltage = Alarms(rawValue: 0x0080)
    public static let outputUndervoltage = Alarms(rawValue: 0x0100)
    public static let outputOvervoltage = Alarms(rawValue: 0x0200)
    public static let inputOvercurrent = Alarms(rawValue: 0x0400)
    public static let chargeUndercurrent = Alarms(rawValue: 0x0800)
    public static let dieCold = Alarms(rawValue: 0x1000)
    public static let dieHot = Alarms(rawValue: 0x2000)
    public static let esrHigh = Alarms(rawValue: 0x4000)
    public static let capacitanceLow = Alarms(rawValue: 0x8000)
}
