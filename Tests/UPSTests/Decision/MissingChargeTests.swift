// Rule 4 without its value: a charge that is armed and not told counts like silence.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct MissingChargeTests {
    private static func byChargeOnly(_ policy: inout ShutdownPolicy) {
        (policy.byTime, policy.byCharge, policy.maximumBackupTime) = (false, true, nil)
    }

    private static func onBattery(
        _ change: @escaping (inout ShutdownPolicy) -> Void = { _ in }
    ) -> Decision {
        Decision.onBattery { policy in
            byChargeOnly(&policy)
            change(&policy)
        }
    }

    private static func due(_ seconds: Double) -> Deadline {
        Deadline(time: BootTime(seconds: seconds), reason: .lowCharge)
    }

    private static let setup: Watch.Setup = {
        var setup = Watch.Setup()
        byChargeOnly(&setup.policy)
        return setup
    }()

    // MARK: The moment

    /// Since it was first asked for in vain, or since power failed where that was later: a charge
    /// that nobody has asked for is not missing, however old it is.
    @Test(arguments: [(nil, 1025), (1008, 1023)] as [(Double?, Double)])
    func sinceItWasAskedForInVain(sought: Double?, deadline: Double) {
        let decision = MissingChargeTests.onBattery()
        if let sought {
            decision.stay(until: sought - 1)
            decision.take(.chargeMissed)
            decision.take(.charge(90))
            decision.stay(until: sought)
            decision.take(.chargeMissed)
        }
        decision.stay(until: 1010)
        #expect(decision.deadline == nil && decision.phase == .onBattery)
        decision.forget()
        decision.take(.chargeMissing)
        #expect(decision.deadline == MissingChargeTests.due(deadline) && decision.phase == .pending)
        #expect(decision.events == ["shutdown_pending"])
        decision.take(.chargeMissing)
        #expect(decision.events == ["shutdown_pending"], "once")
        decision.stay(until: deadline)
        #expect(decision.commitReason == .lowCharge)
    }

    @Test func missingSinceLongBeforeTheOutage() {
        let decision = Decision.onLine(MissingChargeTests.byChargeOnly)
        decision.take(.charge(100))
        decision.stay(Decision.present, until: 1050)
        decision.take(.chargeMissing)
        decision.stay(Decision.present, until: 1100)
        #expect(decision.phase == .idle && decision.deadline == nil)
        decision.now = BootTime(seconds: 1101)
        decision.failing(2)
        #expect(decision.deadline == MissingChargeTests.due(1116))
    }

    @Test func toldAgain() {
        let decision = MissingChargeTests.onBattery()
        decision.take(.chargeMissing)
        decision.stay(until: 1014)
        decision.take(.charge(80))
        #expect(decision.deadline == nil && decision.phase == .onBattery)
        decision.stay(until: 1060)
        #expect(!decision.controller.isCommitted)
    }

    /// Where no charge would commit, none is missed.
    @Test(arguments: [(false, 20), (true, 0)])
    func whereItIsNotArmed(byCharge: Bool, lowCharge: Int) {
        let decision = MissingChargeTests.onBattery {
            ($0.byCharge, $0.lowChargePercent) = (byCharge, lowCharge)
        }
        decision.take(.chargeMissing)
        #expect(decision.deadline == nil)
        decision.stay(until: 1060)
        #expect(!decision.controller.isCommitted)
    }

    /// It may be told again: a network may not shorten the timer behind its back.
    @Test func overANetworkTheTimerIsNotShortened() {
        let decision = Decision.onBattery()
        #expect(decision.command(.delay(seconds: 30))?.isAccepted == true)
        decision.take(.chargeMissing)
        #expect(decision.deadline?.reason == .lowCharge)
        #expect(decision.command(.delay(seconds: 20), from: .mqtt)?.isAccepted == false)
        #expect(decision.command(.delay(seconds: 31), from: .mqtt)?.isAccepted == true)
    }

    /// Rule 10: the process was stopped, and power may be back.
    @Test func theMomentNeedsALook() {
        let decision = MissingChargeTests.onBattery()
        decision.take(.chargeMissing)
        decision.stay(until: 1014)
        decision.forget()
        decision.now = BootTime(seconds: 1020)
        decision.take(.tick)
        #expect(!decision.controller.isCommitted && decision.asksStatus)
        decision.good(2)
        #expect(decision.phase == .idle)
    }

    /// The moment is kept; that it is missing has to be seen again.
    @Test func itIsKeptOverARestart() {
        let decision = MissingChargeTests.onBattery()
        decision.stay(until: 1004)
        decision.take(.chargeMissed)
        decision.stay(until: 1005)
        decision.take(.chargeMissing)
        #expect(decision.deadline == MissingChargeTests.due(1019))
        decision.restart(after: .seconds(30))
        decision.failing(2)
        #expect(decision.deadline?.reason != .lowCharge && !decision.controller.isCommitted)
        decision.take(.chargeMissing)
        #expect(decision.commitReason == .lowCharge)
    }

    // MARK: As the Watch hands it on

    /// The link says nothing about it: it is missing on the next one until it is told.
    @Test func aLinkThatIsLostTellsNoCharge() {
        let post = Post(MissingChargeTests.setup)
        post.mute = [.charge]
        post.run(for: .seconds(60))
        post.power(Post.absent, for: .seconds(1))
        let deadline = post.shutdown.deadline
        #expect(deadline?.reason == .lowCharge)
        post.isMute = true
        post.run(for: .seconds(3))
        #expect(post.snapshot.link == .lost)
        post.answerAgain()
        #expect(post.shutdown.deadline == deadline)
    }

    /// Rule 14: a drill decides as an outage would.
    @Test(arguments: [true, false])
    func inADrill(isMissingBefore: Bool) {
        let post = Post(MissingChargeTests.setup)
        if isMissingBefore { post.mute = [.charge] }
        post.run(for: .seconds(60))
        #expect(post.submit(.drill(seconds: 60))?.isAccepted == true)
        post.mute = [.charge]
        post.run(for: .seconds(isMissingBefore ? 1 : 4))
        #expect(post.shutdown.deadline?.reason == .lowCharge)
        post.run(for: .seconds(15))
        #expect(post.shutdown.phase == .committed && !post.runs)
    }
}
