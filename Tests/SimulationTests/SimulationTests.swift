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

/// Without optimisation a history takes some fifty times as long.
#if DEBUG
    private let usualHistories: UInt64 = 2000
#else
    private let usualHistories: UInt64 = 100_000
#endif

private let seeds: Range<UInt64> = {
    if let seed = number("UPS_SEED") { return seed..<(seed + 1) }
    return 0..<(number("UPS_HISTORIES") ?? usualHistories)
}()

/// For trials that take many times as long.
private let fewer = seeds.lowerBound..<(seeds.lowerBound + UInt64(max(1, seeds.count / 50)))

/// One issue for each violation: its text has the seed, which repeats it.
private func expectNone(
    _ seeds: Range<UInt64>, in play: @escaping @Sendable (UInt64) -> String?
) async {
    for text in await violations(seeds, in: play) { Issue.record("\(text)") }
}

@Suite struct SimulationTests {
    @Test func invariantsHold() async {
        if let seed = number("UPS_SEED") { History(seed: seed).tell() }
        await expectNone(seeds) { History(seed: $0).brokenInvariant() }
    }

    @Test func invalidInputActsLikeSilence() async {
        await expectNone(fewer) { History(seed: $0).brokenSilence() }
    }

    @Test func everythingHeals() async {
        await expectNone(fewer) { History(seed: $0).brokenHealing() }
    }

    @Test func flappingCommitsLikeOneOutage() async {
        await expectNone(fewer) { History(seed: $0).brokenFlapping() }
    }
}

extension History {
    /// For the eyes of whoever looks into one seed.
    func tell() {
        let world = play()
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
}
