// What is asked of a seeded history: each answer is nil, or which invariant was broken.

import Simulator

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

extension History {
    /// The oracle's word on the history as it is.
    func brokenInvariant() -> String? {
        play().oracle.violation?.description
    }

    /// Garbage in every form makes the same decisions at the same moments as silence.
    func brokenSilence() -> String? {
        // A text of another length is still a text, so .wrongLength is not among them.
        let spoilt: Set<Fault> = [.garbage, .truncated, .wrongIndex, .badSize]
        // Late answers keep the line busy, and how long depends on what they are.
        guard !has(.slow) else { return nil }
        func decisions(_ history: History) -> [String] {
            // Which of the two it is is said, too.
            history.play().events.filter { event in
                let isOfLine = ["The UPS has not", "What comes"].contains {
                    event.text.hasPrefix($0)
                }
                return event.name != .warning || !isOfLine
            }.map { "\($0.name) \($0.time.sinceBoot.inSeconds)" }
        }
        let (first, second) = (decisions(self), decisions(replacing(spoilt, with: .mute)))
        guard let differing = zip(first, second).first(where: { $0 != $1 }) else {
            return first.count == second.count ? nil : "one of the two says more"
        }
        return "garbage: \(differing.0), silence: \(differing.1)"
    }

    /// What sinks and the wall clock do moves no decision and no moment of one.
    func brokenSinks() -> String? {
        var bothered = self
        bothered.steps = steps.flatMap { [$0, (after: .zero, step: .sinks)] }
        func decisions(_ history: History) -> [String] {
            history.play().events.filter { $0.name != .brokerLost && $0.text != "no room" }
                .map { "\($0.name) \($0.time.sinceBoot.inSeconds)" }
        }
        let (first, second) = (decisions(self), decisions(bothered))
        return first == second ? nil : "the sinks changed what was decided"
    }

    /// A request bit that chatters, also as power fails and returns: only readings in a row count.
    func brokenChatter() -> String? {
        var random = SeededGenerator(seed: seed)
        var chatter = self
        chatter.steps = (0..<20).map { number in
            let pause = number == 0 ? 3000 : Int.random(in: 5...400, using: &random)
            let isOn = Bool.random(using: &random)
            let isPower = Int.random(in: 0..<8, using: &random) == 0
            return (.milliseconds(pause), isPower ? .power(isOn) : .request(isOn))
        }
        return chatter.brokenInvariant()
    }

    /// A command that is delivered again and again, on whatever connection, in a drill or after it,
    /// has no second effect.
    func brokenRepetition() -> String? {
        var once = self
        let drill = Command(.drill(seconds: 6), from: .control)
        let cancel = Command(.cancel, from: .control)
        once.steps.insert(
            contentsOf: [
                (.seconds(2), .command(drill)), (.seconds(2), .command(cancel)),
                (.seconds(5), .sinks),
            ], at: 0)
        for (position, step) in once.steps.enumerated() {
            guard case .command(var command) = step.step else { continue }
            command.id = "\(position)"
            once.steps[position].step = .command(command)
        }
        // Each submission is a turn of the loop, which may move what is asked by a moment, and in a
        // moment a flapping input is another. So as many turns without a command are the measure.
        let turns = once.repeating(without: []) { _ in .turn }.play()
        let again = once.repeating(without: turns.oracle.lost) { .command($0) }.play()
        let (first, second) = (turns.events, again.events)
        let differing = zip(first, second).first { $0.name != $1.name || $0.time != $1.time }
        guard let (one, other) = differing else {
            return first.count == second.count ? nil : "a repeated command says more"
        }
        let (before, after) = (one.time.sinceBoot.inSeconds, other.time.sinceBoot.inSeconds)
        return "a repeated command: \(other.name) \(after) instead of \(one.name) \(before)"
    }

    /// After each step something for each command there was until then, from another origin. One
    /// that a restart has lost before its answer had no first effect: after that it is a turn.
    private func repeating(without lost: Set<Ticket>, _ repeated: (Command) -> Step) -> History {
        var copy = self
        var former: [(command: Command, ticket: Ticket)] = []
        var isGone: Set<Ticket> = []
        var tickets: Ticket = 0
        copy.steps = steps.flatMap { pause, step in
            if case .restart = step {
                isGone.formUnion(lost.intersection(former.map(\.ticket)))
            }
            let more = former.map { command, ticket in
                (after: Duration.zero, step: isGone.contains(ticket) ? .turn : repeated(command))
            }
            if case .command(var command) = step {
                command.origin = command.origin == .mqtt ? .control : .mqtt
                tickets += 1
                former.append((command, tickets))
            }
            return [(pause, step)] + more
        }
        return copy
    }

    /// Two minutes after power and link are back the controller is idle and decides the next
    /// outage right.
    func brokenHealing() -> String? {
        var world = play()
        world.perform(.fault(.mute, count: 0, on: nil))
        for step in [Step.plug, .request(false), .power(true), .charge(100), .load(0.5)] {
            world.perform(step)
        }
        // A host that shuts down for another reason is left alone for as long as the store lasts.
        let isStopping = steps.contains { if case .hostStopping = $0.step { true } else { false } }
        let end = world.now + .seconds(isStopping ? 1800 : 120)
        repeat {
            world.run(until: world.now + .seconds(120))
        } while !world.watch.controller.isIdle && world.now < end
        if let violation = world.oracle.violation { return violation.description }
        let (controller, now) = (world.watch.controller, world.now)
        guard controller.isIdle, model.isTalkative ? controller.link(at: now) == .ok : true else {
            return "\(controller.phase(at: now)), \(controller.link(at: now)) after two minutes"
        }
        return brokenNextOutage(&world)
    }

    private func brokenNextOutage(_ world: inout World) -> String? {
        let policy = world.watch.controller.policy
        guard policy.byTime || policy.maximumBackupTime != nil else {
            return brokenNextLowOutage(&world, policy)
        }
        let commits = world.oracle.commitCount
        let timer = policy.byTime ? world.watch.controller.delay : .seconds(86400)
        world.perform(.power(false))
        world.run(until: world.now + min(timer, policy.longestDelay ?? timer) + .seconds(3))
        if let violation = world.oracle.violation { return violation.description }
        return world.oracle.commitCount > commits ? nil : "the next outage was not decided"
    }

    /// Without a timer: at a load that leaves less than rule 4 wants, the oracle judges when.
    private func brokenNextLowOutage(_ world: inout World, _ policy: ShutdownPolicy) -> String? {
        let commits = world.oracle.commitCount
        let seconds = policy.hostShutdownTime.inSeconds * 1.2
        let needed = (world.oracle.intervals.values + .seconds(2)) * 2 + policy.lowChargeHold
        guard seconds > needed.inSeconds + 3, model.tellsRuntime, model.isTalkative else {
            return nil
        }
        world.perform(.load(min(8, 900 / seconds / 12.1)))
        world.perform(.power(false))
        world.run(until: world.now + .seconds(Int(seconds) + 200))
        if let violation = world.oracle.violation { return violation.description }
        return world.oracle.commitCount > commits ? nil : "the next outage was not decided"
    }

    /// A flapping input with gaps shorter than `returnHold` commits when one long outage with the
    /// same start would, or as soon as power is confirmed absent again.
    func brokenFlapping() -> String? {
        var random = SeededGenerator(seed: seed)
        let interval = setup.intervals.status + .milliseconds(100)
        let longestGap = setup.policy.returnHold - interval
        guard longestGap > .zero, let due = commitOfOneOutage() else { return nil }
        var world = calmWorld()
        world.perform(.power(false))
        var absentSince = world.now
        while world.now < due {
            // An absence that is too short to be confirmed would be a longer gap.
            world.run(until: world.now + .milliseconds(Int.random(in: 800...3000, using: &random)))
            if world.now >= due { break }
            world.perform(.power(true))
            let gap = Int.random(in: 1...max(1, Int(longestGap.inSeconds * 1000)), using: &random)
            world.run(until: world.now + .milliseconds(gap))
            world.perform(.power(false))
            absentSince = world.now
        }
        let confirmed = absentSince + interval * (setup.policy.confirmReadings + 1)
        world.run(until: max(due + .milliseconds(2), confirmed))
        if let violation = world.oracle.violation { return violation.description }
        guard let commit = world.firstCommit else { return "flapping: no commit" }
        return commit < due ? "flapping: a commit too early" : nil
    }

    /// With nothing but the timers, which do not depend on what a gap has charged.
    private func calmWorld() -> World {
        var setup = setup
        setup.policy.lowChargePercent = 0
        var world = World(setup, seed: seed)
        world.perform(.load(0.15))
        world.run(until: world.now + .seconds(3))
        return world
    }

    private func commitOfOneOutage() -> BootTime? {
        var world = calmWorld()
        world.perform(.power(false))
        world.run(until: world.now + .seconds(100))
        return world.firstCommit
    }

    private func has(_ fault: Fault) -> Bool {
        steps.contains { if case .fault(fault, _, _) = $0.step { true } else { false } }
    }

    private func replacing(_ spoilt: Set<Fault>, with other: Fault) -> History {
        var copy = self
        copy.steps = steps.map { pause, step in
            if case .fault(let fault, let count, let request) = step, spoilt.contains(fault) {
                return (pause, .fault(other, count: count, on: request))
            }
            return (pause, step)
        }
        return copy
    }
}

extension World {
    fileprivate var firstCommit: BootTime? {
        events.first { $0.name == .shutdownCommitted }?.time
    }
}
