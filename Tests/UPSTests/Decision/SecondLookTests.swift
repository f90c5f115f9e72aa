// What a second look at the mended decision found: sequences in which two of its rules meet.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct SecondLookTests {
    private static let set = Decision.present.union(.shutdownSet)

    /// Rule 15: what was answered as refused is not sent. A change waits, a measurement is asked
    /// for, and so the change is refused; it is written all the same.
    @Test func aRefusedChangeIsNotWritten() {
        let restartDelay = Setting(
            minimum: 0, maximum: 99, default: 8, isEnabled: true, value: 8)
        let noLimit = Setting(
            minimum: 0, maximum: 99, default: 60, isEnabled: false, value: 60)
        let post = Post(settings: [.restartDelay: restartDelay, .maximumBackupTime: noLimit])
        post.run(for: .seconds(1))
        #expect(post.submit(.set(.restartDelay, 12)) == nil)
        let change = post.lastTicket
        _ = post.submit(.measure)
        post.run(for: .seconds(5))
        let isAccepted = post.result(of: change)?.isAccepted
        #expect(isAccepted != nil && isAccepted == !post.written.isEmpty)
        #expect(post.settings[.restartDelay]?.value == (isAccepted == true ? 12 : 8))
    }

    /// Rule 13: a dry commit is decided anew. That of a low charge is carried out at the first
    /// turn, before anything was read; power may have been back for a minute.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func aDryCommitOfALowValueIsDecidedAnew(low: ShutdownController.Input) {
        let decision = Decision.onBattery { $0.dryRun = true }
        decision.take(low)
        decision.stay(until: 1003)
        decision.take(low)
        #expect(decision.phase == .committed)
        decision.reconfigure { $0.dryRun = false }
        decision.restart(after: .seconds(30))
        decision.forget()
        decision.take(.tick)
        decision.good(2)
        #expect(!decision.controller.isCommitted && decision.phase == .idle)
        #expect(!decision.events.contains("run(0)"))
    }

    /// Rule 13: and where power is still absent, by values that are told after the restart.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func aDryCommitIsDecidedAnewByNewValues(low: ShutdownController.Input) {
        let decision = Decision.onBattery { policy in
            (policy.dryRun, policy.delay, policy.maximumBackupTime) = (true, .seconds(600), nil)
        }
        decision.take(low)
        decision.stay(until: 1003)
        decision.take(low)
        #expect(decision.phase == .committed)
        decision.reconfigure { $0.dryRun = false }
        decision.restart(after: .seconds(3))
        decision.stay(until: 1008)
        #expect(!decision.controller.isCommitted)
        decision.take(low)
        decision.stay(until: 1011)
        decision.take(low)
        #expect(decision.events.contains("run(0)"))
    }

    /// Rules 12 and 13: on line power no store runs out; the request goes on over a longer stop.
    @Test(arguments: [50.0, 70, 3000])
    func aRequestGoesOnOverAStop(seconds: Double) {
        let decision = Decision.onLine { $0.delay = .seconds(600) }
        decision.status(SecondLookTests.set, 2)
        let deadline = decision.deadline
        decision.restart(after: .seconds(seconds))
        decision.take(.tick)
        if seconds < 600 { #expect(decision.deadline == deadline) }
        decision.status(SecondLookTests.set, 2)
        #expect(decision.phase == (seconds < 600 ? .pending : .committed))
    }

    /// Rule 7: also a valid answer that is still held back as a reload makes a new reader.
    @Test func heldAsTheConfigurationIsRead() {
        let post = Post()
        post.closePort()
        post.openPort()
        post.isMute = true
        let failing: DeviceStatus = [.batteryPresent, .discharging]
        post.receive(Line.status(failing).bytes, at: post.now + .milliseconds(4))
        var setup = Watch.Setup()
        setup.intervals.status = .milliseconds(200)
        post.reconfigure(setup)
        post.run(for: .seconds(20))
        #expect(post.runs)
    }

    /// Rule 5: no reading with power, and the host is up for less than the limit: power went at
    /// boot. It is the device's own limit, told after the outage had begun.
    @Test func aLimitLearntOnBatteryAfterABoot() {
        let known = Decision(at: 22)
        known.failing(2)
        #expect(known.controller.latest == BootTime(seconds: 35))
        let decision = Decision(at: 22) { $0.maximumBackupTime = nil }
        decision.failing(2)
        decision.learn(limit: .seconds(60))
        #expect(decision.controller.latest == known.controller.latest)
    }

    /// Rule 9: over MQTT no running deadline comes forward, that of the request neither.
    @Test func aRemoteDelayAndTwoTimers() {
        let decision = Decision.onLine()
        decision.status(SecondLookTests.set, 2)
        _ = decision.command(.delay(seconds: 3600))
        let request = decision.deadline
        decision.status(Decision.absent.union(.shutdownSet), 2)
        _ = decision.command(.delay(seconds: 20), from: .mqtt)
        decision.status(SecondLookTests.set, 2)
        #expect(!decision.controller.isOnBattery)
        #expect(decision.deadline == request)
    }

    /// What is announced is the deadline that holds: the link is back with this very reading.
    @Test func whatIsAnnouncedAfterASilence() {
        let decision = Decision.onLine { $0.delay = .seconds(30) }
        decision.failing()
        decision.silence(until: 1010)
        decision.failing()
        #expect(decision.deadlineSeconds == 1030)
        #expect(decision.texts.last == "Shutdown in 20 s unless power returns")
    }
}
