// What can be asked of the UPS: one table of index, command and form of the answer.

import UPS

/// A request of the Bicker protocol. All of them only read, but for `startMeasurement`.
/// Source: NUT `drivers/bicker_ser.c`, the Bicker manuals, the original ups-server.
public enum Request: UInt8, CaseIterable, Hashable, Sendable {
    // Index 0x01: the UPS
    case deviceStatus, inputVoltage, inputCurrent, outputVoltage, outputCurrent
    case batteryVoltage, batteryCurrent, charge, stateOfHealth, cycles, batteryTemperature
    case manufacturer, serial, series, firmware, batteryType, coreFirmware
    case temperature, hardwareRevision
    // Index 0x03: the charger, an LTC3350
    case chargeStatus, monitorStatus, alarms, capacitance, esr, cell1, cell2, cell3, cell4
    case chargerInputVoltage, stackVoltage, chargerOutputVoltage
    case chargerInputCurrent, chargeCurrent, startMeasurement
    // Index 0x07: settings
    case loadSensor, maximumBackupTime, shutdownTimer, restartDelay, minimumCharge
    case ignitionTimer, shutdownCharge, emptyCharge, relayMode

    /// How the payload of an answer is read.
    public enum Form: Hashable, Sendable {
        case deviceStatus, voltage, current, batteryCurrent, percent, count, kelvin, celsius
        case text, chargeStatus, monitorStatus, alarms, capacitance, resistance, setting
        case acknowledgement
    }

    public var index: UInt8 { row.index }
    public var command: UInt8 { row.command }
    public var form: Form { row.form }

    public var frame: Frame { Frame(index: row.index, command: row.command) }

    /// Those of `frame`, made once.
    public var bytes: [UInt8] { Request.allBytes[Int(rawValue)] }

    private static let allBytes = allCases.map { $0.frame.bytes }

    /// The longest payload that an answer can have.
    public var longestPayload: Int { form == .text ? Reply.longestText : Setting.length }

    /// The request that a frame carries, as the device sees it.
    public init?(_ frame: Frame) {
        let match = Request.rows.firstIndex {
            $0.command == frame.command && $0.index == frame.index
        }
        guard let match, frame.payload.isEmpty else { return nil }
        self.init(rawValue: UInt8(match))
    }

    /// The value that the answer tells; nil: a register, a text, a setting, or nothing that is shown.
    var quantity: Quantity? {
        switch self {
        case .inputVoltage: .inputVoltage
        case .inputCurrent: .inputCurrent
        case .outputVoltage: .outputVoltage
        case .outputCurrent: .outputCurrent
        case .batteryVoltage: .batteryVoltage
        case .batteryCurrent: .batteryCurrent
        case .charge: .charge
        case .capacitance: .capacitance
        case .esr: .esr
        case .cell1: .cell1
        case .cell2: .cell2
        case .cell3: .cell3
        case .cell4: .cell4
        case .temperature: .temperature
        default: nil
        }
    }

    private typealias Row = (index: UInt8, command: UInt8, form: Form)

    private var row: Row { Request.rows[Int(rawValue)] }

    private static let rows: [Row] = allCases.map { request in
        switch request {
        case .deviceStatus: (0x01, 0x40, .deviceStatus)
        case .inputVoltage: (0x01, 0x41, .voltage)
        case .inputCurrent: (0x01, 0x42, .current)
        case .outputVoltage: (0x01, 0x43, .voltage)
        case .outputCurrent: (0x01, 0x44, .current)
        case .batteryVoltage: (0x01, 0x45, .voltage)
        case .batteryCurrent: (0x01, 0x46, .batteryCurrent)
        case .charge: (0x01, 0x47, .percent)
        case .stateOfHealth: (0x01, 0x48, .percent)
        case .cycles: (0x01, 0x49, .count)
        case .batteryTemperature: (0x01, 0x4A, .kelvin)
        case .manufacturer: (0x01, 0x60, .text)
        case .serial: (0x01, 0x61, .text)
        case .series: (0x01, 0x62, .text)
        case .firmware: (0x01, 0x63, .text)
        case .batteryType: (0x01, 0x64, .text)
        case .coreFirmware: (0x01, 0x65, .text)
        case .temperature: (0x01, 0x66, .celsius)
        case .hardwareRevision: (0x01, 0x67, .text)
        case .chargeStatus: (0x03, 0x1B, .chargeStatus)
        case .monitorStatus: (0x03, 0x1C, .monitorStatus)
        case .alarms: (0x03, 0x1D, .alarms)
        case .capacitance: (0x03, 0x1E, .capacitance)
        case .esr: (0x03, 0x1F, .resistance)
        case .cell1: (0x03, 0x20, .voltage)
        case .cell2: (0x03, 0x21, .voltage)
        case .cell3: (0x03, 0x22, .voltage)
        case .cell4: (0x03, 0x23, .voltage)
        case .chargerInputVoltage: (0x03, 0x25, .voltage)
        case .stackVoltage: (0x03, 0x26, .voltage)
        case .chargerOutputVoltage: (0x03, 0x27, .voltage)
        case .chargerInputCurrent: (0x03, 0x28, .current)
        case .chargeCurrent: (0x03, 0x29, .batteryCurrent)
        case .startMeasurement: (0x03, 0x31, .acknowledgement)
        case .loadSensor: (0x07, 0x01, .setting)
        case .maximumBackupTime: (0x07, 0x02, .setting)
        case .shutdownTimer: (0x07, 0x03, .setting)
        case .restartDelay: (0x07, 0x04, .setting)
        case .minimumCharge: (0x07, 0x05, .setting)
        case .ignitionTimer: (0x07, 0x06, .setting)
        case .shutdownCharge: (0x07, 0x07, .setting)
        case .emptyCharge: (0x07, 0x08, .setting)
        case .relayMode: (0x07, 0x09, .setting)
        }
    }
}

/// What is asked together, in this order, as often as `PollIntervals` says.
extension Request {
    public static let values: [Request] = [
        .outputVoltage, .outputCurrent, .batteryVoltage, .charge, .inputVoltage, .inputCurrent,
        .batteryCurrent, .chargeStatus, .monitorStatus,
    ]
    public static let slow: [Request] = [.capacitance, .esr] + cells + [.alarms, .temperature]
    static let cells: [Request] = [.cell1, .cell2, .cell3, .cell4]
    public static let identity: [Request] = [
        .series, .serial, .batteryType, .firmware, .hardwareRevision,
    ]
    static let settings: [Request] = SettingName.allCases.map(\.request)
}
