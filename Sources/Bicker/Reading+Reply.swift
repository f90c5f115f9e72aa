// What an answer means for the picture of the UPS. Used by the Watch.

public import UPS

extension Reading {
    /// Takes one answer, or forgets the value when there is none any more.
    public mutating func set(_ request: Request, to reply: Reply?) {
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

extension Identity {
    public mutating func set(_ request: Request, to text: String?) {
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
    public var deviceStatus: DeviceStatus? {
        if case .deviceStatus(let value) = self { value } else { nil }
    }
    public var voltage: Voltage? { if case .voltage(let value) = self { value } else { nil } }
    public var current: Current? { if case .current(let value) = self { value } else { nil } }
    public var percent: Int? { if case .percent(let value) = self { value } else { nil } }
    public var celsius: Int? { if case .celsius(let value) = self { value } else { nil } }
    public var milliohms: Int? { if case .milliohms(let value) = self { value } else { nil } }
    public var alarms: Alarms? { if case .alarms(let value) = self { value } else { nil } }
    public var chargeStatus: ChargeStatus? {
        if case .chargeStatus(let value) = self { value } else { nil }
    }
    public var monitorStatus: MonitorStatus? {
        if case .monitorStatus(let value) = self { value } else { nil }
    }
    public var capacitance: Capacitance? {
        if case .capacitance(let value) = self { value } else { nil }
    }
}
