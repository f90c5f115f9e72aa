// What the UPS does not tell is said while there is time to mend it, and what is decided without it.

import Simulator
import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct SayingTests {
    private static let needed: [(request: Request, words: String)] = [
        (.charge, "charge"), (.capacitance, "capacitance"), (.batteryVoltage, "battery voltage"),
        (.outputVoltage, "output voltage"), (.outputCurrent, "output current"),
    ]

    private static func warnings(_ world: World, _ words: String) -> Int {
        world.events.filter { $0.name == .warning && $0.text.contains(words) }.count
    }

    /// From the beginning, and later: in `problem` and as one event within 15 s, gone when told.
    @Test(arguments: needed.indices, ReaderTests.Failing.allCases)
    func whatARuleNeeds(index: Int, failing: ReaderTests.Failing) {
        let (request, words) = SayingTests.needed[index]
        var world = ReaderTests.world()
        world.perform(.fault(failing.fault, count: .max, on: request))
        world.run(until: world.now + .seconds(15))
        #expect(world.watch.problem?.contains(words) == true)
        #expect(world.watch.problem?.contains("Without") == true)
        #expect(
            world.watch.snapshot(at: world.now, wall: WallTime(nanoseconds: 0)).missingValues > 0)
        world.run(until: world.now + .seconds(300))
        #expect(SayingTests.warnings(world, "does not tell its \(words)") == 1, "an event once")
        world.perform(.fault(failing.fault, count: 0, on: nil))
        world.run(until: world.now + .seconds(310))
        #expect(world.watch.problem == nil)
    }

    @Test(arguments: [Request.charge, .outputCurrent], ReaderTests.Failing.allCases)
    func whatIsNotToldAnyMore(request: Request, failing: ReaderTests.Failing) {
        var world = ReaderTests.world()
        world.run(until: world.now + .seconds(60))
        #expect(world.watch.problem == nil)
        world.perform(.fault(failing.fault, count: .max, on: request))
        world.run(until: world.now + .seconds(15))
        #expect(world.watch.problem?.contains("does not tell its ") == true)
    }

    /// It is the last measured one for the decision, and not shown.
    @Test func aCapacitanceThatIsNotToldAnyMoreStillCounts() {
        var world = ReaderTests.world()
        world.run(until: world.now + .seconds(20))
        world.perform(.fault(.unsupported, count: .max, on: .capacitance))
        world.run(until: world.now + .seconds(30))
        #expect(world.watch.reading.capacitance == nil)
        world.perform(.load(8))
        world.perform(.power(false))
        world.run(until: world.now + .seconds(6))
        #expect(world.hasCommitted && world.watch.controller.commit?.reason == .lowRuntime)
    }

    @Test func aUPSThatNeverAnswers() throws {
        var world = ReaderTests.world()
        world.oracle.isOff = true
        world.perform(.unplug)
        world.ups.muteRequests = Set(Request.allCases)
        world.perform(.plug)
        world.run(until: world.now + .seconds(15))
        let problem = try #require(world.watch.problem)
        #expect(problem.contains("has not answered") && problem.contains("cable"))
        #expect(SayingTests.warnings(world, "has not answered") == 1)
        world.ups.muteRequests = []
        world.run(until: world.now + .seconds(5))
        #expect(world.watch.problem == nil)
    }

    /// Noise, a device that does not know the status, one that is slower than two time-outs.
    @Test(arguments: ["noise", "unknown", "late"])
    func aUPSThatAnswersSomethingElse(kind: String) throws {
        var world = ReaderTests.world()
        world.oracle.isOff = true
        world.perform(.unplug)
        switch kind {
        case "noise": world.ups.garbledRequests = Set(Request.allCases)
        case "unknown": world.ups.unknownRequests = Set(Request.allCases)
        default: world.ups.turnaround = .milliseconds(1800)
        }
        world.perform(.plug)
        world.run(until: world.now + .seconds(15))
        let problem = try #require(world.watch.problem)
        #expect(problem.contains("0x40") || problem.contains("poll.timeout"))
        #expect(ReaderTests.falseAlarms(world) == [])
    }

    /// Slower than the time-out, and all that is known of it is its status.
    @Test(arguments: [520, 600, 700, 900])
    func aUPSThatIsTooSlow(milliseconds: Int) throws {
        var model = Model()
        model.turnaround = .milliseconds(milliseconds)
        var world = ReaderTests.world(model)
        world.oracle.isOff = true
        world.run(until: world.now + .seconds(30))
        let problem = try #require(world.watch.problem)
        #expect(problem.contains("poll.timeout"))
        #expect(ReaderTests.falseAlarms(world) == [])
    }

    /// Two requests late or more: the link comes and goes, and that is not told each time.
    @Test(arguments: [505, 600, 700, 800, 900, 950, 1000, 1100, 1300, 1500, 1800, 2500])
    func aUPSThatAnswersTwoRequestsLate(milliseconds: Int) throws {
        var world = ReaderTests.world()
        world.oracle.isOff = true
        world.run(until: world.now + .seconds(20))
        world.ups.turnaround = .milliseconds(milliseconds)
        world.run(until: world.now + .seconds(600))
        let events = world.events.filter { [.linkLost, .linkRestored].contains($0.name) }
        #expect(events.count <= 5)
        #expect(try #require(world.watch.problem).contains("poll.timeout"))
    }

    @Test func whatCannotBeIsNamed() throws {
        var world = ReaderTests.world()
        var setup = world.setup
        setup.rating.maximumAmperes = 0.1
        world.perform(.reload(setup))
        world.perform(.load(6))
        world.run(until: world.now + .seconds(15))
        let problem = try #require(world.watch.problem)
        #expect(problem.contains("output current cannot be; if it is right, maxAmps is wrong"))
        #expect(world.watch.reading.outputCurrent == nil)
        #expect(world.watch.poller.counters.implausibleAnswers > 0)
    }

    // MARK: Rule 4 without its value

    /// Default configuration: nothing but the charge protects the store, and it is not told.
    @Test(arguments: ReaderTests.Failing.allCases, [true, false])
    func aChargeThatIsNotToldCountsLikeSilence(failing: ReaderTests.Failing, isLater: Bool) {
        var setup = Watch.Setup()
        setup.policy.byTime = false
        setup.policy.byCharge = true
        setup.policy.maximumBackupTime = nil
        setup.rating.maximumBackupTime = nil
        var world = World(setup, seed: 1)
        world.perform(.load(0.3))
        if isLater { world.run(until: world.now + .seconds(30)) }
        world.perform(.fault(failing.fault, count: .max, on: .charge))
        world.run(until: world.now + .seconds(30))
        #expect(world.watch.problem?.contains("15 s after a power failure") == true)
        world.perform(.power(false))
        let failed = world.now
        world.run(until: failed + .seconds(14))
        #expect(world.watch.controller.phase(at: world.now) == .pending)
        #expect(!world.hasCommitted)
        world.run(until: failed + .seconds(17))
        #expect(world.watch.controller.commit?.reason == .lowCharge)
        #expect(world.oracle.violation == nil, "\(String(describing: world.oracle.violation))")
    }

    /// Told again in time, it goes on by what is told.
    @Test func aChargeThatIsToldAgain() {
        var setup = Watch.Setup()
        setup.policy.byTime = false
        setup.policy.byCharge = true
        setup.policy.maximumBackupTime = nil
        var world = World(setup, seed: 1)
        world.perform(.load(0.3))
        world.run(until: world.now + .seconds(30))
        world.perform(.power(false))
        world.run(until: world.now + .seconds(10))
        world.perform(.fault(.unsupported, count: .max, on: .charge))
        world.run(until: world.now + .seconds(10))
        #expect(world.watch.controller.phase(at: world.now) == .pending)
        #expect(!world.hasCommitted)
        world.perform(.fault(.unsupported, count: 0, on: nil))
        world.run(until: world.now + .seconds(15))
        #expect(world.watch.controller.phase(at: world.now) == .onBattery)
    }

    /// With no charge to wait for, or on line power, it is not missed.
    @Test(arguments: [true, false])
    func aChargeThatNobodyNeeds(isOnBattery: Bool) {
        var setup = Watch.Setup()
        setup.policy.byTime = false
        setup.policy.maximumBackupTime = nil
        if isOnBattery { setup.policy.lowChargePercent = 0 }
        setup.policy.byCharge = true
        var world = World(setup, seed: 1)
        world.perform(.load(0.15))
        world.perform(.fault(.unsupported, count: .max, on: .charge))
        world.run(until: world.now + .seconds(30))
        if isOnBattery { world.perform(.power(false)) }
        world.run(until: world.now + .seconds(60))
        #expect(!world.hasCommitted)
        #expect(world.watch.controller.deadline(at: world.now) == nil)
    }
}

extension Watch {
    var problem: String? {
        problems.isEmpty ? nil : problems.map(\.text).joined(separator: "; ")
    }
}
