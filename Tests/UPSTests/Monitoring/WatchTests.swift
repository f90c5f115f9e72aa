// Poller, readings, decision and snapshot together, as the Monitor drives them.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct WatchTests {
    private static let failing: [UInt8] = [0x0A]

    @Test func valuesReachTheSnapshot() {
        let snapshot = Post().snapshot
        #expect(snapshot.link == .ok)
        #expect(snapshot.status == .online)
        #expect(snapshot.powerPresent == true)
        #expect(snapshot.reading.inputVoltage == Voltage(millivolts: 12600))
        #expect(snapshot.reading.batteryCharge == 100)
        #expect(snapshot.problem == nil)
    }

    @Test func linkIsStaleThenLost() {
        let post = Post()
        post.isMute = true
        post.run(for: .milliseconds(1200))
        #expect(post.snapshot.link == .stale)
        #expect(post.snapshot.reading.inputVoltage != nil)
        post.run(for: .seconds(1))
        #expect(post.snapshot.link == .lost)
        #expect(post.snapshot.status == .commLost)
        #expect(post.snapshot.powerPresent == nil)
        #expect(post.snapshot.reading == Reading(), "nothing stale is shown")
        #expect(post.names == ["link_lost"])
        post.isMute = false
        post.run(for: .seconds(1))
        #expect(post.snapshot.link == .ok)
        #expect(post.names == ["link_lost", "link_restored"])
    }

    /// Bytes that complete nothing and come at the very moment must not swallow it.
    @Test func linkIsLostOnTimeUnderNoise() {
        let post = Post()
        post.isMute = true
        let last = post.snapshot.lastReading ?? post.now
        post.run(for: last + .milliseconds(1999) - post.now)
        post.receive([0xFF], at: last + .seconds(2))
        #expect(post.watch.nextWake(at: post.now) == post.now)
        post.run(for: .milliseconds(1))
        #expect(post.names == ["link_lost"])
    }

    /// One turn for each answer, and none for a request.
    @Test func atRestItOnlyPolls() {
        let post = Post()
        let before = post.watch.turns
        post.run(for: .seconds(10))
        #expect(post.requestCount > 180)
        #expect(post.watch.turns - before <= UInt64(post.requestCount))
        post.payloads[.deviceStatus] = WatchTests.failing
        post.run(for: .seconds(1))
        post.forget()
        let began = post.watch.turns
        post.run(for: .seconds(10))
        #expect(post.watch.turns - began > UInt64(post.requestCount), "an outage is no rest")
    }

    /// Then a round ends without an answer, when the next request is all that is due.
    @Test func roundsEndWhenNoValueIsSupported() {
        let unsupported = Request.values.map { ($0, [UInt8]()) }
        let post = Post(answering: Dictionary(uniqueKeysWithValues: unsupported))
        post.run(for: .seconds(5))
        let before = post.watch.rounds
        post.run(for: .seconds(10))
        #expect((9...11).contains(post.watch.rounds - before))
    }

    /// Or the answer to what is asked next may be thrown away.
    @Test func afterATimeOutItDrainsBeforeItAsks() throws {
        let post = Post()
        post.isMute = true
        post.run(for: .seconds(1))
        let drained = try #require(post.actions.firstIndex(of: .drain))
        #expect(post.actions[drained + 1] == .send(Request.deviceStatus.bytes))
    }

    @Test func closedPortIsALostLinkAtOnce() {
        let post = Post()
        post.closePort()
        #expect(post.snapshot.link == .lost)
        #expect(post.names == ["link_lost"])
        post.openPort()
        post.run(for: .milliseconds(100))
        #expect(post.snapshot.link == .ok)
    }

    @Test func outageAndReturn() {
        let post = Post()
        post.payloads[.deviceStatus] = WatchTests.failing
        post.run(for: .seconds(1))
        #expect(post.snapshot.status == .onBattery)
        #expect(post.snapshot.shutdown.phase == .pending)
        #expect(post.snapshot.history.failures == 1)
        #expect(post.actions.contains(.sync))
        post.payloads[.deviceStatus] = [0x0C]
        post.run(for: .seconds(1))
        #expect(post.snapshot.status == .online)
        #expect(
            post.names == ["power_fail", "shutdown_pending", "power_good", "shutdown_cancelled"])
    }

    @Test func commandRunsAtTheDeadline() {
        let post = Post()
        post.payloads[.deviceStatus] = WatchTests.failing
        post.run(for: .seconds(16))
        #expect(post.snapshot.status == .shuttingDown)
        #expect(post.actions.contains(.runShutdown(step: 0)))
    }

    /// A UPS that cuts its output after 30 s leaves 30 - 20 - 5 s.
    @Test func theDevicesOwnLimitCountsWhenSmaller() {
        let enabled: [UInt8] = [0x02, 0, 0, 99, 0, 60, 0, 1, 30, 0]
        let post = Post(answering: [.maximumBackupTime: enabled])
        post.run(for: .seconds(1))
        #expect(post.snapshot.settings[.maximumBackupTime]?.value == 30)
        post.payloads[.deviceStatus] = WatchTests.failing
        post.run(for: .seconds(1))
        let shutdown = post.snapshot.shutdown
        #expect(shutdown.delay <= .seconds(5) && shutdown.delay > .seconds(4))
    }

    // MARK: Drill

    @Test func drillIsAnOutageThatRunsNothing() {
        let post = Post()
        #expect(post.submit(.drill(seconds: 30))?.isAccepted == true)
        post.run(for: .seconds(20))
        #expect(post.snapshot.isDrill)
        #expect(post.snapshot.shutdown.phase == .committed)
        #expect(!post.snapshot.isShuttingDown)
        #expect(post.snapshot.status == .online, "status stays real")
        #expect(post.snapshot.powerPresent == true)
        post.run(for: .seconds(20))
        #expect(!post.snapshot.isDrill)
        #expect(!post.actions.contains { if case .runShutdown = $0 { true } else { false } })
        #expect(post.events.allSatisfy { $0.text.hasPrefix("Drill: ") })
    }

    @Test func realOutageEndsTheDrill() {
        let post = Post()
        _ = post.submit(.drill(seconds: 30))
        post.run(for: .seconds(3))
        post.payloads[.deviceStatus] = WatchTests.failing
        post.run(for: .seconds(1))
        #expect(!post.snapshot.isDrill)
        #expect(post.snapshot.status == .onBattery)
        #expect(post.names.contains("power_fail"))
        post.run(for: .seconds(16))
        #expect(post.actions.contains(.runShutdown(step: 0)))
    }

    @Test func drillIsRefusedWhenItCannotBe() {
        let post = Post()
        #expect(post.submit(.drill(seconds: 0))?.isAccepted == false)
        #expect(post.submit(.drill(seconds: 10))?.isAccepted == true)
        #expect(post.submit(.drill(seconds: 10))?.message == "A drill is already running.")
        let unlinked = Post()
        unlinked.closePort()
        #expect(unlinked.submit(.drill(seconds: 10))?.isAccepted == false)
        let outage = Post()
        outage.payloads[.deviceStatus] = WatchTests.failing
        outage.run(for: .seconds(1))
        #expect(outage.submit(.drill(seconds: 10))?.isAccepted == false)
    }

    // MARK: Measurement, configuration

    @Test func measurementRunsOnceAnHour() {
        let post = Post()
        #expect(post.submit(.measure) == nil, "answered when it is sent")
        post.payloads[.monitorStatus] = [0x01, 0x00]
        post.run(for: .seconds(11))
        #expect(post.lastResult?.isAccepted == true)
        #expect(post.snapshot.isMeasuring)
        post.payloads[.monitorStatus] = [0x00, 0x02]
        post.run(for: .seconds(11))
        #expect(!post.snapshot.isMeasuring)
        #expect(post.names == ["measurement_started", "measurement_done"])
        #expect(post.submit(.measure)?.isAccepted == false)
    }

    @Test func newPolicyHoldsFromTheNextIncident() {
        let post = Post()
        post.payloads[.deviceStatus] = WatchTests.failing
        post.run(for: .seconds(1))
        let deadline = post.snapshot.shutdown.deadline
        var setup = Watch.Setup()
        setup.policy.delay = .seconds(30)
        post.reconfigure(setup)
        #expect(post.snapshot.shutdown.deadline == deadline)
        post.payloads[.deviceStatus] = [0x0C]
        post.run(for: .seconds(10))
        #expect(post.snapshot.shutdown.delay == .seconds(30))
    }

    @Test func countersGoOnOverANewConfiguration() {
        let post = Post()
        post.run(for: .seconds(5))
        let before = post.snapshot.counters
        #expect(before.requests > 50)
        var setup = Watch.Setup()
        setup.intervals.status = .milliseconds(200)
        post.reconfigure(setup)
        post.run(for: .seconds(1))
        #expect(post.snapshot.counters.requests > before.requests)
        #expect(post.snapshot.counters.replies > before.replies)
    }

    @Test func standingProblemIsSaid() {
        var setup = Watch.Setup()
        setup.standingProblems = ["No way to power off"]
        #expect(Post(setup).snapshot.problem == "No way to power off")
    }
}
