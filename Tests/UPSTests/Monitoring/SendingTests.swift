// Rule 15: nothing that changes something in the UPS goes out unless all is well at that moment.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct SendingTests {
    enum What: CaseIterable, Sendable {
        case measure, set

        var verb: Command.Verb { self == .measure ? .measure : .set(.restartDelay, 12) }
    }

    private static let restartDelay = Setting(
        minimum: 0, maximum: 99, default: 8, isEnabled: true, value: 8)
    private static let noLimit = Setting(
        minimum: 0, maximum: 99, default: 60, isEnabled: false, value: 60)

    /// A device with settings, all of which have been read.
    private static func post() -> Post {
        let post = Post(settings: [.restartDelay: restartDelay, .maximumBackupTime: noLimit])
        post.run(for: .seconds(1))
        post.forget()
        return post
    }

    private static func count(_ what: What, _ post: Post) -> Int {
        what == .measure ? post.count(.startMeasurement) : post.written.count
    }

    @Test(arguments: What.allCases)
    func itIsSentAndAnswered(what: What) {
        let post = SendingTests.post()
        #expect(post.submit(what.verb) == nil)
        post.run(for: .seconds(1))
        #expect(post.lastResult?.isAccepted == true)
        #expect(SendingTests.count(what, post) == 1)
    }

    /// Only then is it known that power is there. At whatever moment it is asked for.
    @Test(arguments: What.allCases)
    func onlyBehindAStatusAnswer(what: What) throws {
        for offset in stride(from: 0, to: 120, by: 3) {
            let post = SendingTests.post()
            post.run(for: .milliseconds(200 + offset))
            _ = post.submit(what.verb)
            post.run(for: .seconds(1))
            let sent = try #require(
                what == .measure
                    ? post.sent.first { $0.request == .startMeasurement }?.time
                    : post.written.first?.time)
            let before = try #require(post.sent.last { $0.time < sent })
            #expect(before.request == .deviceStatus, "offset \(offset)")
            #expect(sent - before.time == .milliseconds(4), "as its answer came")
        }
    }

    /// Power fails with one of the answers after it: once that was heard nothing is sent.
    @Test(arguments: What.allCases, 0..<12)
    func powerFailsMeanwhile(what: What, answers: Int) {
        for offset in stride(from: 0, to: 60, by: 7) {
            let post = SendingTests.post()
            post.run(for: .milliseconds(offset))
            post.forget()
            var left = answers
            post.willAnswer = { post, _ in
                if left == 0 { post.payloads[.deviceStatus] = Post.absent }
                left -= 1
            }
            _ = post.submit(what.verb)
            let before = SendingTests.count(what, post)
            post.run(for: .seconds(30))
            let count = SendingTests.count(what, post)
            #expect(post.lastResult != nil)
            if answers == 0 {
                #expect(count == before && count == 0, "offset \(offset)")
                #expect(post.lastResult?.isAccepted == false)
            }
            guard let heard = post.events.first(where: { $0.name == .powerFail })?.time else {
                Issue.record("power never failed")
                continue
            }
            let started = post.sent.filter { $0.request == .startMeasurement }.map(\.time)
            let sent = started + post.written.map(\.time)
            #expect(sent.allSatisfy { $0 <= heard }, "offset \(offset)")
        }
    }

    @Test(arguments: What.allCases)
    func theLinkGoesMeanwhile(what: What) {
        for isClosed in [true, false] {
            let post = SendingTests.post()
            post.isMute = !isClosed
            #expect(post.submit(what.verb) == nil)
            if isClosed { post.closePort() }
            post.run(for: .seconds(3))
            #expect(post.lastResult?.isAccepted == false)
            post.isMute = false
            if isClosed { post.openPort() }
            post.run(for: .seconds(600))
            post.power(Post.absent, for: .seconds(10))
            #expect(SendingTests.count(what, post) == 0)
        }
    }

    /// A drill begins while it waits for its turn.
    @Test func notInADrill() {
        let post = SendingTests.post()
        #expect(post.submit(SendingTests.What.set.verb) == nil)
        let change = post.lastTicket
        #expect(post.submit(.drill(seconds: 10))?.isAccepted == true)
        post.run(for: .seconds(5))
        #expect(post.result(of: change)?.isAccepted == false)
        #expect(post.submit(.measure)?.isAccepted == false)
        #expect(post.submit(What.set.verb)?.isAccepted == false)
        post.run(for: .seconds(60))
        #expect(post.written.isEmpty && post.count(.startMeasurement) == 0)
    }

    /// Nor does a drill begin while a measurement waits for its turn, or runs.
    @Test func noDrillWithAMeasurement() {
        let post = SendingTests.post()
        #expect(post.submit(.measure) == nil)
        #expect(post.submit(.drill(seconds: 10))?.isAccepted == false)
        post.payloads[.monitorStatus] = [0x01, 0x02]
        post.run(for: .seconds(5))
        #expect(post.submit(.drill(seconds: 10))?.isAccepted == false)
        #expect(post.submit(What.set.verb)?.isAccepted == false, "nor is a setting changed")
    }

    @Test(arguments: What.allCases)
    func refusedOnBatteryAndMomentsAfter(what: What) {
        let post = SendingTests.post()
        post.power(Post.absent, for: .seconds(1))
        #expect(post.submit(what.verb)?.isAccepted == false)
        post.power(Post.present, for: .seconds(4))
        #expect(post.shutdown.phase == .idle)
        #expect(post.submit(what.verb)?.isAccepted == false, "within returnHold")
        post.run(for: .seconds(2))
        #expect(post.submit(what.verb) == nil)
    }

    /// A start whose answer was lost counts as running.
    @Test(arguments: [true, false])
    func aLostAnswerIsAStart(tellsMonitor: Bool) {
        let post = SendingTests.post()
        post.mute = tellsMonitor ? [.startMeasurement] : [.startMeasurement, .monitorStatus]
        _ = post.submit(.measure)
        post.payloads[.monitorStatus] = [0x01, 0x02]
        post.run(for: .seconds(5))
        #expect(post.lastResult?.isAccepted == true && post.snapshot.isMeasuring)
        for _ in 0..<20 {
            #expect(post.submit(.measure)?.isAccepted == false)
            post.run(for: .seconds(30))
        }
        #expect(post.count(.startMeasurement) == 1)
    }

    /// What is told of a measurement is what it has found.
    @Test func resultsAreReadBeforeTheyAreTold() {
        let post = SendingTests.post()
        _ = post.submit(.measure)
        post.payloads[.monitorStatus] = [0x01, 0x02]
        post.run(for: .seconds(30))
        post.payloads[.monitorStatus] = [0x18, 0x02]
        post.payloads[.capacitance] = [20, 0]
        post.run(for: .seconds(20))
        let done = post.events.filter { $0.name == .measurementDone }
        #expect(done.map(\.text) == ["Measurement done: capacitance 20000 mF, ESR 100 mΩ"])
    }

    @Test func theHourHoldsOverARestart() {
        let post = SendingTests.post()
        _ = post.submit(.measure)
        post.payloads[.monitorStatus] = [0x01, 0x02]
        post.run(for: .seconds(10))
        post.payloads[.monitorStatus] = [0x18, 0x02]
        post.run(for: .seconds(60))
        #expect(!post.snapshot.isMeasuring)
        post.restart()
        post.run(for: .seconds(60))
        let refused = post.submit(.measure)?.message.text ?? "accepted"
        #expect(refused.hasPrefix("The last measurement was less than an hour ago"))
        #expect(post.count(.startMeasurement) == 1)
        post.run(for: .seconds(3600))
        #expect(post.submit(.measure) == nil)
    }

    /// It may have been written or not; the next one is free to be.
    @Test func aReloadMeanwhileBlocksNothing() {
        let post = SendingTests.post()
        #expect(post.submit(What.set.verb) == nil)
        let first = post.lastTicket
        var setup = Watch.Setup()
        setup.intervals.status = .milliseconds(200)
        post.reconfigure(setup)
        post.run(for: .seconds(2))
        #expect(post.result(of: first) != nil)
        #expect(post.submit(.set(.restartDelay, 15)) == nil)
        post.run(for: .seconds(2))
        #expect(post.lastResult?.isAccepted == true)
        #expect(post.settings[.restartDelay]?.value == 15)
    }

    /// Another one, while it waits: one is sent, and both are answered.
    @Test(arguments: What.allCases)
    func anotherWhileItWaits(what: What) {
        let post = SendingTests.post()
        #expect(post.submit(what.verb) == nil)
        let first = post.lastTicket
        let other = what == .measure ? Command.Verb.measure : .set(.restartDelay, 15)
        #expect(post.submit(other)?.isAccepted == false)
        post.run(for: .seconds(2))
        #expect(post.result(of: first)?.isAccepted == true)
        #expect(SendingTests.count(what, post) == 1)
    }

    /// It was written, and nobody heard what came of it: the answer does not say that it was not.
    @Test func theLinkGoesAfterTheWrite() {
        let post = SendingTests.post()
        #expect(post.submit(What.set.verb) == nil)
        while post.written.isEmpty { post.run(for: .milliseconds(1)) }
        post.closePort()
        let message = post.lastResult?.message.text ?? "no answer"
        #expect(message.hasSuffix("The setting may have been changed."))
    }

    /// The same command again, while it waits, on whatever connection.
    @Test(arguments: What.allCases)
    func twiceWhileItWaits(what: What) {
        let post = SendingTests.post()
        #expect(post.submit(what.verb, id: "a") == nil)
        let first = post.lastTicket
        #expect(post.submit(what.verb, id: "a") == nil)
        post.run(for: .seconds(2))
        #expect(post.lastResult?.isAccepted == true)
        #expect(post.result(of: first) == post.lastResult)
        #expect(SendingTests.count(what, post) == 1)
    }

    /// A charge that was told before the link was lost is shown again for moments, and says nothing
    /// about what the capacitors hold now.
    @Test func aChargeOfBeforeALostLinkStartsNoMeasurement() {
        let post = Post()
        post.isMute = true
        post.run(for: .seconds(3))
        post.isMute = false
        post.mute = [.charge]
        post.answerAgain()
        #expect(post.snapshot.link == .ok && post.snapshot.reading.batteryCharge == 100)
        #expect(post.submit(.measure)?.isAccepted == false)
    }
}
