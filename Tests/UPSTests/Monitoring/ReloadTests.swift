// Rule 13 and the invariants: a reload holds from the next outage, whenever it comes.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct ReloadTests {
    /// Everything that a reload can change.
    private static let new: Watch.Setup = {
        var setup = Watch.Setup()
        setup.policy.delay = .seconds(9)
        setup.policy.dryRun = true
        setup.rating.cutoffVoltage = Voltage(volts: 9)
        setup.intervals.status = .milliseconds(250)
        return setup
    }()

    private struct Seen: Equatable {
        var delay: Duration
        var isDry: Bool
        var cutoff: Voltage
        var requests: Int
    }

    /// What holds, as the sinks see it and as the line shows it.
    private func seen(_ post: Post) -> Seen {
        post.forget()
        post.run(for: .milliseconds(1500))
        let snapshot = post.snapshot
        return Seen(
            delay: snapshot.policy.delay, isDry: snapshot.policy.dryRun,
            cutoff: snapshot.rating.cutoff, requests: post.count(.deviceStatus))
    }

    private func expect(_ post: Post, isNew: Bool) {
        let seen = seen(post)
        let setup = isNew ? ReloadTests.new : Watch.Setup()
        #expect(seen.delay == setup.policy.delay)
        #expect(seen.isDry == setup.policy.dryRun)
        #expect(seen.cutoff == setup.rating.cutoff)
        #expect(isNew ? seen.requests <= 7 : seen.requests >= 14, "\(seen.requests)")
    }

    /// The outage that follows has the new numbers: 9 s, and nothing is run.
    private func expectNewOutage(_ post: Post) {
        post.power(Post.absent, for: .seconds(1))
        post.forget()
        post.run(for: .seconds(10))
        #expect(post.shutdown.phase == .committed && !post.runs)
    }

    @Test func whileIdle() {
        let post = Post()
        post.reconfigure(ReloadTests.new)
        expect(post, isNew: true)
        expectNewOutage(post)
    }

    /// One failing reading that is no outage must not swallow it.
    @Test func onAGlitch() {
        let post = Post()
        var count = 0
        post.payloads[.deviceStatus] = Post.absent
        post.willAnswer = { post, request in
            guard request == .deviceStatus else { return }
            count += 1
            guard count == 2 else { return }
            #expect(post.shutdown.phase == .confirming)
            post.payloads[.deviceStatus] = Post.present
            post.reconfigure(ReloadTests.new)
        }
        post.run(for: .seconds(1))
        #expect(count > 2 && post.shutdown.phase == .idle && !post.names.contains("power_fail"))
        expect(post, isNew: true)
        expectNewOutage(post)
    }

    /// The outage that begins after it is the next one.
    @Test func whileConfirming() {
        let decision = Decision.onLine()
        decision.failing()
        decision.reconfigure { policy in
            policy.delay = .seconds(9)
            policy.dryRun = true
        }
        decision.failing()
        #expect(decision.deadlineSeconds == 1009)
        decision.stay(until: 1009)
        #expect(decision.events.last == "shutdown_committed")
        #expect(!decision.events.contains("run(0)"))
    }

    @Test func inAnOutage() {
        let post = Post()
        post.power(Post.absent, for: .seconds(1))
        let (deadline, runtime) = (post.shutdown.deadline, post.snapshot.runtime)
        #expect(deadline != nil && runtime != nil)
        post.reconfigure(ReloadTests.new)
        #expect(post.shutdown.deadline == deadline && post.snapshot.runtime == runtime)
        expect(post, isNew: false)
        post.run(for: .seconds(14))
        #expect(post.runs, "dryRun is not for this one")
    }

    /// It may go on, and then it is the same outage; after that the new numbers hold.
    @Test func withinReturnHold() {
        let post = Post()
        post.power(Post.absent, for: .seconds(1))
        let deadline = post.shutdown.deadline
        post.power(Post.present, for: .seconds(1))
        post.reconfigure(ReloadTests.new)
        expect(post, isNew: false)
        post.power(Post.absent, for: .seconds(1))
        #expect(post.shutdown.deadline == deadline)
        post.power(Post.present, for: .seconds(6))
        expect(post, isNew: true)
        expectNewOutage(post)
    }

    /// A new poller knows nothing of a setting that was on its way: its sender is told so, and the
    /// next one is taken.
    @Test func aSettingOnItsWay() {
        let restartDelay = Setting(
            minimum: 0, maximum: 99, default: 8, isEnabled: true, value: 8)
        let post = Post(settings: [.restartDelay: restartDelay])
        post.run(for: .seconds(1))
        #expect(post.submit(.set(.restartDelay, 12)) == nil)
        let first = post.lastTicket
        post.reconfigure(ReloadTests.new)
        #expect(
            post.result(of: first)?.message.text.hasPrefix(
                "The configuration was read again meanwhile.") == true)
        post.run(for: .seconds(2))
        _ = post.submit(.set(.restartDelay, 15))
        let second = post.lastTicket
        post.run(for: .seconds(5))
        #expect(post.result(of: second)?.isAccepted == true)
    }

    /// The one before last is forgotten, and the last one holds once all is over.
    @Test func twiceInAnOutage() {
        let post = Post()
        post.power(Post.absent, for: .seconds(1))
        var other = ReloadTests.new
        other.policy.delay = .seconds(33)
        post.reconfigure(other)
        post.run(for: .seconds(1))
        post.reconfigure(ReloadTests.new)
        expect(post, isNew: false)
        post.power(Post.present, for: .seconds(7))
        expect(post, isNew: true)
    }

    /// An outage begins as one is ending: it has the numbers that were read before it.
    @Test func theNextOutageFollowsAtOnce() {
        let decision = Decision.onBattery()
        decision.reconfigure { $0.delay = .seconds(9) }
        #expect(decision.controller.policy.delay == .seconds(15))
        decision.good(2)
        decision.stay(Decision.present, until: 1006)
        #expect(decision.controller.policy.delay == .seconds(9), "also while idle")
        decision.failing(2)
        #expect(decision.deadlineSeconds == 1015)
        #expect(decision.controller.incidents == 2)
    }

    /// A restart does not end the outage, and so does not let a reload in.
    @Test func inAnOutageAfterARestart() {
        let post = Post()
        post.power(Post.absent, for: .seconds(1))
        post.restart()
        post.run(for: .seconds(1))
        post.reconfigure(ReloadTests.new)
        expect(post, isNew: false)
        post.run(for: .seconds(14))
        #expect(post.runs)
    }

    /// A request of the UPS comes within `returnHold`: the outage that goes on has its numbers.
    @Test func aRequestBetween() {
        let decision = Decision.onBattery()
        decision.reconfigure { $0.dryRun = true }
        decision.good(2)
        decision.status(Decision.present.union(.shutdownSet), 2)
        decision.stay(Decision.present.union(.shutdownSet), until: 1002)
        decision.failing(2)
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1015), reason: .time))
        decision.stay(until: 1015)
        #expect(decision.events.contains("run(0)"))
    }

    /// What is configured while a request is open does not touch it, but the next outage.
    @Test func inARequest() {
        let decision = Decision.onLine()
        let set = Decision.present.union(.shutdownSet)
        decision.status(set, 2)
        decision.reconfigure { policy in
            policy.delay = .seconds(9)
            policy.dryRun = true
        }
        #expect(decision.deadlineSeconds == 1015)
        #expect(!decision.controller.policy.dryRun, "not for the request")
        decision.stay(set, until: 1002)
        decision.status(Decision.absent.union(.shutdownSet), 2)
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1011), reason: .time))
        decision.stay(Decision.absent.union(.shutdownSet), until: 1011)
        #expect(decision.commitReason == .time && !decision.events.contains("run(0)"))
    }
}
