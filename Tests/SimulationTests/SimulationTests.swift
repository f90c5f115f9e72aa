// The decision under 100,000 seeded histories, always the same ones. `UPS_HISTORIES` asks for
// another number, `UPS_FIRST_SEED` for others (`make soak` takes new ones from the clock), and
// `UPS_SEED` plays a single one and tells what happens in it.

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
    let first = number("UPS_FIRST_SEED") ?? 0
    return first..<(first + (number("UPS_HISTORIES") ?? usualHistories))
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

    @Test func invariantsHoldOnOtherDevices() async {
        let tenth = seeds.lowerBound..<(seeds.lowerBound + UInt64(max(1, seeds.count / 10)))
        await expectNone(tenth) { History(seed: $0).onAnotherDevice().brokenInvariant() }
    }

    @Test(arguments: FailedSeeds.all)
    func whatFailedOnce(seed: UInt64) {
        let broken = History(seed: seed).brokenInvariant()
        #expect(broken == nil, "seed \(seed)")
    }

    @Test(arguments: FailedSeeds.chatter)
    func whatFailedOnceInChatter(seed: UInt64) {
        #expect(History(seed: seed).brokenChatter() == nil, "seed \(seed)")
    }

    @Test(arguments: FailedSeeds.repetition)
    func whatFailedOnceInRepetition(seed: UInt64) {
        #expect(History(seed: seed).brokenRepetition() == nil, "seed \(seed)")
    }

    @Test func invalidInputActsLikeSilence() async {
        await expectNone(fewer) { History(seed: $0).brokenSilence() }
    }

    @Test func everythingHeals() async {
        await expectNone(fewer) { History(seed: $0).brokenHealing() }
    }

    @Test func sinksChangeNothing() async {
        await expectNone(fewer) { History(seed: $0).brokenSinks() }
    }

    @Test func chatterAsksForNothing() async {
        await expectNone(fewer) { History(seed: $0).brokenChatter() }
    }

    @Test func repetitionChangesNothing() async {
        await expectNone(fewer) { History(seed: $0).brokenRepetition() }
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
