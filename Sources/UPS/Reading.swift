// What the UPS tells: the list of its values, and the picture of them. Filled by the Watch, read by
// every sink.

/// Every value that a UPS measures, or that follows from what it measures. What shows values
/// switches over these without a default, so that the compiler names the places of a new one.
public enum Quantity: CaseIterable, Sendable {
    case inputVoltage, outputVoltage, batteryVoltage, cell1, cell2, cell3, cell4
    case inputCurrent, outputCurrent, batteryCurrent
    case load, temperature, capacitance, esr, capacitanceWhenNew, esrWhenNew, charge, runtime
    case inputPower, outputPower, inputEnergy, outputEnergy

    /// With the symbol of the unit.
    public enum Unit: String, Sendable {
        case volts = "V", amperes = "A", watts = "W", wattHours = "Wh", percent = "%"
        case seconds = "s", farads = "F", milliohms = "mΩ", celsius = "°C"
    }

    public var unit: Unit {
        switch self {
        case .inputVoltage, .outputVoltage, .batteryVoltage, .cell1, .cell2, .cell3, .cell4: .volts
        case .inputCurrent, .outputCurrent, .batteryCurrent: .amperes
        case .load, .charge: .percent
        case .temperature: .celsius
        case .capacitance, .capacitanceWhenNew: .farads
        case .esr, .esrWhenNew: .milliohms
        case .runtime: .seconds
        case .inputPower, .outputPower: .watts
        case .inputEnergy, .outputEnergy: .wattHours
        }
    }

    /// A value is a whole count of the unit's so many-th decimal: mV, mA, µW, nWh, mF, ms.
    public var decimals: Int {
        switch unit {
        case .volts, .amperes, .farads, .seconds: 3
        case .watts: 6
        case .wattHours: 9
        case .percent: self == .load ? 3 : 0
        case .milliohms, .celsius: 0
        }
    }

    /// Where it stands in a row of the kept history, which is a format of a file: places never
    /// change. Nil: it is not kept, or follows from what is.
    var historyPlace: Int? {
        switch self {
        case .inputVoltage: 0
        case .outputVoltage: 1
        case .batteryVoltage: 2
        case .cell1: 3
        case .cell2: 4
        case .cell3: 5
        case .cell4: 6
        case .inputCurrent: 7
        case .outputCurrent: 8
        case .batteryCurrent: 9
        case .charge: 10
        case .temperature: 11
        case .load, .capacitance, .esr, .capacitanceWhenNew, .esrWhenNew, .runtime, .inputPower,
            .outputPower, .inputEnergy, .outputEnergy:
            nil
        }
    }
}

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

    public var cellVoltages: [Voltage?] {
        get { [cell1, cell2, cell3, cell4] }
        set { (cell1, cell2, cell3, cell4) = (newValue[0], newValue[1], newValue[2], newValue[3]) }
    }

    /// In the last of its decimals. Nil: not known, or nothing that the device tells.
    public subscript(quantity: Quantity) -> Int? {
        get {
            switch quantity {
            case .inputVoltage: inputVoltage?.millivolts
            case .outputVoltage: outputVoltage?.millivolts
            case .batteryVoltage: batteryVoltage?.millivolts
            case .cell1: cell1?.millivolts
            case .cell2: cell2?.millivolts
            case .cell3: cell3?.millivolts
            case .cell4: cell4?.millivolts
            case .inputCurrent: inputCurrent?.milliamperes
            case .outputCurrent: outputCurrent?.milliamperes
            case .batteryCurrent: batteryCurrent?.milliamperes
            case .temperature: temperatureCelsius
            case .capacitance: capacitance?.millifarads
            case .esr: esrMilliohms
            case .charge: batteryCharge
            case .inputPower: inputPower?.microwatts
            case .outputPower: outputPower?.microwatts
            case .load, .capacitanceWhenNew, .esrWhenNew, .runtime, .inputEnergy, .outputEnergy:
                nil
            }
        }
        set {
            let voltage = newValue.map { Voltage(millivolts: $0) }
            let current = newValue.map { Current(milliamperes: $0) }
            switch quantity {
            case .inputVoltage: inputVoltage = voltage
            case .outputVoltage: outputVoltage = voltage
            case .batteryVoltage: batteryVoltage = voltage
            case .cell1: cell1 = voltage
            case .cell2: cell2 = voltage
            case .cell3: cell3 = voltage
            case .cell4: cell4 = voltage
            case .inputCurrent: inputCurrent = current
            case .outputCurrent: outputCurrent = current
            case .batteryCurrent: batteryCurrent = current
            case .temperature: temperatureCelsius = newValue
            case .capacitance: capacitance = newValue.map { Capacitance(millifarads: $0) }
            case .esr: esrMilliohms = newValue
            case .charge: batteryCharge = newValue
            case .load, .capacitanceWhenNew, .esrWhenNew, .runtime, .inputPower, .outputPower,
                .inputEnergy, .outputEnergy:
                break
            }
        }
    }

    /// As above, and the load of a UPS that can give `nominal`.
    public subscript(quantity: Quantity, nominal: Power) -> Int? {
        quantity == .load ? load(of: nominal) : self[quantity]
    }

    /// The power at the output in thousandths of a per cent of what it can give.
    private func load(of nominal: Power) -> Int? {
        guard nominal.watts > 0, let power = self[.outputPower] else { return nil }
        return Int(max(-1e12, min(Double(power) / nominal.watts / 10, 1e12)).rounded())
    }

    public var inputPower: Power? { Power(inputVoltage, inputCurrent) }
    public var outputPower: Power? { Power(outputVoltage, outputCurrent) }
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

/// What the capacitors were like at first. Learnt by the Watch, and kept by the Daemon for as long as
/// the UPS has them.
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
