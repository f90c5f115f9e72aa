// A charge that is missing decides only when it was asked for, and asked for again.

import Simulator
import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct MissingChargeHistoryTests {
    private static func world(_ change: (inout Watch.Setup) -> Void = { _ in }) -> World {
        var setup = Watch.Setup()
        setup.policy.delay = .seconds(600)
        setup.policy.maximumBackupTime = nil
        change(&setup)
        var world = World(setup, seed: 1)
        world.perform(.load(0.15))
        world.run(until: world.now + .seconds(30))
        return world
    }

    /// A stop of the process, or of the host, and a bad answer behind it: nobody had asked.
    @Test(arguments: [0, 1, 2, 3], [600, 17_000, 40_000])
    func aStopOfTheProcess(refusals: Int, milliseconds: Int) {
        for offset in 0..<20 {
            var world = MissingChargeHistoryTests.world()
            world.perform(.power(false))
            world.run(until: world.now + .milliseconds(3000 + offset * 53))
            world.perform(.pause(.milliseconds(milliseconds)))
            world.perform(.fault(.unsupported, count: refusals, on: .charge))
            world.run(until: world.now + .seconds(60))
            #expect(!world.hasCommitted && world.oracle.violation == nil)
        }
    }

    /// So with a restart, with values that are asked for seldom, and with a short deadTime.
    @Test(arguments: [0, 1, 2])
    func aFewRefusals(kind: Int) {
        var world = MissingChargeHistoryTests.world { setup in
            if kind == 1 { setup.intervals.values = .seconds(30) }
            if kind == 2 { setup.policy.deadTime = .seconds(2) }
        }
        world.run(until: world.now + .seconds(31))
        world.perform(.power(false))
        world.run(until: world.now + .seconds(5))
        if kind == 0 { world.perform(.restart(.seconds(16))) }
        world.perform(.fault(.unsupported, count: 3, on: .charge))
        world.run(until: world.now + .seconds(90))
        #expect(!world.hasCommitted && world.oracle.violation == nil)
    }

    /// A module that starts slowly, or refuses for a while on battery, is asked again in time.
    @Test(arguments: [0.0, 5, 11, 13])
    func itIsToldAgainInTime(seconds: Double) {
        var world = MissingChargeHistoryTests.world { $0.policy.confirmReadings = 2 }
        world.perform(.fault(.unsupported, count: .max, on: .charge))
        world.run(until: world.now + .seconds(600))
        world.perform(.power(false))
        world.run(until: world.now + .milliseconds(Int(seconds * 1000)))
        world.perform(.fault(.unsupported, count: 0, on: nil))
        world.run(until: world.now + .seconds(60))
        #expect(!world.hasCommitted && world.oracle.violation == nil)
    }

    /// Nothing but the status is answered: it is known to be missing in time all the same.
    @Test func nothingElseIsAnswered() {
        var world = MissingChargeHistoryTests.world()
        world.ups.muteRequests = Set(ReaderTests.told)
        world.perform(.power(false))
        let failed = world.now
        world.run(until: failed + .seconds(25))
        #expect(world.watch.controller.commit?.reason == .lowCharge)
        #expect(world.hasCommitted)
    }

    /// The words say what is known.
    @Test func whatItIsCalled() {
        var world = MissingChargeHistoryTests.world()
        world.perform(.fault(.unsupported, count: .max, on: .charge))
        world.run(until: world.now + .seconds(30))
        world.perform(.power(false))
        world.run(until: world.now + .seconds(20))
        let texts = world.events.map(\.text)
        #expect(texts.contains("Shutting this host down: the charge is not known"))
        #expect(
            texts.contains("Shutdown in 15 s unless power returns, or the UPS tells its charge"))
    }
}

/// What belongs to another device, or to before, is not taken for the present one's.
@Suite struct OtherDeviceTests {
    @Test func anotherUPSIsAnother() {
        var world = ReaderTests.world()
        world.run(until: world.now + .seconds(20))
        #expect(world.watch.settings.count == 9)
        world.perform(.unplug)
        world.ups.identity.series = "Other Series"
        world.ups.unknownRequests = Set(Request.settings + [.serial, .firmware, .capacitance])
        world.run(until: world.now + .seconds(3))
        world.perform(.plug)
        world.run(until: world.now + .seconds(20))
        #expect(world.watch.identity.series == "Other Series")
        #expect(world.watch.identity.serial == nil && world.watch.identity.firmware == nil)
        #expect(world.watch.settings.isEmpty && world.watch.beliefs[.capacitance] == nil)
    }

    /// However seldom it is asked: what was measured is read at once.
    @Test(arguments: [10, 299, 300, 3600])
    func theResultOfAMeasurement(seconds: Int) {
        var world = ReaderTests.world(intervals: PollIntervals(slow: .seconds(seconds)))
        world.run(until: world.now + .seconds(3))
        world.perform(.command(Command(.measure, from: .control)))
        world.run(until: world.now + .seconds(30))
        let requests = world.events.filter { $0.name == .measurementDone }.map(\.text)
        #expect(requests == ["Measurement done: capacitance 25000 mF, ESR 34 mΩ"])
        #expect(!world.watch.isMeasuring)
    }

    /// A port that is not open has not been silent.
    @Test func withoutAPortNobodyIsSilent() {
        var world = ReaderTests.world()
        world.perform(.unplug)
        world.run(until: world.now + .seconds(60))
        #expect(world.watch.problem == nil)
    }
}
