// Puts an answer into the reading or the identity of the UPS. Used by the Watch.

public import UPS

extension Reading {
    /// Takes one answer, or forgets the value when there is none any more.
    public mutating func set(_ request: Request, to reply: Reply?) {
        switch request {
        case .deviceStatus: deviceStatus = reply?.deviceStatus
        case .chargeStatus: chargeStatus = reply?.chargeStatus
        case .monitorStatus: monitorStatus = reply?.monitorStatus
        case .alarms: alarms = reply?.alarms
        default:
            if let quantity = request.quantity { self[quantity] = reply?.count }
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
    /// A value in the last of its decimals; nil: it has not been measured yet, or is no value.
    var count: Int? {
        switch self {
        case .voltage(let voltage): voltage.millivolts
        case .current(let current): current.milliamperes
        case .percent(let count), .count(let count), .celsius(let count): count
        case .milliohms(let count): count
        case .capacitance(let capacitance): capacitance?.millifarads
        case .deviceStatus, .text, .chargeStatus, .monitorStatus, .alarms, .setting, .acknowledged:
            nil
        }
    }

    public var deviceStatus: DeviceStatus? {
        if case .deviceStatus(let value) = self { value } else { nil }
    }
    public var percent: Int? { if case .percent(let value) = self { value } else { nil } }
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
