// Dates, lines of the event log, rows of the measurement log.

import Glibc
import Testing
import UPS

@testable import Daemon
@testable import Platform
@testable import Records

@Suite struct RecordTextTests {
    @Test(arguments: [
        (1_769_861_109_000_000_000, 0, "2026-01-31 12:05:09 +0000"),
        (1_769_861_109_999_999_999, 3600, "2026-01-31 13:05:09 +0100"),
        (1_769_861_109_000_000_000, -12_600, "2026-01-31 08:35:09 -0330"),
        (1_769_861_109_000_000_000, 45_900, "2026-02-01 00:50:09 +1245"),
        (0, 0, "1970-01-01 00:00:00 +0000"),
        (-1, 0, "1969-12-31 23:59:59 +0000"),
        (1_709_164_800_000_000_000, 0, "2024-02-29 00:00:00 +0000"),
    ])
    func dates(_ nanoseconds: Int64, _ utcOffset: Int, _ text: String) {
        let wall = WallTime(nanoseconds: Int64(nanoseconds))
        #expect(wall.localText(utcOffset: utcOffset) == text)
        let row = MeasurementRow(reading: Reading(), nominalPower: Power(watts: 62), wall: wall)
        #expect(row.text(utcOffset: utcOffset).hasPrefix(text.dropLast(6) + ";"))
    }

    @Test func anEventIsALine() {
        let text = someEvent("Power\tfailed\nnow").line(at: someWall, utcOffset: 3600)
        #expect(text == "2026-01-31 13:05:09 +0100\tPower failed now\n")
    }

    @Test func aRowHasEveryColumn() {
        var reading = Reading()
        reading.inputVoltage = Voltage(millivolts: 12_612)
        reading.inputCurrent = Current(milliamperes: 254)
        reading.outputVoltage = Voltage(millivolts: 12_050)
        reading.outputCurrent = Current(milliamperes: 2_490)
        reading.batteryVoltage = Voltage(millivolts: 10_400)
        reading.batteryCurrent = Current(milliamperes: -7)
        reading.batteryCharge = 100
        reading.cellVoltages = [
            Voltage(millivolts: 2600), Voltage(millivolts: 2599), nil, Voltage(millivolts: 9),
        ]
        reading.temperatureCelsius = -3
        let row = MeasurementRow(
            reading: reading, nominalPower: Power(watts: 62), wall: someWall)
        #expect(
            MeasurementRow.header
                == "TIME;IN_V;IN_A;IN_W;OUT_V;OUT_A;OUT_W;LOAD;BATT_V;BATT_A;SOC;"
                + "VCAP1;VCAP2;VCAP3;VCAP4;TEMP\n")
        #expect(
            row.text(utcOffset: 0)
                == "2026-01-31 12:05:09;12.612;0.254;3.203;12.050;2.490;30.005;48;10.400;-0.007;"
                + "100;2.600;2.599;;0.009;-3\n")
    }

    @Test func theUnknownIsEmpty() {
        let row = MeasurementRow(
            reading: Reading(), nominalPower: Power(watts: 0), wall: someWall)
        #expect(row.text(utcOffset: 0) == "2026-01-31 12:05:09;;;;;;;;;;;;;;;\n")
        #expect(MeasurementRow.header.split(separator: ";").count == 16)
    }

    @Test func localTimeIsThatOfTheHost() {
        var seconds = time_t(someWall.nanoseconds / 1_000_000_000)
        var local = tm()
        localtime_r(&seconds, &local)
        let offset = BootClock.utcOffset(at: someWall)
        let hour = someWall.localText(utcOffset: offset).dropFirst(11).prefix(2)
        #expect(Int(hour) == Int(local.tm_hour))
    }
}
