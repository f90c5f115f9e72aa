// Rule 14: the drill, and what it has nothing to do with.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct DrillTests {
    private static let set: [UInt8] = [0x1C]

    /// Its usual length is the delay of an outage that would begin now, and 5 s.
    @Test(arguments: [
        (15, nil, Optional(60), 20), (15, 30, 60, 35), (100, nil, 60, 40), (15, 300, 60, 40),
        (100, nil, nil, 105), (15, 300, nil, 305),
    ])
    func usualLength(delay: Int, next: Int?, maximum: Int?, seconds: Int) {
        var setup = Watch.Setup()
        setup.policy.delay = .seconds(delay)
        setup.policy.maximumBackupTime = maximum.map { .seconds($0) }
        let post = Post(setup)
        if let next { _ = post.submit(.delay(seconds: next)) }
        let answer = post.submit(.drill(seconds: nil))
        #expect(
            answer?.message == "A drill of \(seconds) s begins; no command will be run.")
        post.run(for: .seconds(seconds - 1))
        #expect(post.snapshot.isDrill && post.shutdown.phase == .committed)
        post.run(for: .seconds(4))
        #expect(!post.snapshot.isDrill && !post.runs)
    }

    /// The delay of the next outage is played, not used up.
    @Test func theNextDelayIsLeftAlone() {
        let post = Post()
        _ = post.submit(.delay(seconds: 30))
        _ = post.submit(.drill(seconds: 10))
        post.run(for: .seconds(2))
        #expect(post.shutdown.delay == .seconds(30))
        post.run(for: .seconds(30))
        #expect(!post.snapshot.isDrill && post.shutdown.delay == .seconds(30))
    }

    /// What the UPS asks for is not played: it is no news, and never a drill's.
    @Test func theRequestBitIsReal() {
        let post = Post(answering: [.deviceStatus: DrillTests.set])
        #expect(post.submit(.drill(seconds: 10))?.isAccepted == true)
        post.run(for: .seconds(30))
        #expect(!post.snapshot.isDrill)
        #expect(!post.texts.contains { $0.contains("Drill: The UPS") })
        let other = Post()
        _ = other.submit(.drill(seconds: 30))
        other.run(for: .seconds(2))
        other.power(DrillTests.set, for: .seconds(1))
        #expect(!other.snapshot.isDrill, "a request is real, and ends it")
        #expect(other.shutdown.deadline?.reason == .upsRequest)
    }

    /// What is done in a drill does nothing to the outage that ends it.
    @Test func whatIsCancelledInIt() {
        let post = Post()
        _ = post.submit(.drill(seconds: 60))
        post.run(for: .seconds(2))
        #expect(post.submit(.cancel)?.isAccepted == true)
        #expect(post.shutdown.phase == .cancelled)
        post.power(Post.absent, for: .seconds(1))
        #expect(post.shutdown.phase == .pending && post.shutdown.deadline?.reason == .time)
        post.run(for: .seconds(15))
        #expect(post.runs)
    }

    /// It is played beside the truth: counters, history and status stay real.
    @Test func itIsNoOutage() {
        let post = Post()
        _ = post.submit(.drill(seconds: 30))
        post.run(for: .seconds(40))
        #expect(post.snapshot.history == PowerHistory())
        #expect(post.snapshot.status == .online && post.watch.committedShutdown == nil)
    }

    // MARK: Values and links, as the Watch hands them on

    /// A stale link was never lost: there is nothing to restore.
    @Test func staleIsNotLost() {
        let post = Post()
        for _ in 0..<3 {
            post.isMute = true
            post.run(for: .milliseconds(1300))
            #expect(post.snapshot.link == .stale)
            post.isMute = false
            post.run(for: .seconds(2))
            #expect(post.snapshot.link == .ok)
        }
        #expect(post.names == [])
    }

    private static let bySoCOnly: Watch.Setup = {
        var setup = Watch.Setup()
        setup.policy.byTime = false
        setup.policy.maximumBackupTime = nil
        return setup
    }()

    /// 5 A drain the stack in 15 s: less than one and a half times H.
    @Test func runtimeCommits() {
        let post = Post(DrillTests.bySoCOnly, answering: [.outputCurrent: [0x88, 0x13]])
        post.power(Post.absent, for: .seconds(6))
        #expect(post.watch.committedShutdown?.reason == .lowRuntime)
    }

    /// What was measured once is one reading, however often it is looked at.
    @Test(arguments: [Request.batteryVoltage, .outputVoltage, .outputCurrent])
    func runtimeOfStaleValues(request: Request) {
        let post = Post(DrillTests.bySoCOnly, answering: [.outputCurrent: [0x88, 0x13]])
        post.power(Post.absent, for: .milliseconds(1100))
        post.mute.insert(request)
        post.run(for: .seconds(8))
        #expect(post.watch.committedShutdown?.reason != .lowRuntime)
    }

    /// Each outage and each return, and the time between them.
    @Test func history() {
        let post = Post()
        post.power(Post.absent, for: .seconds(3))
        #expect(post.snapshot.history.lastFailure != nil)
        #expect(post.snapshot.history.lastReturn == nil)
        post.power(Post.present, for: .seconds(10))
        post.power(Post.absent, for: .seconds(2))
        post.power(Post.present, for: .seconds(10))
        let history = post.snapshot.history
        #expect(history.failures == 2)
        let (failed, returned) = (history.lastFailure, history.lastReturn)
        #expect(returned.map { $0 > failed ?? $0 } == true)
        let time = history.onBatteryInAll(at: post.now)
        #expect(time > .milliseconds(4900) && time < .milliseconds(5100))
        post.restart()
        post.run(for: .seconds(1))
        #expect(post.snapshot.history == history)
    }
}
