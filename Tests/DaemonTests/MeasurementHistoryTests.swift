// The history that is made from the measurement log after a restart.

import Glibc
import Report
import Testing
import UPS

@testable import Daemon

@Suite struct MeasurementHistoryTests {
    let folder = TemporaryFolder()
    private let now = BootTime(.seconds(5000))

    /// Writes rows with an age (s) and an input voltage (mV), into the files of their days.
    private func write(_ rows: [(age: Int, millivolts: Int?)]) {
        var texts: [String: String] = [:]
        for row in rows {
            let wall = WallTime(nanoseconds: someWall.nanoseconds - Int64(row.age) * 1_000_000_000)
            var reading = Reading()
            reading.inputVoltage = row.millivolts.map { Voltage(millivolts: $0) }
            reading.batteryCurrent = Current(milliamperes: -310)
            reading.batteryCharge = row.age % 100
            reading.cellVoltages = [2601, 2600, nil, 2599].map {
                $0.map { Voltage(millivolts: $0) }
            }
            reading.temperatureCelsius = -3
            let utcOffset = BootClock.utcOffset(at: wall)
            let name = MeasurementLog.fileName(
                day: LocalTime(wall, utcOffset: utcOffset).day)
            let line = MeasurementRow(
                reading: reading, nominalPower: Power(watts: 60), wall: wall
            ).text(utcOffset: utcOffset)
            texts[name, default: MeasurementRow.header] += line
        }
        for (name, text) in texts { folder.write(text, to: name) }
    }

    private func answer(seconds: Int) -> String {
        var snapshot = Snapshot(
            time: now, wall: someWall,
            installation: Installation(host: "h", version: "1", started: now), rating: Rating(),
            policy: ShutdownPolicy())
        snapshot.sequence = 1
        let history = MeasurementHistory.read(
            folder: folder.path, rating: Rating(), now: now, wall: someWall)
        return String(
            decoding: HistoryObject.json(history, snapshot, seconds: seconds), as: UTF8.self)
    }

    @Test func aRowComesBackWhole() {
        write([(age: 7, millivolts: 12_600)])
        let row =
            #"["2026-01-31T12:05:02Z",12.6,null,null,2.601,2.6,null,2.599,null,null,-310,"#
            + "null,null,7,null,-3]"
        #expect(answer(seconds: 900).contains("\"rows\":[\(row)"))
    }

    @Test func aWholeDayOverMidnight() {
        write((0..<90_000).reversed().map { (age: $0, millivolts: 12_600) })
        #expect(folder.contents.count == 2)
        #expect(answer(seconds: 900).split(separator: "\"2026-").count == 901)
        let day = answer(seconds: 86_400)
        #expect(day.split(separator: "\"2026-").count == 8641)
        #expect(!day.contains("[null"))
    }

    @Test func outagesFollowFromTheInputVoltage() {
        write([
            (500, 12_600), (499, 100), (498, nil), (497, 90), (490, 12_600), (489, 12_500),
            // The daemon, or the host, was gone before power was back.
            (300, 0), (299, 0), (60, 12_600), (10, 0), (9, 0),
        ])
        #expect(
            answer(seconds: 900).hasSuffix(
                #""outages":[{"from":"2026-01-31T11:56:50Z","to":"2026-01-31T11:56:59Z"},"#
                    + #"{"from":"2026-01-31T12:00:09Z","to":"2026-01-31T12:00:10Z"},"#
                    + #"{"from":"2026-01-31T12:04:59Z","to":"2026-01-31T12:05:00Z"}]}"#))
    }

    @Test(arguments: [
        "", "TIME;IN_V\n", "2026-01-31 13:05;1;2\n", "2026-01-31 25:61:61;1;2\n",
        "0000-00-00 00:00:00;;;;;;;;;;;;;;;\n", "\u{0}\u{1}\n\n;;;;\n",
        "2026-01-31 13:05:02;12.600;0.1", String(repeating: "9", count: 300_000) + "\n",
    ])
    func whatIsNoRowIsIgnored(text: String) {
        let day = LocalTime(someWall, utcOffset: BootClock.utcOffset(at: someWall)).day
        folder.write(text, to: MeasurementLog.fileName(day: day))
        #expect(answer(seconds: 86_400).hasSuffix(#""rows":[],"outages":[]}"#))
    }

    @Test func onlyTheEndOfALargeFileIsRead() {
        folder.write((0..<20_000).map { "line \($0)\n" }.joined(), to: "large")
        var lines: [String] = []
        eachLine(of: folder.file("large"), last: 100) {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(lines == (19_991..<20_000).map { "line \($0)" })
        lines = []
        eachLine(of: folder.file("large"), last: .max) {
            lines.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(lines == (0..<20_000).map { "line \($0)" })
    }
}
