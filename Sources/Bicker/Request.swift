// What can be asked of the UPS: one table of index, command, form of the answer, and the value that
// it tells.

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
    var quantity: Quantity? { row.quantity }

    private typealias Row = (index: UInt8, command: UInt8, form: Form, quantity: Quantity?)

    private var row: Row { Request.rows[Int(rawValue)] }

    private static let rows: [Row] = allCases.map { request in
        switch request {
        case .deviceStatus: (0x01, 0x40, .deviceStatus, nil)
        case .inputVoltage: (0x01, 0x41, .voltage, .inputVoltage)
        case .inputCurrent: (0x01, 0x42, .current, .inputCurrent)
        case .outputVoltage: (0x01, 0x43, .voltage, .outputVoltage)
        case .outputCurrent: (0x01, 0x44, .current, .outputCurrent)
        case .batteryVoltage: (0x01, 0x45, .voltage, .batteryVoltage)
        case .batteryCurrent: (0x01, 0x46, .batteryCurrent, .batteryCurrent)
        case .charge: (0x01, 0x47, .percent, .charge)
        case .stateOfHealth: (0x01, 0x48, .percent, nil)
        case .cycles: (0x01, 0x49, .count, nil)
        case .batteryTemperature: (0x01, 0x4A, .kelvin, nil)
        case .manufacturer: (0x01, 0x60, .text, nil)
        case .serial: (0x01, 0x61, .text, nil)
        case .series: (0x01, 0x62, .text, nil)
        case .firmware: (0x01, 0x63, .text, nil)
        case .batteryType: (0x01, 0x64, .text, nil)
        case .coreFirmware: (0x01, 0x65, .text, nil)
        case .temperature: (0x01, 0x66, .celsius, .temperature)
        case .hardwareRevision: (0x01, 0x67, .text, nil)
        case .chargeStatus: (0x03, 0x1B, .chargeStatus, nil)
        case .monitorStatus: (0x03, 0x1C, .monitorStatus, nil)
        case .alarms: (0x03, 0x1D, .alarms, nil)
        case .capacitance: (0x03, 0x1E, .capacitance, .capacitance)
        case .esr: (0x03, 0x1F, .resistance, .esr)
        case .cell1: (0x03, 0x20, .voltage, .cell1)
        case .cell2: (0x03, 0x21, .voltage, .cell2)
        case .cell3: (0x03, 0x22, .voltage, .cell3)
        case .cell4: (0x03, 0x23, .voltage, .cell4)
        case .chargerInputVoltage: (0x03, 0x25, .voltage, nil)
        case .stackVoltage: (0x03, 0x26, .voltage, nil)
        case .chargerOutputVoltage: (0x03, 0x27, .voltage, nil)
        case .chargerInputCurrent: (0x03, 0x28, .current, nil)
        case .chargeCurrent: (0x03, 0x29, .batteryCurrent, nil)
        case .startMeasurement: (0x03, 0x31, .acknowledgement, nil)
        case .loadSensor: (0x07, 0x01, .setting, nil)
        case .maximumBackupTime: (0x07, 0x02, .setting, nil)
        case .shutdownTimer: (0x07, 0x03, .setting, nil)
        case .restartDelay: (0x07, 0x04, .setting, nil)
        case .minimumCharge: (0x07, 0x05, .setting, nil)
        case .ignitionTimer: (0x07, 0x06, .setting, nil)
        case .shutdownCharge: (0x07, 0x07, .setting, nil)
        case .emptyCharge: (0x07, 0x08, .setting, nil)
        case .relayMode: (0x07, 0x09, .setting, nil)
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
