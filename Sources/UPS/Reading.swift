// What the UPS has told, value by value. Filled by the Watch, read by every outlet.

/// The measurements and registers of a UPS. Nil is "not known": never 0.
public struct Reading: Equatable, Sendable {
    public var deviceStatus: DeviceStatus?
    public var inputVoltage: Voltage?
    public var inputCurrent: Current?
    public var outputVoltage: Voltage?
    public var outputCurrent: Current?
    /// The voltage of the capacitor stack.
    public var batteryVoltage: Voltage?
    /// Below 0: discharging.
    public var batteryCurrent: Current?
    /// State of charge, 0 to 100 %.
    public var batteryCharge: Int?
    public var chargeStatus: ChargeStatus?
    public var monitorStatus: MonitorStatus?
    public var alarms: Alarms?
    public var capacitance: Capacitance?
    /// Equivalent series resistance of the stack. (mΩ)
    public var esrMilliohms: Int?
    /// One by one: an array that a snapshot shares would be copied for each new value.
    public var cell1, cell2, cell3, cell4: Voltage?
    public var temperatureCelsius: Int?

    public init() {}

    /// Always four.
    public var cellVoltages: [Voltage?] {
        get { [cell1, cell2, cell3, cell4] }
        set { (cell1, cell2, cell3, cell4) = (newValue[0], newValue[1], newValue[2], newValue[3]) }
    }

    public var inputPower: Power? {
        guard let inputVoltage, let inputCurrent else { return nil }
        return Power(inputVoltage, inputCurrent)
    }

    public var outputPower: Power? {
        guard let outputVoltage, let outputCurrent else { return nil }
        return Power(outputVoltage, outputCurrent)
    }

    public var batteryPower: Power? {
        guard let batteryVoltage, let batteryCurrent else { return nil }
        return Power(batteryVoltage, batteryCurrent)
    }
}

/// What does not change while the UPS stays the same. Kept when the link is lost.
public struct Identity: Equatable, Sendable {
    public var series: String?
    public var batteryType: String?
    public var serial: String?
    public var firmware: String?
    public var hardwareRevision: String?

    public init() {}
}
