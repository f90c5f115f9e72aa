// The decision under 100,000 seeded histories. `UPS_HISTORIES` asks for more (`make soak`),
// `UPS_SEED` plays a single one.

import Glibc
import Simulator
import Testing

@testable import UPS

private func number(_ name: String) -> UInt64? {
    getenv(name).flatMap { UInt64(String(cString: $0)) }
}

/// Plays a range of seeds on every processor; the first violations found, with their seeds.
private func violations(
    _ seeds: Range<UInt64>, in play: @escaping @Sendable (UInt64) -> String?
) async -> [String] {
    let workers = UInt64(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    return await withTaskGroup(of: [String].self) { group in
        for worker in 0..<workers {
            group.addTask {
                var found: [String] = []
                for seed in seeds where seed % workers == worker && found.count < 3 {
                    if let text = play(seed) { found.append("seed \(seed): \(text)") }
                }
                return found
            }
        }
        return await group.reduce(into: []) { $0 += $1 }
    }
}

private var seeds: Range<UInt64> {
    if let seed = number("UPS_SEED") { return seed..<(seed + 1) }
    return 0..<(number("UPS_HISTORIES") ?? 100_000)
}

@Suite struct SimulationTests {
    @Test func invariantsHold() async {
        let found = await violations(seeds) { seed in
            let history = History(seed: seed)
            let world = history.play()
            if seeds.count == 1 { history.tell(world) }
            return world.oracle.violation?.description
        }
        #expect(found == [])
    }

    /// Garbage in every form makes the same decisions at the same moments as silence.
    @Test func invalidInputActsLikeSilence() async {
        // A text of another length is still a text, so .wrongLength is not among them.
        let spoilt: Set<Fault> = [.garbage, .truncated, .wrongIndex, .badSize]
        let found = await violations(0..<(seeds.count > 1 ? 5000 : 1)) { seed in
            let history = History(seed: seed)
            // Late answers keep the line busy, and how long depends on what they are.
            guard !history.has(.slow) else { return nil }
            let original = history.play()
            let silent = history.replacing(spoilt, with: .mute).play()
            let first = original.events.map { "\($0.name) \($0.time.sinceBoot.inSeconds)" }
            let second = silent.events.map { "\($0.name) \($0.time.sinceBoot.inSeconds)" }
            guard let differing = zip(first, second).first(where: { $0 != $1 }) else {
                return first.count == second.count ? nil : "one of the two says more"
            }
            return "garbage: \(differing.0), silence: \(differing.1)"
        }
        #expect(found == [])
    }

    /// Two minutes after power and link are back the controller is idle and decides the next
    /// outage right.
    @Test func everythingHeals() async {
        let found = await violations(0..<(seeds.count > 1 ? 5000 : 1)) { seed in
            var world = History(seed: seed).play()
            world.perform(.fault(.mute, count: 0))
            for step in [Step.plug, .request(false), .power(true), .charge(100), .load(0.5)] {
                world.perform(step)
            }
            world.run(until: world.now + .seconds(120))
            guard world.watch.controller.isIdle, world.watch.controller.link(at: world.now) == .ok
            else { return "not idle after two minutes" }
            return nextOutage(&world)
        }
        #expect(found == [])
    }

    private func nextOutage(_ world: inout World) -> String? {
        let policy = world.setup.policy
        guard policy.byTime || policy.maximumBackupTime != nil else { return nil }
        let commits = world.oracle.commitCount
        let timer = policy.byTime ? world.watch.controller.delay : .seconds(86400)
        world.perform(.power(false))
        world.run(until: world.now + min(timer, policy.longestDelay ?? timer) + .seconds(3))
        if let violation = world.oracle.violation { return violation.description }
        return world.oracle.commitCount == commits + 1 ? nil : "the next outage was not decided"
    }
}

extension History {
    /// For the eyes of whoever looks into one seed.
    func tell(_ world: World) {
        print("\(setup.policy)\n\(setup.intervals)\nstart \(start.sinceBoot.inSeconds)")
        var time = start
        for (after, step) in steps {
            time = time + after
            print("step \(time.sinceBoot.inSeconds): \(step)")
            if case .pause(let duration) = step { time = time + duration }
            if case .restart(let duration) = step { time = time + duration }
        }
        for event in world.events {
            print("event \(event.time.sinceBoot.inSeconds): \(event.name) \(event.text)")
        }
    }

    func has(_ fault: Fault) -> Bool {
        steps.contains { if case .fault(fault, _) = $0.step { true } else { false } }
    }

    func replacing(_ spoilt: Set<Fault>, with other: Fault) -> History {
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
