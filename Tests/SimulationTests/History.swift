// What happens in one seeded history: a policy, and steps in time.

import Simulator

@testable import UPS

struct History {
    let seed: UInt64
    let setup: Watch.Setup
    let poweredAtStart: Bool
    let requestedAtStart: Bool
    let start: BootTime
    let commandFails: Bool?
    var steps: [(after: Duration, step: Step)] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        setup = History.setup(&random)
        poweredAtStart = Int.random(in: 0..<20, using: &random) > 0
        requestedAtStart = Int.random(in: 0..<20, using: &random) == 0
        let uptime = Bool.random(using: &random) ? 1000 : Int.random(in: 0..<80, using: &random)
        start = BootTime(.seconds(uptime))
        commandFails = [nil, true, false].randomElement(using: &random)!
        let count = Int.random(in: 3...10, using: &random)
        let isHostile = Bool.random(using: &random)
        for _ in 0..<count { addStep(isHostile: isHostile, &random) }
    }

    private static func setup(_ random: inout SeededGenerator) -> Watch.Setup {
        var policy = ShutdownPolicy()
        policy.byTime = Int.random(in: 0..<4, using: &random) > 0
        policy.byCharge = Bool.random(using: &random)
        policy.delay = .seconds(Int.random(in: 1...20, using: &random))
        policy.lowChargePercent = Int.random(in: 0...60, using: &random)
        policy.hostShutdownTime = .seconds(Int.random(in: 1...20, using: &random))
        policy.reserve = .seconds(Int.random(in: 0...5, using: &random))
        policy.confirmReadings = Int.random(in: 1...3, using: &random)
        policy.lowChargeHold = .milliseconds(Int.random(in: 0...3000, using: &random))
        policy.returnHold = .milliseconds(Int.random(in: 0...6000, using: &random))
        policy.deadTime = .seconds(Int.random(in: 3...15, using: &random))
        policy.dryRun = Int.random(in: 0..<4, using: &random) == 0
        policy.steps = Int.random(in: 1...3, using: &random)
        let backup = Int.random(in: 10...90, using: &random)
        policy.maximumBackupTime = Bool.random(using: &random) ? .seconds(backup) : nil
        // Mostly slow, because every poll costs the simulation time and tests little.
        let status = [30, 100, 200, 300, 400, 500, 500, 500].randomElement(using: &random)!
        let intervals = PollIntervals(
            status: .milliseconds(status), values: .milliseconds(4000),
            slow: .seconds(60), timeout: .milliseconds(Int.random(in: 100...500, using: &random)))
        return Watch.Setup(policy: policy, intervals: intervals)
    }

    private mutating func addStep(isHostile: Bool, _ random: inout SeededGenerator) {
        let pause: Duration =
            Bool.random(using: &random)
            ? .milliseconds(Int.random(in: 0...1500, using: &random))
            : .milliseconds(Int.random(in: 0...9000, using: &random))
        let roll = Int.random(in: 0..<100, using: &random)
        let step: Step
        switch roll {
        case 0..<45: step = .power(Int.random(in: 0..<3, using: &random) == 0)
        case 45..<50: step = .charge(Int.random(in: 0...100, using: &random))
        case 50..<54: step = .load(Double(Int.random(in: 0...80, using: &random)) / 10)
        case 54..<70: step = .command(History.command(&random))
        case 70..<72: step = .request(Bool.random(using: &random))
        case 72..<80: step = .restart(.milliseconds(Int.random(in: 0...4000, using: &random)))
        default:
            guard isHostile else {
                step = .power(Bool.random(using: &random))
                break
            }
            step = History.hostileStep(&random)
        }
        steps.append((pause, step))
    }

    private static func hostileStep(_ random: inout SeededGenerator) -> Step {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .unplug
        case 1, 2: .plug
        case 3: .pause(.milliseconds(Int.random(in: 0...12000, using: &random)))
        default:
            .fault(
                Fault.allCases.randomElement(using: &random)!,
                count: Int.random(
                    in: 1...[2, 5, 40].randomElement(using: &random)!, using: &random))
        }
    }

    private static func command(_ random: inout SeededGenerator) -> Command {
        let origin = Origin.allCases.randomElement(using: &random)!
        let id = Bool.random(using: &random) ? "\(Int.random(in: 0..<4, using: &random))" : nil
        let incident =
            Int.random(in: 0..<8, using: &random) == 0
            ? "01234567-\(Int.random(in: 0..<4, using: &random))" : nil
        let verb: Command.Verb =
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4: .cancel
            case 4..<8: .delay(seconds: Int.random(in: 0...40, using: &random))
            case 8: .measure
            default: .drill(seconds: Int.random(in: 1...10, using: &random))
            }
        return Command(verb, from: origin, id: id, incident: incident)
    }

    /// Plays the history; the world as it is at the end.
    func play() -> World {
        var world = World(
            setup, seed: seed, poweredAtStart: poweredAtStart,
            requestedAtStart: requestedAtStart, at: start)
        world.commandFails = commandFails
        for (pause, step) in steps {
            world.run(until: world.now + pause)
            guard world.oracle.violation == nil else { return world }
            world.perform(step)
        }
        // What goes on is played to its end; calm line power needs no watching.
        world.run(until: world.now + .seconds(world.watch.controller.isIdle ? 2 : 10))
        return world
    }
}
