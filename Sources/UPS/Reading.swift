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
    private var cell1, cell2, cell3, cell4: Voltage?
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

    /// Takes one answer, or forgets the value when there is none any more.
    mutating func set(_ request: Request, to reply: Reply?) {
        switch request {
        case .deviceStatus: deviceStatus = reply?.deviceStatus
        case .inputVoltage: inputVoltage = reply?.voltage
        case .inputCurrent: inputCurrent = reply?.current
        case .outputVoltage: outputVoltage = reply?.voltage
        case .outputCurrent: outputCurrent = reply?.current
        case .batteryVoltage: batteryVoltage = reply?.voltage
        case .batteryCurrent: batteryCurrent = reply?.current
        case .charge: batteryCharge = reply?.percent
        case .chargeStatus: chargeStatus = reply?.chargeStatus
        case .monitorStatus: monitorStatus = reply?.monitorStatus
        case .alarms: alarms = reply?.alarms
        case .capacitance: capacitance = reply?.capacitance
        case .esr: esrMilliohms = reply?.milliohms
        case .cell1: cell1 = reply?.voltage
        case .cell2: cell2 = reply?.voltage
        case .cell3: cell3 = reply?.voltage
        case .cell4: cell4 = reply?.voltage
        case .temperature: temperatureCelsius = reply?.celsius
        default: break
        }
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

    mutating func set(_ request: Request, to text: String) {
        switch request {
        case .series: series = text
        case .batteryType: batteryType = text
        case .serial: serial = text
        case .firmware: firmware = text
        case .hardwareRevision: hardwareRevision = text
        default: break
        }
    }
}

extension Reply {
    var deviceStatus: DeviceStatus? {
        if case .deviceStatus(let value) = self { value } else { nil }
    }
    var voltage: Voltage? { if case .voltage(let value) = self { value } else { nil } }
    var current: Current? { if case .current(let value) = self { value } else { nil } }
    var percent: Int? { if case .percent(let value) = self { value } else { nil } }
    var celsius: Int? { if case .celsius(let value) = self { value } else { nil } }
    var milliohms: Int? { if case .milliohms(let value) = self { value } else { nil } }
    var alarms: Alarms? { if case .alarms(let value) = self { value } else { nil } }
    var chargeStatus: ChargeStatus? {
        if case .chargeStatus(let value) = self { value } else { nil }
    }
    var monitorStatus: MonitorStatus? {
        if case .monitorStatus(let value) = self { value } else { nil }
    }
    var capacitance: Capacitance? {
        if case .capacitance(let value) = self { value } else { nil }
    }
}
