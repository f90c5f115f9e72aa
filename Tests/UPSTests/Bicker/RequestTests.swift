// Every request on the line, and the way back from a frame.

import Testing

@testable import Bicker
@testable import UPS

@Suite struct RequestTests {
    /// Name, index and command as the device manuals have them.
    private static let table: [(Request, UInt8, UInt8)] = [
        (.deviceStatus, 0x01, 0x40), (.inputVoltage, 0x01, 0x41), (.inputCurrent, 0x01, 0x42),
        (.outputVoltage, 0x01, 0x43), (.outputCurrent, 0x01, 0x44),
        (.batteryVoltage, 0x01, 0x45), (.batteryCurrent, 0x01, 0x46), (.charge, 0x01, 0x47),
        (.stateOfHealth, 0x01, 0x48), (.cycles, 0x01, 0x49), (.batteryTemperature, 0x01, 0x4A),
        (.manufacturer, 0x01, 0x60), (.serial, 0x01, 0x61), (.series, 0x01, 0x62),
        (.firmware, 0x01, 0x63), (.batteryType, 0x01, 0x64), (.coreFirmware, 0x01, 0x65),
        (.temperature, 0x01, 0x66), (.hardwareRevision, 0x01, 0x67),
        (.chargeStatus, 0x03, 0x1B), (.monitorStatus, 0x03, 0x1C), (.alarms, 0x03, 0x1D),
        (.capacitance, 0x03, 0x1E), (.esr, 0x03, 0x1F), (.cell1, 0x03, 0x20),
        (.cell2, 0x03, 0x21), (.cell3, 0x03, 0x22), (.cell4, 0x03, 0x23),
        (.chargerInputVoltage, 0x03, 0x25), (.stackVoltage, 0x03, 0x26),
        (.chargerOutputVoltage, 0x03, 0x27), (.chargerInputCurrent, 0x03, 0x28),
        (.chargeCurrent, 0x03, 0x29), (.startMeasurement, 0x03, 0x31),
        (.loadSensor, 0x07, 0x01), (.maximumBackupTime, 0x07, 0x02),
        (.shutdownTimer, 0x07, 0x03), (.restartDelay, 0x07, 0x04), (.minimumCharge, 0x07, 0x05),
        (.ignitionTimer, 0x07, 0x06), (.shutdownCharge, 0x07, 0x07), (.emptyCharge, 0x07, 0x08),
        (.relayMode, 0x07, 0x09),
    ]

    @Test func everyRequestIsInTheTable() {
        #expect(RequestTests.table.map(\.0) == Request.allCases)
    }

    @Test(arguments: table)
    func bytes(request: Request, index: UInt8, command: UInt8) {
        #expect(request.frame.bytes == [0x01, 0x03, index, command, 0x04])
        #expect(Request(request.frame) == request)
    }

    @Test(arguments: [
        Frame(index: 0x01, command: 0x39), Frame(index: 0x02, command: 0x40),
        // A payload would set something.
        Frame(index: 0x01, command: 0x40, payload: [0]),
        Frame(index: 0x07, command: 0x02, payload: [1, 60, 0]), Frame.unsupported,
    ])
    func noRequest(frame: Frame) {
        #expect(Request(frame) == nil)
    }

    /// What cuts the output or resets the device has no request at all.
    @Test(arguments: [(0x01, 0x21), (0x01, 0x2F), (0x01, 0x7A), (0x03, 0x32)] as [(UInt8, UInt8)])
    func nothingDangerous(index: UInt8, command: UInt8) {
        #expect(Request(Frame(index: index, command: command)) == nil)
    }
}
