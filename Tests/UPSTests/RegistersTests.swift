// The bits of the registers, as the data sheets number them.

import Testing

@testable import UPS

@Suite struct RegistersTests {
    @Test(
        arguments: [
            (.charging, 0), (.discharging, 1), (.powerPresent, 2), (.batteryPresent, 3),
            (.shutdownSet, 4), (.overcurrent, 5),
        ] as [(DeviceStatus, Int)])
    func deviceStatus(status: DeviceStatus, bit: Int) {
        #expect(status.rawValue == 1 << bit)
    }

    @Test(
        arguments: [
            (.stepDown, 0), (.stepUp, 1), (.constantVoltage, 2), (.capacitorPowerGood, 5),
            (.disabledForMeasurement, 8), (.constantCurrent, 9), (.powerFail, 11),
        ] as [(ChargeStatus, Int)])
    func chargeStatus(status: ChargeStatus, bit: Int) {
        #expect(status.rawValue == 1 << bit)
    }

    @Test(
        arguments: [
            (.measurementActive, 0), (.measurementScheduled, 1), (.measurementPending, 2),
            (.capacitanceDone, 3), (.esrDone, 4), (.capacitanceFailed, 5), (.esrFailed, 6),
            (.powerFailed, 8), (.powerReturned, 9),
        ] as [(MonitorStatus, Int)])
    func monitorStatus(status: MonitorStatus, bit: Int) {
        #expect(status.rawValue == 1 << bit)
    }

    @Test func alarms() {
        #expect(Alarms.esrHigh.rawValue == 1 << 14)
        #expect(Alarms.capacitanceLow.rawValue == 1 << 15)
    }
}
