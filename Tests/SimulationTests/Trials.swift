// What is asked of a seeded history: each answer is nil, or which invariant was broken.

import Simulator

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
        let first = play().events.map { "\($0.name) \($0.time.sinceBoot.inSeconds)" }
        let silent = replacing(spoilt, with: .mute).play()
        let second = silent.events.map { "\($0.name) \($0.time.sinceBoot.inSeconds)" }
        guard let differing = zip(first, second).first(where: { $0 != $1 }) else {
            return first.count == second.count ? nil : "one of the two says more"
        }
        return "garbage: \(differing.0), silence: \(differing.1)"
    }

    /// Two minutes after power and link are back the controller is idle and decides the next
    /// outage right.
    func brokenHealing() -> String? {
        var world = play()
        world.perform(.fault(.mute, count: 0))
        for step in [Step.plug, .request(false), .power(true), .charge(100), .load(0.5)] {
            world.perform(step)
        }
        world.run(until: world.now + .seconds(120))
        guard world.watch.controller.isIdle, world.watch.controller.link(at: world.now) == .ok
        else { return "not idle after two minutes" }
        return brokenNextOutage(&world)
    }

    private func brokenNextOutage(_ world: inout World) -> String? {
        let policy = world.setup.policy
        guard policy.byTime || policy.maximumBackupTime != nil else { return nil }
        let commits = world.oracle.commitCount
        let timer = policy.byTime ? world.watch.controller.delay : .seconds(86400)
        world.perform(.power(false))
        world.run(until: world.now + min(timer, policy.longestDelay ?? timer) + .seconds(3))
        if let violation = world.oracle.violation { return violation.description }
        return world.oracle.commitCount == commits + 1 ? nil : "the next outage was not decided"
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
        world.perform(.load(0.1))
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
        steps.contains { if case .fault(fault, _) = $0.step { true } else { false } }
    }

    private func replacing(_ spoilt: Set<Fault>, with other: Fault) -> History {
        var copy = self
        copy.steps = steps.map { pause, step in
            if case .fault(let fault, let count) = step, spoilt.contains(fault) {
                return (pause, .fault(other, count: count))
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
