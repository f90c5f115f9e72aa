// What the capacitors were like when they were new. Learnt by the Watch, stored by the Daemon.

/// What the capacitors were like at first, kept by the Daemon for as long as the UPS has them.
public struct CapacitorsWhenNew: Equatable, Sendable {
    public var serial: String?
    public var batteryType: String?
    public var capacitance: Capacitance
    public var esrMilliohms: Int

    public init(
        serial: String?, batteryType: String?, capacitance: Capacitance, esrMilliohms: Int
    ) {
        (self.serial, self.batteryType) = (serial, batteryType)
        (self.capacitance, self.esrMilliohms) = (capacitance, esrMilliohms)
    }
}
