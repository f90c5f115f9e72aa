// The alarm register of the charger. Read by the poller, shown by the sinks.

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
