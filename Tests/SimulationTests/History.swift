// What happens in one seeded history: a configuration, a device, and steps in time.

import Simulator

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

struct History {
    let seed: UInt64
    let setup: Watch.Setup
    var model: Model
    let poweredAtStart: Bool
    let requestedAtStart: Bool
    let start: BootTime
    let commandFails: Bool?
    var steps: [(after: Duration, step: Step)] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        setup = History.setup(&random)
        model = History.model(setup.intervals, &random)
        poweredAtStart = Int.random(in: 0..<20, using: &random) > 0
        requestedAtStart = Int.random(in: 0..<20, using: &random) == 0
        let uptime = Bool.random(using: &random) ? 1000 : Int.random(in: 0..<80, using: &random)
        start = BootTime(.seconds(uptime))
        commandFails = [nil, true, false].randomElement(using: &random)!
        let count = Int.random(in: 3...10, using: &random)
        let isHostile = Bool.random(using: &random)
        for _ in 0..<count { addStep(isHostile: isHostile, &random) }
    }

    /// The same on another kind of device.
    func onAnotherDevice() -> History {
        var random = SeededGenerator(seed: ~seed)
        var other = self
        other.model.device = SimulatedModel.allCases.randomElement(using: &random)!
        let beyond = Set(Request.allCases.filter { $0.index != 0x01 })
        switch other.model.device {
        case .generic: other.model.unknown.formUnion(beyond)
        case .mute: other.model.mute.formUnion(beyond)
        // Slower than the time-out is no device.
        case .slow where shortestTimeout >= .milliseconds(200):
            other.model.turnaround = .milliseconds(60)
        default: break
        }
        other.model.answersOneByOne = Bool.random(using: &random)
        return other
    }

    /// Also of what is read at a reload.
    private var shortestTimeout: Duration {
        steps.reduce(setup.intervals.timeout) { shortest, step in
            guard case .reload(let setup) = step.step else { return shortest }
            return min(shortest, setup.intervals.timeout)
        }
    }

    /// Plays the history; the world as it is at the end.
    func play() -> World {
        var world = world()
        for (pause, step) in steps {
            world.run(until: world.now + pause)
            guard world.oracle.violation == nil else { return world }
            world.perform(step)
        }
        // What goes on is played to its end; calm line power needs no watching.
        world.run(until: world.now + .seconds(world.watch.controller.isIdle ? 2 : 10))
        return world
    }

    func world() -> World {
        var world = World(
            setup, seed: seed, model: model, poweredAtStart: poweredAtStart,
            requestedAtStart: requestedAtStart, at: start)
        world.commandFails = commandFails
        return world
    }
}

// MARK: What there is

extension History {
    static func setup(_ random: inout SeededGenerator) -> Watch.Setup {
        var setup = Watch.Setup(policy: policy(&random), intervals: intervals(&random))
        if Int.random(in: 0..<4, using: &random) == 0 {
            setup.rating.cutoffVoltage = Voltage(
                millivolts: Int.random(in: 3000...7000, using: &random))
        }
        return setup
    }

    private static func policy(_ random: inout SeededGenerator) -> ShutdownPolicy {
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
        return policy
    }

    /// Mostly slow, because every poll costs the simulation time and tests little.
    private static func intervals(_ random: inout SeededGenerator) -> PollIntervals {
        let status = [30, 100, 200, 300, 400, 500, 500, 500].randomElement(using: &random)!
        let values = [500, 1000, 4000, 4000, 4000, 10000].randomElement(using: &random)!
        let isEager = Int.random(in: 0..<100, using: &random) == 0
        return PollIntervals(
            status: isEager ? .zero : .milliseconds(status), values: .milliseconds(values),
            slow: .seconds(Int.random(in: 10...60, using: &random)),
            timeout: .milliseconds(Int.random(in: 60...1000, using: &random)))
    }

    /// Every other device does what the book says.
    private static func model(
        _ intervals: PollIntervals, _ random: inout SeededGenerator
    ) -> Model {
        var model = Model()
        if Int.random(in: 0..<10, using: &random) == 0 { model.pace = .byte }
        guard Bool.random(using: &random) else { return model }
        let slowest = min(50, Int(intervals.timeout.inSeconds * 500))
        model.turnaround = .milliseconds(Int.random(in: 0...slowest, using: &random))
        let others = Array(Model.everythingButStatus).sorted { $0.rawValue < $1.rawValue }
        func some() -> Set<Request> {
            Set(others.filter { _ in Int.random(in: 0..<4, using: &random) == 0 })
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: model.mute = Model.everythingButStatus
        case 1: model.unknown = Model.everythingButStatus
        case 2: model.garbled = Model.everythingButStatus
        case 3: model.mute = some()
        case 4, 5: model.unknown = some()
        case 6: model.garbled = some()
        case 7: (model.mute, model.unknown) = (some(), some())
        default: break
        }
        return model
    }
}

// MARK: What happens

extension History {
    private mutating func addStep(isHostile: Bool, _ random: inout SeededGenerator) {
        let pause: Duration =
            Bool.random(using: &random)
            ? .milliseconds(Int.random(in: 0...1500, using: &random))
            : .milliseconds(Int.random(in: 0...9000, using: &random))
        let step: Step
        switch Int.random(in: 0..<110, using: &random) {
        case 0..<40: step = .power(Int.random(in: 0..<3, using: &random) == 0)
        case 40..<45: step = History.flap(&random)
        case 45..<50: step = .charge(Int.random(in: 0...100, using: &random))
        case 50..<54: step = .load(Double(Int.random(in: 0...80, using: &random)) / 10)
        case 54..<70: step = .command(History.command(&random))
        case 70..<73: step = .request(Bool.random(using: &random))
        case 73..<80: step = .restart(.milliseconds(Int.random(in: 0...4000, using: &random)))
        case 80..<83: step = .reload(changed(&random))
        case 83..<85: step = .limit(Int.random(in: 0...60, using: &random))
        case 85: step = .hostStopping
        case 86: step = .sinks
        case 87: step = .restart(.seconds(Int.random(in: 4...200, using: &random)))
        default:
            guard isHostile else {
                step = .power(Bool.random(using: &random))
                break
            }
            step = History.hostileStep(&random)
        }
        steps.append((pause, step))
    }

    private static func flap(_ random: inout SeededGenerator) -> Step {
        let off = [100, 1000, 3000].randomElement(using: &random)!
        let on = [50, 300, 2000].randomElement(using: &random)!
        return .flap(
            off: .milliseconds(Int.random(in: 1...off, using: &random)),
            on: .milliseconds(Int.random(in: 1...on, using: &random)),
            count: Int.random(in: 2...15, using: &random))
    }

    /// Some keys of the file are others now.
    private func changed(_ random: inout SeededGenerator) -> Watch.Setup {
        let other = History.setup(&random)
        var setup = setup
        if Bool.random(using: &random) {
            let steps = setup.policy.steps
            setup.policy = other.policy
            setup.policy.steps = steps
        }
        if Bool.random(using: &random) { setup.policy.dryRun = other.policy.dryRun }
        if Bool.random(using: &random) { setup.rating = other.rating }
        if Bool.random(using: &random) { setup.intervals = other.intervals }
        return setup
    }

    private static func hostileStep(_ random: inout SeededGenerator) -> Step {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .unplug
        case 1, 2: return .plug
        case 3: return .pause(.milliseconds(Int.random(in: 0...12000, using: &random)))
        default:
            let isOnAll = Int.random(in: 0..<3, using: &random) > 0
            return .fault(
                History.faults.randomElement(using: &random)!,
                count: Int.random(
                    in: 1...[2, 5, 40].randomElement(using: &random)!, using: &random),
                on: isOnAll ? nil : Request.allCases.randomElement(using: &random)!)
        }
    }

    /// A wrong bit that passes for an answer is the reader's affair: see ReaderTests.
    private static let faults = Fault.allCases.filter { $0 != .bit }

    private static func command(_ random: inout SeededGenerator) -> Command {
        let origin = Origin.allCases.randomElement(using: &random)!
        let id = Bool.random(using: &random) ? "\(Int.random(in: 0..<4, using: &random))" : nil
        let incident =
            Int.random(in: 0..<8, using: &random) == 0
            ? "01234567-\(Int.random(in: 0..<4, using: &random))" : nil
        let verb: Command.Verb =
            switch Int.random(in: 0..<11, using: &random) {
            case 0..<4: .cancel
            case 4..<8: .delay(seconds: Int.random(in: 0...40, using: &random))
            case 8: .measure
            case 9:
                .set(
                    Bool.random(using: &random) ? .restartDelay : .maximumBackupTime,
                    Int.random(in: 1...60, using: &random))
            default: .drill(seconds: Int.random(in: 1...10, using: &random))
            }
        return Command(verb, from: origin, id: id, incident: incident)
    }
}
