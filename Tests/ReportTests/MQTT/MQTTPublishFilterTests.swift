// What is worth a message, and when.

import Testing

@testable import Report
@testable import UPS

struct MQTTPublishFilterTests {
    private var snapshot = mqttSnapshot()
    private var filter = MQTTPublishFilter()

    init() {
        _ = filter.due(snapshot, room: 100)
    }

    /// Each at most once.
    private mutating func names(room: Int = 100) -> Set<String> {
        let names = filter.due(snapshot, room: room).map(\.name)
        #expect(names.count == Set(names).count, "\(names)")
        return Set(names)
    }

    @Test mutating func everythingOnceOnEachConnection() {
        #expect(names().isEmpty)
        filter.resetAll()
        #expect(filter.due(snapshot, room: 100).count == MQTTStateTopic.all.count)
        #expect(names().isEmpty)
    }

    @Test mutating func statesAtOnce() {
        snapshot.pass(.milliseconds(1))
        snapshot.failPower(deadlineIn: 15)
        #expect(
            names() == [
                "power", "status", "shutdown", "shutdown_phase", "shutdown_remaining",
                "charging", "discharging",
            ], "what the same byte says goes with it")
        snapshot.pass(.milliseconds(999))
        #expect(names() == ["device_status"])
    }

    @Test(arguments: [1, 10])
    mutating func aFlagThatGoesWithThePowerIsNotDueOnceMore(seconds: Int) {
        snapshot.pass(.seconds(seconds))
        snapshot.failPower(deadlineIn: 15)
        #expect(names().isSuperset(of: ["power", "charging", "discharging"]))
    }

    @Test mutating func theCountdownOnceASecondAndItsObjectNot() {
        snapshot.failPower(deadlineIn: 15)
        snapshot.pass(.milliseconds(1000))
        _ = names()
        var published: [Set<String>] = []
        for _ in 0..<20 {
            snapshot.pass(.milliseconds(100))
            published.append(names())
        }
        #expect(
            published.filter { !$0.isEmpty } == [["shutdown_remaining"], ["shutdown_remaining"]])
        snapshot.shutdown.deadline?.time = snapshot.time + .seconds(300)
        #expect(names() == ["shutdown"])
        snapshot.shutdown.deadline?.reason = .lowCharge
        #expect(names() == ["shutdown"])
    }

    @Test(arguments: [
        (12_639, false), (12_640, true), (12_541, false), (12_540, true),
    ])
    mutating func deadband(millivolts: Int, isPublished: Bool) {
        snapshot.pass(.seconds(1))
        snapshot.reading.inputVoltage = Voltage(millivolts: millivolts)
        #expect(names().contains("input_voltage") == isPublished)
    }

    /// Small steps in one direction add up.
    @Test mutating func deadbandCountsFromWhatWasPublished() {
        var published = 0
        for step in 1...100 {
            snapshot.pass(.seconds(2))
            snapshot.reading.batteryVoltage = Voltage(millivolts: 10_400 - 10 * step)
            published += names().contains("battery_voltage") ? 1 : 0
        }
        #expect(published == 20)
    }

    @Test mutating func measurementsOnceASecond() {
        var published = 0
        snapshot.powerPresent = false
        for step in 1...100 {
            snapshot.pass(.milliseconds(100))
            snapshot.reading.outputCurrent = Current(milliamperes: 500 + 100 * step)
            published += names().contains("output_current") ? 1 : 0
        }
        #expect(published == 10)
    }

    @Test mutating func whatAppearsOrGoesIsToldAtOnce() {
        snapshot.pass(.milliseconds(1))
        snapshot.reading.temperatureCelsius = nil
        #expect(names() == ["temperature"])
        snapshot.pass(.milliseconds(1))
        snapshot.reading.temperatureCelsius = 28
        #expect(names() == ["temperature"])
    }

    /// Everything swings all the time: still less than a message a second, and none starves.
    @Test mutating func atRestLessThanOneASecond() {
        var counts: [String: Int] = [:]
        for second in 1...3600 {
            snapshot.pass(.seconds(1))
            let up = second % 2
            snapshot.runtime = .seconds(400 + 50 * up)
            snapshot.reading.inputVoltage = Voltage(millivolts: 12_000 + 200 * up)
            snapshot.reading.outputCurrent = Current(milliamperes: 500 + 100 * up)
            snapshot.reading.temperatureCelsius = 28 + up
            snapshot.reading.deviceStatus = up == 1 ? [.powerPresent] : [.powerPresent, .charging]
            for name in names() { counts[name, default: 0] += 1 }
        }
        #expect(counts.values.reduce(0, +) < 3600 * 9 / 10)
        #expect((counts["temperature"] ?? 0) > 200)
        #expect((counts["charging"] ?? 0) > 200)
        #expect((counts["battery_runtime"] ?? 0) > 200)
    }

    /// Behind values that never rest, a flag of an outage that is over would stay for a minute.
    @Test mutating func aFlagAtRestDoesNotWaitForTheRate() {
        for second in 1...60 {
            snapshot.pass(.seconds(1))
            let up = second % 2
            snapshot.runtime = .seconds(400 + 50 * up)
            snapshot.reading.inputVoltage = Voltage(millivolts: 12_000 + 200 * up)
            snapshot.reading.outputVoltage = Voltage(millivolts: 12_000 + 200 * up)
            snapshot.reading.temperatureCelsius = 28 + up
            if second == 50 { snapshot.reading.deviceStatus = [.powerPresent, .discharging] }
            if second == 52 { snapshot.reading.deviceStatus = [.powerPresent] }
            let names = names()
            #expect(names.contains("discharging") == [50, 54].contains(second), "\(second)")
        }
    }

    @Test mutating func anOutageIsNotHeldBack() {
        snapshot.failPower(deadlineIn: 3000)
        var published = 0
        for second in 1...100 {
            snapshot.pass(.seconds(1))
            snapshot.reading.inputVoltage = Voltage(millivolts: 100 * second)
            snapshot.reading.batteryCharge = 100 - second
            published += names().intersection(["input_voltage", "battery_charge"]).count
        }
        #expect(published == 200)
    }

    @Test mutating func whatFindsNoRoomStaysDue() {
        filter.resetAll()
        var published: [String] = []
        while true {
            let due = filter.due(snapshot, room: 7)
            #expect(due.count <= 7)
            if due.isEmpty { break }
            published += due.map(\.name)
        }
        #expect(published == MQTTStateTopic.all.map(\.name))
        filter.resetAll()
        #expect(filter.due(snapshot, room: 0).isEmpty)
        #expect(filter.due(snapshot, room: -1).isEmpty)
        #expect(filter.due(snapshot, room: 1).map(\.name) == ["dry_run"])
    }
}

struct RateLimitTests {
    @Test func aBurstAndThenTheRate() {
        var limit = RateLimit(perSecond: 2, burst: 3)
        var now = BootTime(.seconds(100))
        #expect((0..<5).map { _ in limit.pass(at: now) } == [true, true, true, false, false])
        now = now + .milliseconds(499)
        #expect(limit.pass(at: now) == false)
        now = now + .milliseconds(2)
        #expect(limit.pass(at: now) == true)
        now = now + .seconds(1000)
        #expect(limit.available(at: now) == 3)
        limit.spend(5)
        #expect(limit.available(at: now + .milliseconds(900)) == 0)
        #expect(limit.available(at: now + .milliseconds(1600)) == 1)
    }
}
