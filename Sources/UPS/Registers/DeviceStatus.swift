// The status register of the UPS. Read by the poller, shown by the sinks.

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
