// The reader of the device never goes blind: what the device tells is known in bounded time, and
// what one answer says alone changes nothing that lasts.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import Simulator
@testable import UPS

@Suite struct ReaderTests {
    /// What every device of the simulation tells.
    static let told = Request.values + Request.slow + Request.identity + Request.settings

    static func isKnown(_ request: Request, to watch: Watch) -> Bool {
        let (reading, identity) = (watch.reading, watch.identity)
        switch request {
        case .inputVoltage: return reading.inputVoltage != nil
        case .inputCurrent: return reading.inputCurrent != nil
        case .outputVoltage: return reading.outputVoltage != nil
        case .outputCurrent: return reading.outputCurrent != nil
        case .batteryVoltage: return reading.batteryVoltage != nil
        case .batteryCurrent: return reading.batteryCurrent != nil
        case .charge: return reading.batteryCharge != nil
        case .chargeStatus: return reading.chargeStatus != nil
        case .monitorStatus: return reading.monitorStatus != nil
        case .capacitance: return reading.capacitance != nil
        case .esr: return reading.esrMilliohms != nil
        case .cell1: return reading.cellVoltages[0] != nil
        case .cell2: return reading.cellVoltages[1] != nil
        case .cell3: return reading.cellVoltages[2] != nil
        case .cell4: return reading.cellVoltages[3] != nil
        case .alarms: return reading.alarms != nil
        case .temperature: return reading.temperatureCelsius != nil
        case .series: return identity.series != nil
        case .serial: return identity.serial != nil
        case .batteryType: return identity.batteryType != nil
        case .firmware: return identity.firmware != nil
        case .hardwareRevision: return identity.hardwareRevision != nil
        default: return SettingName(request).map { watch.settings[$0] != nil } ?? false
        }
    }

    static func unknown(in world: World, but exceptions: Set<Request> = []) -> [Request] {
        told.filter { !exceptions.contains($0) && !isKnown($0, to: world.watch) }
    }

    /// Two rounds at this answer time: each request, and a status before it.
    static func twoRounds(_ answerTime: Duration, mute: Int = 0) -> Duration {
        (answerTime + .milliseconds(10)) * (told.count * 4) + .milliseconds(500) * (mute * 8)
            + .seconds(2)
    }

    static func world(
        _ model: Model = Model(), intervals: PollIntervals = PollIntervals(), seed: UInt64 = 1
    ) -> World {
        var setup = Watch.Setup()
        setup.intervals = intervals
        setup.policy.deadTime = .seconds(15)
        return World(setup, seed: seed, model: model)
    }

    static func falseAlarms(_ world: World) -> [String] {
        let alarms: Set<Event.Name> = [.powerFail, .shutdownPending, .shutdownCommitted]
        return world.events.filter { alarms.contains($0.name) }.map(\.text)
    }

    // MARK: Slow devices

    @Test(arguments: [1, 5, 16, 20, 55, 60, 100, 200, 300, 400, 470])
    func everythingIsKnownAtAnyAnswerTime(milliseconds: Int) {
        var model = Model()
        model.turnaround = .milliseconds(milliseconds)
        var world = ReaderTests.world(model)
        world.run(until: world.now + ReaderTests.twoRounds(model.turnaround))
        #expect(ReaderTests.unknown(in: world) == [])
        #expect(ReaderTests.falseAlarms(world) == [] && world.oracle.violation == nil)
        #expect(!world.events.contains { $0.name == .linkLost })
    }

    @Test(arguments: [600, 800, 950])
    func everythingIsKnownAtTheLongestTimeOut(milliseconds: Int) {
        var model = Model()
        model.turnaround = .milliseconds(milliseconds)
        var world = ReaderTests.world(model, intervals: PollIntervals(timeout: .seconds(1)))
        world.oracle.isOff = true
        world.run(until: world.now + ReaderTests.twoRounds(model.turnaround))
        #expect(ReaderTests.unknown(in: world) == [])
        #expect(ReaderTests.falseAlarms(world) == [])
        #expect(!world.events.contains { $0.name == .linkLost })
    }

    /// An adapter's latency timer, with values asked for five times a second.
    @Test func nothingStarvesAtTheFastestInterval() {
        var model = Model()
        model.turnaround = .milliseconds(20)
        var world = ReaderTests.world(
            model, intervals: PollIntervals(values: .milliseconds(200)))
        world.run(until: world.now + ReaderTests.twoRounds(model.turnaround))
        #expect(ReaderTests.unknown(in: world) == [])
    }

    // MARK: One request that fails

    enum Failing: String, CaseIterable, Sendable {
        case mute, unsupported, garbage, slow
        var fault: Fault { Fault(rawValue: rawValue)! }
    }

    /// For ever: all else is known, and stays so.
    @Test(arguments: told, Failing.allCases)
    func oneRequestFailsForEver(request: Request, failing: Failing) {
        var world = ReaderTests.world()
        world.perform(.fault(failing.fault, count: .max, on: request))
        world.run(until: world.now + ReaderTests.twoRounds(.milliseconds(5), mute: 1))
        #expect(ReaderTests.unknown(in: world, but: [request]) == [])
        for _ in 0..<60 {
            world.run(until: world.now + .seconds(5))
            #expect(ReaderTests.unknown(in: world, but: [request]) == [])
        }
        #expect(ReaderTests.falseAlarms(world) == [])
        #expect(!world.events.contains { $0.name == .linkLost })
    }

    /// For a while, as a module that starts: known again soon after.
    @Test(arguments: told, Failing.allCases)
    func oneRequestFailsForAWhile(request: Request, failing: Failing) {
        var world = ReaderTests.world()
        world.run(until: world.now + .seconds(20))
        world.perform(.fault(failing.fault, count: .max, on: request))
        world.run(until: world.now + .seconds(300))
        world.perform(.fault(failing.fault, count: 0, on: nil))
        world.run(until: world.now + .seconds(62))
        #expect(ReaderTests.unknown(in: world) == [])
        #expect(ReaderTests.falseAlarms(world) == [])
    }

    /// Everything but the status, for some seconds: "unsupported" and silence are not for ever.
    @Test(arguments: Failing.allCases, [2, 5, 30])
    func everythingFailsForAWhile(failing: Failing, seconds: Int) {
        var world = ReaderTests.world()
        world.run(until: world.now + .seconds(20))
        let others = ReaderTests.told
        switch failing {
        case .mute: world.ups.muteRequests = Set(others)
        case .garbage: world.ups.garbledRequests = Set(others)
        case .unsupported: world.ups.unknownRequests = Set(others)
        case .slow: world.ups.turnaround = .milliseconds(700)
        }
        world.run(until: world.now + .seconds(seconds))
        world.ups.muteRequests = []
        world.ups.garbledRequests = []
        world.ups.unknownRequests = []
        world.ups.turnaround = .milliseconds(1)
        world.run(until: world.now + .seconds(40))
        #expect(ReaderTests.unknown(in: world) == [])
        #expect(ReaderTests.falseAlarms(world) == [])
    }

    /// Every other time, at random: it stays known but for moments.
    @Test(arguments: told, Failing.allCases)
    func oneRequestFailsNowAndThen(request: Request, failing: Failing) {
        var world = ReaderTests.world()
        world.run(until: world.now + .seconds(20))
        var random = SeededGenerator(seed: 7)
        var knownAt = world.now
        for _ in 0..<600 {
            let isSpoilt = Bool.random(using: &random)
            world.perform(.fault(failing.fault, count: isSpoilt ? .max : 0, on: request))
            world.run(until: world.now + .milliseconds(Int.random(in: 100...2000, using: &random)))
            #expect(ReaderTests.unknown(in: world, but: [request]) == [])
            if ReaderTests.isKnown(request, to: world.watch) { knownAt = world.now }
            #expect(world.now - knownAt < .seconds(60))
        }
        #expect(ReaderTests.falseAlarms(world) == [])
        #expect(!world.events.contains { $0.name == .linkLost })
    }

    // MARK: Wrong bits

    /// On one bit in a hundred, for an hour.
    @Test(arguments: 1...8)
    func manyWrongBits(seed: UInt64) {
        var world = ReaderTests.world(seed: seed)
        world.run(until: world.now + .seconds(20))
        world.oracle.isOff = true
        world.ups.bitErrors = 0.01
        var knownAt: [Request: BootTime] = [:]
        for request in ReaderTests.told { knownAt[request] = world.now }
        var longest = (Duration.zero, Request.deviceStatus)
        for _ in 0..<3600 * 4 {
            world.run(until: world.now + .milliseconds(250))
            let unknown = Set(ReaderTests.unknown(in: world))
            for request in ReaderTests.told {
                let age = world.now - (knownAt[request] ?? world.now)
                if age > longest.0 { longest = (age, request) }
                if !unknown.contains(request) { knownAt[request] = world.now }
            }
        }
        #expect(longest.0 <= .seconds(60), "\(longest.1)")
        #expect(world.watch.identity.serial == "\(world.ups.identity.serial)")
        #expect(!world.events.contains { $0.name == .shutdownCommitted })
    }
}

/// One bit of one answer is wrong: no decision, no kept value and no name comes from that.
@Suite struct OneWrongBitTests {
    private struct Lasting: Equatable {
        let decisions: [String]
        let identity: Identity
        let settings: [SettingName: Setting]
        let new: CapacitorsWhenNew?
        let capacitance: Capacitance?
        let phase: Phase
    }

    private static func lasting(_ world: World) -> Lasting {
        let names: Set<Event.Name> = [
            .powerFail, .powerGood, .shutdownPending, .shutdownCancelled, .shutdownCommitted,
            .linkLost,
        ]
        return Lasting(
            decisions: world.events.filter { names.contains($0.name) }.map(\.text),
            identity: world.watch.identity, settings: world.watch.settings,
            new: world.watch.wear.new, capacitance: world.watch.reading.capacitance,
            phase: world.watch.controller.phase(at: world.now))
    }

    /// From the first answer on, and in an outage with a delay of two minutes.
    private static func world(isOnBattery: Bool, seed: UInt64) -> World {
        var setup = Watch.Setup()
        setup.policy.delay = .seconds(120)
        setup.policy.maximumBackupTime = nil
        var world = World(setup, seed: seed)
        world.perform(.load(0.5))
        guard isOnBattery else { return world }
        world.run(until: world.now + .seconds(15))
        world.perform(.power(false))
        world.run(until: world.now + .seconds(3))
        return world
    }

    @Test(arguments: ReaderTests.told + [.deviceStatus], [true, false])
    func itChangesNothingThatLasts(request: Request, isOnBattery: Bool) {
        var clean = OneWrongBitTests.world(isOnBattery: isOnBattery, seed: 1)
        let length = 5 + (clean.ups.payload(for: request)?.count ?? 0)
        clean.run(until: clean.now + .seconds(40))
        let expected = OneWrongBitTests.lasting(clean)
        for bit in 0..<length * 8 {
            var world = OneWrongBitTests.world(isOnBattery: isOnBattery, seed: 1)
            world.ups.setWrongBit(bit, on: request)
            world.run(until: world.now + .seconds(40))
            #expect(OneWrongBitTests.lasting(world) == expected, "bit \(bit) of \(request)")
        }
    }
}
