// The alarm register of the charger. Read by the poller, shown by the sinks.

/// LTC3350 `alarm_reg` (0x1D). Limits are off by default, so it is normally 0.
public struct Alarms: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let esrHigh = Alarms(rawValue: 0x4000)
    public static let capacitanceLow = Alarms(rawValue: 0x8000)
}
