// The day before a demo, made up: what the simulated UPS would have measured, with three short
// outages. Written where the daemon keeps its history, before it starts.

import Glibc
import Host
import Platform
import Records
import Report
import Simulator
import UPS

struct DemoHistory {
    private struct Outage {
        /// How long before the demo it began. (s)
        let age: Int
        /// (s)
        let length: Int
    }

    private static let length = 86400
    /// From here on the chart shows each second. (s)
    private static let fine = 900
    private static let outages = [
        Outage(age: 61_200, length: 45), Outage(age: 28_800, length: 9),
        Outage(age: 5400, length: 30),
    ]
    /// The charge that a second takes, and how long it takes to be charged again for each second.
    private static let percentPerSecond = 1.2
    private static let chargingPerSecond = 2

    private let now = BootClock.now()
    private let wall = BootClock.wall()
    private var generator = SeededGenerator(seed: 1)

    static func write(to folder: String) throws(SystemError) {
        var day = DemoHistory()
        try replaceFile("\(folder)/\(HistoryStore.name)", with: day.history())
        let book = OutageBook(outages.map { day.past($0) })
        try replaceFile(
            "\(folder)/\(OutageStore.name)",
            with: OutageStore.text(of: book, at: day.now, wall: day.wall))
    }

    private mutating func history() -> [UInt8] {
        var history = History()
        var age = DemoHistory.length
        while age > 0 {
            history.add(reading(age), at: now - .seconds(age))
            age -= age > DemoHistory.fine ? 10 : 1
        }
        let snapshot = Snapshot(
            time: now, wall: wall, installation: Installation(host: "", version: "", started: now),
            rating: Rating(), policy: ShutdownPolicy())
        return history.kept(snapshot)
    }

    private func past(_ outage: Outage) -> PastOutage {
        var past = PastOutage(incident: "demo-\(outage.age)", from: now - .seconds(outage.age))
        past.to = past.from + .seconds(outage.length)
        past.lowestCharge = 100 - Int(Double(outage.length) * DemoHistory.percentPerSecond)
        past.end = .returned
        return past
    }

    private mutating func reading(_ age: Int) -> Reading {
        var (isPowered, missing, isCharging) = (true, 0.0, false)
        for outage in DemoHistory.outages {
            let since = outage.age - age
            let lost = Double(outage.length) * DemoHistory.percentPerSecond
            let charging = outage.length * DemoHistory.chargingPerSecond
            if (0..<outage.length).contains(since) {
                (isPowered, missing) = (false, Double(since) * DemoHistory.percentPerSecond)
            } else if (outage.length..<outage.length + charging).contains(since) {
                let done = Double(since - outage.length) / Double(charging)
                (isCharging, missing) = (true, lost * (1 - done))
            }
        }
        let noise = Int.random(in: -20...20, using: &generator)
        let stack = 10_400 - Int(missing * 40)
        let load = 1000 + noise + (age / 600 % 5 == 0 ? 250 : 0)
        var reading = Reading()
        reading.inputVoltage = Voltage(millivolts: isPowered ? 12_600 + noise : 100)
        reading.outputVoltage = Voltage(millivolts: isPowered ? 12_500 : 12_100)
        reading.batteryVoltage = Voltage(millivolts: stack)
        reading.cellVoltages = Array(repeating: Voltage(millivolts: stack / 4), count: 4)
        reading.outputCurrent = Current(milliamperes: load)
        let charging = isCharging ? 1500 : 0
        reading.inputCurrent = Current(milliamperes: isPowered ? load + charging : 0)
        reading.batteryCurrent = Current(milliamperes: isPowered ? charging : -load * 13 / 10)
        reading.batteryCharge = 100 - Int(missing)
        reading.temperatureCelsius = 28
        return reading
    }
}
