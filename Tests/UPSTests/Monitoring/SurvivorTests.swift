// Rules that no other test held, found by `make mutants`.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct SurvivorTests {
    private static let set = Decision.present.union(.shutdownSet)

    /// Rule 12: one reading without the bit, between readings with it, is no withdrawal. What was
    /// set at the first reading stays an alarm.
    @Test func aBitThatFlickersAtTheStart() {
        let decision = Decision()
        for status in [SurvivorTests.set, Decision.present, SurvivorTests.set, SurvivorTests.set] {
            decision.status(status)
        }
        #expect(decision.phase == .idle)
        #expect(decision.events == ["warning"])
    }

    /// Rule 10: four gaps without a reading are an answer, three are none; and what happened while
    /// nothing was to be decided is no gap.
    @Test func aGapAtRestIsNone() {
        let decision = Decision.onLine()
        decision.now = decision.now + .seconds(5)
        decision.take(.unproven(Decision.absent))
        for gap in [5, 5, 6] {
            decision.now = decision.now + .seconds(gap)
            decision.take(.tick)
            #expect(decision.phase == .confirming)
        }
        decision.silence(until: decision.now.sinceBoot.inSeconds + 1.1)
        #expect(decision.phase == .committed, "a second after the last gap")
    }

    /// Rule 14: a drill ends when a real outage begins, and one failing reading is none.
    @Test func oneFailingReadingEndsNoDrill() {
        let post = Post()
        #expect(post.submit(.drill(seconds: 30))?.isAccepted == true)
        post.run(for: .seconds(2))
        var readings = 0
        post.willAnswer = { post, request in
            guard request == .deviceStatus else { return }
            readings += 1
            post.payloads[.deviceStatus] = readings == 1 ? Post.absent : Post.present
        }
        post.run(for: .seconds(2))
        #expect(post.snapshot.isDrill)
        #expect(post.shutdown.phase == .pending)
    }

    /// The link is stale after three status intervals, and after a second at the earliest.
    @Test(arguments: [(100, 1000), (400, 1200), (500, 1500)])
    func staleAfterThreeIntervals(interval: Int, stale: Int) {
        var now = BootTime(.seconds(1000))
        var controller = ShutdownController(
            policy: ShutdownPolicy(), statusInterval: .milliseconds(interval),
            boot: Decision.boot, at: now)
        _ = controller.handle(.reading(Decision.present), at: now)
        now = now + .milliseconds(stale - 1)
        #expect(controller.link(at: now) == .ok)
        #expect(controller.link(at: now + .milliseconds(1)) == .stale)
    }

    /// Half an answer from before the port closed does not make up a frame with what comes after:
    /// `01 04 01 40` and `01 04` would say that power is absent.
    @Test(arguments: 1...5)
    func halfAnAnswerBeforeThePortCloses(length: Int) {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        let whole = Line.status(Line.present).bytes
        line.receive(Array(whole.prefix(length)))
        line.poller.close()
        line.poller.open(at: line.now)
        line.run(for: .seconds(2))
        let readings = line.takeOutcomes().compactMap(\.status)
        #expect(!readings.isEmpty && readings.allSatisfy { $0 == Line.present })
    }

    /// A status answer that comes late begins the quiet anew: another one may be behind it.
    @Test func aLateAnswerIsTheBeginningOfTheQuiet() {
        let line = Line()
        #expect(line.step() == .deviceStatus)
        line.now = line.now + Line.exchange
        line.receive(Line.status(Line.present))
        for _ in 1...2 {
            #expect(line.step() != .deviceStatus)
            line.now = line.now + .milliseconds(400)
            line.receive(Line.status(Line.present))
            line.now = line.now + .milliseconds(100)
        }
        #expect(line.step() != .deviceStatus, "100 ms after an answer it is not quiet")
    }

    /// Rule 9: a command that waits to be sent is known by its id, whatever connection it comes by.
    @Test func theSameMeasurementOverAnotherConnection() {
        let post = Post()
        #expect(post.submit(.measure, id: "a") == nil)
        let first = post.lastTicket
        #expect(post.submit(.measure, from: .mqtt, id: "a") == nil)
        post.run(for: .seconds(1))
        #expect(post.lastResult?.isAccepted == true)
        #expect(post.lastResult == post.result(of: first))
        #expect(post.count(.startMeasurement) == 1)
    }

    /// Rule 15: a measurement whose start was not answered may have begun, and counts for an hour.
    @Test func aStartWithoutAnAnswerCounts() {
        let post = Post()
        post.mute = [.startMeasurement]
        _ = post.submit(.measure)
        post.run(for: .seconds(60))
        #expect(post.lastResult?.isAccepted == true)
        #expect(post.submit(.measure)?.isAccepted == false)
        post.run(for: .seconds(5))
        #expect(post.count(.startMeasurement) == 1)
    }

    /// Rule 11: a commit ends only with power that is confirmed back. An answer that it is absent
    /// which cannot be proven is enough to doubt that.
    @Test func doubtAfterACommit() {
        let decision = Decision.onBattery()
        decision.stay(until: 1016)
        #expect(decision.phase == .committed)
        decision.good(2)
        decision.take(.unproven(Decision.absent))
        decision.silence(until: 1200)
        #expect(decision.phase == .committed && !decision.events.contains("shutdown_failed"))
        decision.good(1)
        decision.take(.tick)
        #expect(decision.phase == .committed, "one reading confirms nothing")
        decision.good(2)
        #expect(decision.phase == .idle && decision.events.contains("shutdown_failed"))
    }

    /// Rule 12: what the UPS has asked for is due at its moment, also when power fails before and
    /// the link is lost with it.
    @Test func aRequestWhileConfirmingWithoutALink() {
        let decision = Decision.onLine()
        decision.stay(SurvivorTests.set, until: 1010)
        decision.status(Decision.absent.union(.shutdownSet))
        decision.silence(until: 1014.9)
        #expect(decision.commitReason == nil)
        decision.silence(until: 1015.1)
        #expect(decision.commitReason == .upsRequest && decision.commitSeconds == 1015)
    }

    /// Rule 11: a shutdown has not failed before every step was tried, and the minute begins then.
    @Test func theMinuteBeginsWithTheLastStep() {
        let decision = Decision.onBattery { $0.steps = 20 }
        decision.stay(until: 1015)
        decision.stay(Decision.present, until: 1169)
        #expect(decision.phase == .committed && decision.events.contains("run(19)"))
        decision.stay(Decision.present, until: 1171)
        #expect(decision.phase == .idle && decision.events.contains("shutdown_failed"))
    }

    /// Rule 9: the same id for another incident is another command, and gets an answer of its own.
    @Test func theSameIDForTheNextIncident() {
        let decision = Decision.onBattery()
        func cancel() -> CommandResult? {
            let incident = decision.controller.incidentID?.description
            return decision.command(.cancel, id: "a", incident: incident)
        }
        #expect(cancel()?.isAccepted == true)
        decision.stay(Decision.present, until: 1010)
        decision.failing(2)
        #expect(decision.phase == .pending)
        #expect(cancel()?.isAccepted == true)
        #expect(decision.phase == .cancelled)
    }

    /// Rule 13: a request goes on over a restart, but not when the last reading is an hour old.
    @Test(arguments: [(3590, Phase.pending), (3610, .idle)])
    func aRequestOfLongAgo(seconds: Int, phase: Phase) {
        let decision = Decision.onLine()
        decision.status(SurvivorTests.set, 2)
        #expect(decision.command(.delay(seconds: 7200))?.isAccepted == true)
        decision.restart(after: .seconds(seconds))
        #expect(decision.phase == phase)
    }

    /// Rule 12: a request that commits on line power is no power failure.
    @Test func aCommitOnLinePowerIsNoOutage() {
        let decision = Decision.onLine()
        decision.stay(SurvivorTests.set, until: 1015)
        #expect(decision.phase == .committed && decision.commitReason == .upsRequest)
        #expect(!decision.controller.isOnBattery)
    }

    /// A value that stays mute does not hold up the others: the next one is asked.
    @Test func aMuteValueHoldsUpNoOther() throws {
        let line = Line.settled()
        line.run(for: .seconds(2)) { $0 == .outputVoltage ? .silent : .good }
        let values = line.requests.filter { $0 != .deviceStatus }
        let mute = try #require(values.firstIndex(of: .outputVoltage))
        let next = try #require(values[mute...].firstIndex(of: .outputCurrent))
        #expect(next - mute <= 2, "once more at the most, and the others have their turn")
    }

    /// What the device does not tell any more is not known, and is neither shown nor judged.
    @Test(arguments: [true, false])
    func aValueThatIsGoneIsNotKnown(isMute: Bool) {
        let post = Post()
        #expect(post.snapshot.reading.batteryVoltage != nil && post.snapshot.runtime != nil)
        if isMute { post.mute = [.batteryVoltage] } else { post.payloads[.batteryVoltage] = [] }
        post.run(for: .seconds(10))
        #expect(post.snapshot.reading.batteryVoltage == nil && post.snapshot.runtime == nil)
    }
}
