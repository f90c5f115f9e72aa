// Rule 5: the limit of the device's own, whenever it is learnt, only brings the moment forward.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct DeviceLimitTests {
    /// The last reading with power was at 999.95 s; H and the reserve take 25 s of the limit.
    private static let lost = 999.95

    enum Stage: CaseIterable, Sendable {
        case confirming, outage, cancelled, returned, resuming, resumed, silent
    }

    private static func decision(in stage: Stage, _ learn: (Decision) -> Void) -> Decision {
        let decision = Decision.onLine()
        decision.failing()
        if stage == .confirming { learn(decision) }
        decision.failing()
        decision.stay(until: 1001)
        if stage == .cancelled { _ = decision.command(.cancel) }
        if [.outage, .cancelled].contains(stage) { learn(decision) }
        if stage == .silent {
            decision.silence(until: 1003.5)
            learn(decision)
        }
        if [.returned, .resuming, .resumed].contains(stage) {
            decision.good(2)
            decision.stay(Decision.present, until: 1003)
            if stage == .returned { learn(decision) }
            decision.failing()
            if stage == .resuming { learn(decision) }
            decision.failing()
            if stage == .resumed { learn(decision) }
        }
        return decision
    }

    @Test(arguments: Stage.allCases)
    func aShorterOneHoldsInEveryStage(stage: Stage) {
        let decision = DeviceLimitTests.decision(in: stage) { $0.learn(limit: .seconds(35)) }
        #expect(decision.controller.latest == BootTime(seconds: Self.lost + 10))
        #expect(
            decision.deadline
                == Deadline(time: BootTime(seconds: Self.lost + 10), reason: .upsTimer))
        decision.stay(until: 1009.9)
        #expect(!decision.controller.isCommitted)
        decision.stay(until: Self.lost + 10)
        #expect(decision.commitSeconds == Self.lost + 10)
    }

    /// Power was there for a moment, but the module's timer is counted from its first loss.
    @Test(arguments: Stage.allCases, [36.0, 59, 60, 61, 90])
    func neverLater(stage: Stage, limit: Double) {
        let known = DeviceLimitTests.decision(in: stage) { _ in }
        let decision = DeviceLimitTests.decision(in: stage) { $0.learn(limit: .seconds(limit)) }
        let bound = Self.lost + min(limit, 60) - 25
        #expect(decision.controller.latest == BootTime(seconds: bound))
        if let before = known.deadline, let after = decision.deadline {
            #expect(after.time <= before.time)
        }
    }

    /// Nor over a restart with a longer one in the configuration.
    @Test func neverLaterAfterARestart() {
        let decision = Decision.onBattery { $0.maximumBackupTime = .seconds(40) }
        let latest = decision.controller.latest
        decision.reconfigure { $0.maximumBackupTime = .seconds(90) }
        decision.restart(after: .seconds(1))
        decision.learn(limit: .seconds(60))
        #expect(decision.controller.latest == latest)
    }

    /// The link is gone before the outage is confirmed: the module's timer runs all the same.
    @Test func silenceWhileConfirming() {
        let decision = Decision.onLine { $0.maximumBackupTime = .seconds(35) }
        decision.failing()
        decision.silence(until: 1009.9)
        #expect(!decision.controller.isCommitted)
        decision.silence(until: 1012)
        #expect(decision.commitSeconds == Self.lost + 10 && decision.commitReason == .upsTimer)
    }

    /// The least of 2 s holds for this limit as well.
    @Test func tooShortForTheHost() {
        let decision = Decision.onBattery()
        decision.learn(limit: .seconds(10))
        #expect(decision.deadlineSeconds == 1002)
    }

    @Test(arguments: [35.0, 90])
    func onLinePowerItSetsNoDeadline(limit: Double) {
        let decision = Decision.onLine()
        decision.learn(limit: .seconds(limit))
        #expect(decision.deadline == nil && decision.controller.latest == nil)
        decision.stay(Decision.present, until: 1100)
        #expect(decision.events == [] && decision.phase == .idle)
    }

    @Test func aRequestOnLinePowerIsNotItsBusiness() {
        let decision = Decision.onLine()
        decision.status(Decision.present.union(.shutdownSet), 2)
        decision.learn(limit: .seconds(30))
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1015), reason: .upsRequest))
    }

    /// Learnt in a request, before or after power failed in it.
    @Test(arguments: [true, false])
    func anOutageThatFollowsARequest(isLearntBefore: Bool) {
        let set = DeviceStatus.shutdownSet
        let decision = Decision.onLine { $0.delay = .seconds(30) }
        decision.status(Decision.present.union(set), 2)
        if isLearntBefore { decision.learn(limit: .seconds(35)) }
        decision.stay(Decision.present.union(set), until: 1005)
        decision.status(Decision.absent.union(set), 2)
        if !isLearntBefore { decision.learn(limit: .seconds(35)) }
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1015), reason: .upsTimer))
    }

    // MARK: What the device has told

    private static func setting(_ value: Int, isEnabled: Bool = true, minimum: Int = 0) -> Setting {
        Setting(
            minimum: minimum, maximum: 99, default: 60, isEnabled: isEnabled, value: value)
    }

    @Test(arguments: [
        (setting(30), true), (setting(30, isEnabled: false), false), (setting(0), false),
        (setting(100), false), (setting(30, minimum: 31), false), (setting(61), false),
        (setting(30, minimum: 0xFFFF), true),
    ])
    func whichOnesCount(setting: Setting, counts: Bool) {
        let post = Post(settings: [.maximumBackupTime: setting])
        post.run(for: .seconds(1))
        #expect(post.shutdown.deadline == nil)
        post.power(Post.absent, for: .seconds(1))
        let latest = post.shutdown.latest.map { $0.sinceBoot.inSeconds } ?? 0
        #expect(abs(latest - (1002 + (counts ? 5 : 35))) < 0.2)
    }

    /// The port was gone for a moment, and the device has another setting now.
    @Test func learntOnBattery() {
        let post = Post(settings: [.maximumBackupTime: Self.setting(0, isEnabled: false)])
        post.power(Post.absent, for: .seconds(1))
        let began = post.now
        #expect(post.shutdown.deadline?.reason == .time)
        post.settings[.maximumBackupTime] = Self.setting(32)
        post.closePort()
        post.openPort()
        post.run(for: .seconds(1))
        #expect(post.shutdown.deadline?.reason == .upsTimer)
        post.run(for: .seconds(8))
        #expect(post.runs && post.now - began < .seconds(10))
    }
}
