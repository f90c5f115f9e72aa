// The register of the charger's measurements. Read by the poller, shown by the sinks.

/// LTC3350 `mon_status` (0x1C). Bits 7 and 10 to 15 are reserved.
public struct MonitorStatus: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let measurementActive = MonitorStatus(rawValue: 0x0001)
    public static let measurementScheduled = MonitorStatus(rawValue: 0x0002)
    public static let measurementPending = MonitorStatus(rawValue: 0x0004)
    /// A measurement goes on, or will soon, for whatever reason.
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
