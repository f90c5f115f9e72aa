// Rules 10 and 11: what is looked at before a commit, when it comes, and what ends it.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct LeapTests {
    // MARK: Rule 10

    enum Gap: CaseIterable, Sendable {
        case stop, restart

        func pass(_ decision: Decision) {
            switch self {
            case .stop: decision.now = decision.now + .seconds(50)
            case .restart: decision.restart(after: .seconds(50))
            }
        }
    }

    /// One failing reading, and then this process stood still for longer than `deadTime`.
    @Test(arguments: Gap.allCases)
    func confirmingBeforeAGap(gap: Gap) {
        let decision = Decision.onLine()
        decision.failing()
        gap.pass(decision)
        decision.forget()
        decision.take(.tick)
        #expect(!decision.controller.isCommitted && decision.asksStatus)
        decision.good()
        #expect(decision.phase == .idle)
        decision.stay(Decision.present, until: 1100)
        #expect(decision.events == [])
    }

    @Test(arguments: Gap.allCases)
    func confirmingBeforeAGapAndThenSilence(gap: Gap) {
        let decision = Decision.onLine()
        decision.failing()
        gap.pass(decision)
        decision.take(.tick)
        let back = decision.now.sinceBoot.inSeconds
        decision.silence(until: back + 0.9)
        #expect(!decision.controller.isCommitted)
        decision.silence(until: back + 1.1)
        #expect(decision.commitSeconds == back + 1 && decision.commitReason == .linkLost)
    }

    /// The moment comes between the two good readings of a return.
    @Test func theDeadlineWithinAReturn() {
        let decision = Decision.onBattery()
        decision.stay(until: 1014.9)
        decision.now = BootTime(seconds: 1014.996)
        decision.good()
        decision.now = BootTime(seconds: 1015)
        decision.take(.tick)
        #expect(!decision.controller.isCommitted)
        decision.now = BootTime(seconds: 1015.004)
        decision.good()
        #expect(decision.phase == .idle && decision.events.last == "shutdown_cancelled")
    }

    @Test func theDeadlineWithinWhatIsNoReturn() {
        let decision = Decision.onBattery()
        decision.stay(until: 1014.9)
        decision.now = BootTime(seconds: 1014.996)
        decision.good()
        decision.failing()
        #expect(decision.commitSeconds == 1015.004 && decision.commitReason == .time)
    }

    /// The moment of a request comes between the two readings that withdraw it.
    @Test func theDeadlineWithinAWithdrawal() {
        let set = Decision.present.union(.shutdownSet)
        let decision = Decision.onLine()
        decision.status(set, 2)
        decision.stay(set, until: 1014.9)
        decision.now = BootTime(seconds: 1014.996)
        decision.good()
        decision.now = BootTime(seconds: 1015)
        decision.take(.tick)
        #expect(!decision.controller.isCommitted && decision.asksStatus)
        decision.now = BootTime(seconds: 1015.004)
        decision.good()
        #expect(decision.phase == .idle && decision.events.last == "shutdown_cancelled")
    }

    /// A request that has waited for the end of a commit begins with a reading without the bit, and
    /// its moment is long past. That reading is no look; the next one is.
    @Test(arguments: [false, true])
    func aRequestThatWaited(isSetAgain: Bool) {
        let set = Decision.present.union(.shutdownSet)
        let decision = Decision.onBattery { ($0.dryRun, $0.delay) = (true, .seconds(1)) }
        decision.stay(until: 1001)
        #expect(decision.commitReason == .time)
        decision.stay(Decision.absent.union(.shutdownSet), until: 1005)
        decision.good()
        decision.status(set)
        #expect(decision.phase == .idle)
        decision.forget()
        decision.good()
        #expect(decision.phase == .pending && decision.asksStatus)
        decision.status(isSetAgain ? set : Decision.present)
        #expect(decision.phase == (isSetAgain ? .committed : .idle))
        #expect(decision.commitReason == (isSetAgain ? .upsRequest : nil))
    }

    /// Gaps with readings between them say nothing about later: it still looks.
    @Test(arguments: [true, false])
    func gapsOfLongAgoAreForgotten(isOnBattery: Bool) {
        let decision = Decision.onLine()
        func gaps() {
            for _ in 0..<8 {
                decision.now = decision.now + .milliseconds(600)
                decision.status(isOnBattery ? Decision.absent : Decision.present)
            }
        }
        if !isOnBattery { gaps() }
        decision.failing(2)
        let failed = decision.now.sinceBoot.inSeconds
        if isOnBattery { gaps() }
        decision.stay(until: failed + 10)
        decision.now = BootTime(seconds: failed + 60)
        decision.take(.tick)
        #expect(!decision.controller.isCommitted && decision.asksStatus)
        decision.good(2)
        #expect(decision.phase == .idle)
    }

    /// A stop of the process after the last reading: what is a second old is no look any more.
    @Test(arguments: [(0.999, true), (1.0, false)])
    func aReadingOfASecondAgo(age: Double, isALook: Bool) {
        let decision = Decision.onBattery()
        decision.stay(until: 1014.5)
        decision.forget()
        decision.now = BootTime(seconds: 1014.5 + age)
        decision.take(.tick)
        #expect(decision.controller.isCommitted == isALook)
        #expect(decision.asksStatus == !isALook)
    }

    /// While readings come they will tell: there is no moment yet.
    @Test func confirmingHasNoDeadline() {
        let decision = Decision.onLine()
        decision.failing()
        #expect(decision.deadline == nil && decision.phase == .confirming)
        decision.now = decision.now + .milliseconds(1500)
        #expect(decision.deadline == nil)
    }

    // MARK: Rule 11, what is committed

    /// The incident of a link that was lost while confirming begins with its first failing reading.
    @Test func whatIsCommittedWhileConfirming() {
        let decision = Decision.onLine()
        decision.failing()
        decision.silence(until: 1015)
        let shutdown = decision.controller.committedShutdown
        #expect(shutdown?.outage == BootTime(seconds: 1000))
        #expect(shutdown?.reason == .linkLost && shutdown?.time == BootTime(seconds: 1015))
        #expect(decision.events == ["power_fail", "run(0)", "sync", "shutdown_committed"])
    }

    /// Where an outage was confirmed the disks were written out then.
    @Test func onceIsEnough() {
        let decision = Decision.onLine()
        decision.failing(2)
        decision.silence(until: 1016)
        #expect(decision.commitReason == .time)
        #expect(decision.events.count { $0 == "sync" } == 1)
    }

    /// The next command is due to the moment, not at the next turn.
    @Test(arguments: [1019.75, 1019.9, 1019.999])
    func theNextCommandIsWokenFor(moment: Double) {
        let decision = Decision.onBattery { $0.steps = 2 }
        decision.stay(until: 1015)
        decision.stay(until: moment)
        #expect(decision.controller.nextWake(at: decision.now) == BootTime(seconds: 1020))
    }

    /// Charge and runtime of before the link was lost say nothing about the grace.
    @Test func graceAfterALostLink() throws {
        var setup = Watch.Setup()
        setup.policy.byTime = false
        setup.policy.maximumBackupTime = nil
        setup.policy.hostShutdownTime = .seconds(5)
        let post = Post(setup, answering: [.outputCurrent: [0x88, 0x13]])
        post.power(Post.absent, for: .seconds(2))
        let runtime = try #require(post.watch.controller.runtime)
        #expect(runtime > .seconds(10) && runtime < .seconds(20))
        post.isMute = true
        post.run(for: .seconds(3))
        #expect(post.watch.controller.runtime == nil && post.watch.controller.charge == nil)
        post.run(for: .seconds(14))
        #expect(post.watch.committedShutdown?.reason == .linkLost)
        #expect(post.watch.committedShutdown?.grace == .seconds(5))
    }

    // MARK: Rule 11, what ends it

    /// Power that fails again is not back.
    @Test func aReturnThatDidNotLast() {
        let decision = Decision.onBattery()
        decision.stay(until: 1015)
        decision.good(2)
        decision.failing(2)
        decision.stay(until: 1200)
        #expect(decision.phase == .committed && decision.controller.isOnBattery)
        #expect(!decision.events.contains("shutdown_failed"))
        decision.stay(Decision.present, until: 1201)
        #expect(decision.phase == .idle, "every step was tried long ago")
        #expect(decision.events.suffix(2) == ["withdraw", "shutdown_failed"])
    }

    /// Two good readings are two after the commit: one before it does not count.
    @Test func halfAReturnBeforeTheCommit() {
        let decision = Decision.onBattery { $0.dryRun = true }
        decision.stay(until: 1014.4)
        decision.good()
        decision.silence(until: 1016)
        #expect(decision.phase == .committed)
        decision.good()
        #expect(decision.phase == .committed)
        decision.good()
        #expect(decision.phase == .idle)
    }

    /// After it failed the host is not stopping any more: the next commit is a whole one.
    @Test func theNextCommitEscalates() {
        let decision = Decision.onBattery { $0.steps = 2 }
        decision.stay(until: 1015)
        decision.take(.hostStopping)
        decision.stay(Decision.present, until: 1120)
        #expect(decision.controller.hasFailed)
        decision.failing(2)
        decision.forget()
        let failed = decision.now.sinceBoot.inSeconds
        decision.stay(until: failed + 21)
        #expect(decision.events.filter { $0.hasPrefix("run") } == ["run(0)", "run(1)"])
    }
}
