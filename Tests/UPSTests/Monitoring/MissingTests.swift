// What is said about a device that does not tell, or does not answer: neither too early nor of
// what is over.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct MissingTests {
    private static func says(_ words: String, _ post: Post) -> Bool {
        post.snapshot.problem?.contains(words) ?? false
    }

    // MARK: Values

    /// Moments without a value are not said, and do not add up.
    @Test func whatIsMissingForMoments() {
        let post = Post()
        for _ in 1...4 {
            post.mute = [.charge]
            post.run(for: .seconds(6))
            post.mute = []
            post.run(for: .seconds(6))
        }
        #expect(post.snapshot.problem == nil && post.names == [])
    }

    /// Each time it is a problem, but an event only once an hour.
    @Test func whatComesAndGoes() {
        let post = Post()
        for round in 1...3 {
            post.mute = [.temperature]
            post.run(for: .seconds(40))
            #expect(MissingTests.says("does not tell its temperature", post), "\(round)")
            post.mute = []
            post.run(for: .seconds(40))
            #expect(post.snapshot.problem == nil, "\(round)")
        }
        #expect(post.names == ["warning"])
    }

    /// What no rule needs is missed where it was told before, and only there.
    @Test(arguments: [true, false])
    func whatNoRuleNeeds(wasTold: Bool) {
        let post = Post()
        if !wasTold { post.closePort() }
        post.mute = [.temperature]
        if !wasTold { post.openPort() }
        post.run(for: .seconds(30))
        #expect(MissingTests.says("does not tell its temperature", post) == wasTold)
    }

    @Test func whatWasNeverMeasured() {
        let post = Post(answering: [.capacitance: [0, 0]])
        post.run(for: .seconds(15))
        #expect(MissingTests.says("has not measured its capacitance", post))
        post.payloads[.capacitance] = [25, 0]
        post.run(for: .seconds(15))
        #expect(post.snapshot.problem == nil)
    }

    /// Which of the two it is follows from the last answer.
    @Test func whatCannotBeAndThenSilence() {
        let post = Post(answering: [.charge: [101]])
        post.run(for: .seconds(15))
        #expect(MissingTests.says("as its charge cannot be", post))
        post.payloads[.charge] = [90]
        post.run(for: .seconds(20))
        #expect(post.snapshot.problem == nil)
        post.mute = [.charge]
        post.run(for: .seconds(15))
        #expect(MissingTests.says("does not tell its charge", post))
        #expect(!MissingTests.says("cannot be", post))
    }

    /// What can be follows from this UPS's ratings.
    @Test(arguments: [(2.0, false), (5, true)])
    func aCurrentThatCannotBe(amperes: Double, isShown: Bool) {
        var setup = Watch.Setup()
        setup.rating.maximumAmperes = amperes
        // 9 A.
        let post = Post(setup, answering: [.outputCurrent: [0x28, 0x23]])
        #expect((post.snapshot.reading.outputCurrent != nil) == isShown)
        #expect((post.snapshot.counters.implausibleAnswers > 0) == !isShown)
    }

    /// It is said of a value that no rule needs, too, and that was never told otherwise.
    @Test func whatCannotBeFromTheBeginning() {
        var setup = Watch.Setup()
        setup.rating.maximumAmperes = 2
        let post = Post(setup, answering: [.inputCurrent: [0x28, 0x23]])
        post.run(for: .seconds(15))
        #expect(MissingTests.says("as its input current cannot be", post))
    }

    /// Nothing is known, which is the link's affair.
    @Test func withoutALinkNoValueIsCounted() {
        let post = Post()
        post.mute = [.charge]
        post.run(for: .seconds(20))
        #expect(post.snapshot.missingValues == 1)
        post.isMute = true
        post.run(for: .seconds(5))
        #expect(post.snapshot.link == .lost && post.snapshot.missingValues == 0)
        post.run(for: .seconds(20))
        #expect(post.snapshot.missingValues == 0, "however long that lasts")
    }

    // MARK: Silence

    /// That a UPS which has answered is silent now has an event of its own.
    @Test func aLinkThatIsLost() {
        let post = Post()
        post.run(for: .seconds(60))
        post.isMute = true
        post.run(for: .seconds(30))
        #expect(post.snapshot.link == .lost && post.snapshot.problem == nil)
        #expect(post.names == ["link_lost"])
    }

    @Test func aPortThatWasJustOpened() {
        let post = Post()
        post.closePort()
        post.isMute = true
        post.openPort()
        post.run(for: .seconds(6))
        #expect(post.snapshot.problem == nil)
        post.run(for: .seconds(6))
        #expect(MissingTests.says("has not answered since", post))
    }

    @Test func aPortThatIsGone() {
        let post = Post()
        post.closePort()
        post.isMute = true
        post.openPort()
        post.run(for: .seconds(12))
        #expect(post.snapshot.problem != nil)
        post.closePort()
        #expect(post.snapshot.problem == nil)
    }

    /// A port that cannot be opened is said by what opens it; the UPS is not blamed for it.
    @Test func aPortThatWasNeverOpened() {
        var now = BootTime(.seconds(1000))
        let installation = Installation(host: "host", version: "1", started: now)
        var watch = Watch(Watch.Setup(), installation: installation, boot: Decision.boot, at: now)
        for _ in 0..<30 {
            watch.advance(to: now)
            now = now + .seconds(1)
        }
        #expect(watch.deviceProblems == [])
    }

    // MARK: Slowness

    /// More than a third of the requests for the status.
    @Test(arguments: [(2, true), (3, false), (4, false)])
    func unanswered(oneIn: Int, isSlow: Bool) {
        let post = Post()
        var count = 0
        post.willAnswer = { post, request in
            guard request == .deviceStatus else { return }
            count += 1
            post.mute = count.isMultiple(of: oneIn) ? [.deviceStatus] : []
        }
        post.run(for: .seconds(30))
        #expect(post.snapshot.link == .ok)
        #expect(MissingTests.says("more than a third of the requests", post) == isSlow)
    }
}
