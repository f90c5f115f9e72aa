// A device that deals with one request after the other and was late once comes back in time again,
// and what waits for a device that is always late does not wait for ever.

import Simulator
import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct LateAnswerTests {
    /// One late answer makes those behind it late: the device answers one request after the other.
    @Test(
        arguments: [5, 60, 200, 300, 400, 450, 480],
        [600, 700, 900, 1200, 1600, 2000, 3000])
    func aSlowDeviceIsLateOnce(answerTime: Int, hiccup: Int) {
        var model = Model()
        model.turnaround = .milliseconds(answerTime)
        model.answersOneByOne = true
        var world = ReaderTests.world(model)
        world.oracle.isOff = true
        world.run(until: world.now + ReaderTests.twoRounds(model.turnaround))
        for pause in [0, 130, 700, 1100, 2500, 7700] {
            world.run(until: world.now + .milliseconds(pause))
            let asked = world.watch.poller.counters.requests
            world.ups.turnaround = .milliseconds(hiccup)
            while world.watch.poller.counters.requests == asked {
                world.run(until: world.now + .milliseconds(10))
            }
            world.ups.turnaround = model.turnaround
            // What was asked meanwhile is answered one by one.
            let backlog = Duration.milliseconds(hiccup) + model.turnaround * (hiccup / 500 + 6)
            world.run(until: world.now + backlog + .seconds(1))
            #expect(world.watch.controller.link(at: world.now) == .ok, "after \(pause) ms")
        }
        world.run(until: world.now + ReaderTests.twoRounds(model.turnaround))
        #expect(ReaderTests.unknown(in: world) == [])
        #expect(ReaderTests.falseAlarms(world) == [])
        let losses = world.events.filter { $0.name == .linkLost }
        #expect(losses.count <= (hiccup + answerTime * 5 < 2000 ? 0 : 6))
    }

    /// The process before this one asked for something, and ended.
    @Test(arguments: [5, 200, 400, 450, 480])
    func theAnswerBeforeTheFirstOneIsNotOurs(answerTime: Int) {
        var model = Model()
        model.turnaround = .milliseconds(answerTime)
        model.answersOneByOne = true
        for pause in 0..<12 {
            var world = ReaderTests.world(model)
            world.oracle.isOff = true
            world.run(until: world.now + .milliseconds(9000 + pause * 50))
            world.perform(.restart(.milliseconds(pause * 30)))
            world.run(until: world.now + .seconds(8))
            #expect(world.watch.controller.link(at: world.now) == .ok)
        }
    }

    /// What changes something in the UPS is sent behind an answer that is not late, or not at all.
    @Test(arguments: [505, 600, 700, 900, 1000, 1500], ["measure", "set"])
    func aCommandDoesNotWaitForEver(answerTime: Int, verb: String) throws {
        var world = ReaderTests.world()
        world.oracle.isOff = true
        world.run(until: world.now + .seconds(20))
        world.ups.turnaround = .milliseconds(answerTime)
        world.run(until: world.now + .seconds(30))
        let change = Command.Verb.set(.maximumBackupTime, 53)
        world.perform(.command(Command(verb == "set" ? change : .measure, from: .control)))
        world.run(until: world.now + .seconds(7))
        let result = try #require(world.watch.answers.result(for: 1))
        #expect(!result.isAccepted)
    }
}
