// Rule 11 while this host shuts down: how long it is left alone, and what happens then; and what is
// reported as wrong with it.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct HostStoppingTests {
    private func runs(_ decision: Decision) -> Int {
        decision.events.filter { $0.hasPrefix("run") }.count
    }

    /// 35 s of 60 are left before the latest moment; H is 20 s, the commit at 15 s.
    private func stopping(_ change: (inout ShutdownPolicy) -> Void = { _ in }) -> Decision {
        let decision = Decision.onBattery(change)
        decision.stay(until: 1015)
        decision.take(.hostStopping)
        return decision
    }

    @Test func graceLastsAsLongAsTheStore() {
        // The last reading with power was 50 ms before the first one without.
        #expect(stopping().controller.committedShutdown?.grace == .milliseconds(39_950))
        let unlimited = stopping { $0.maximumBackupTime = nil }
        #expect(unlimited.controller.committedShutdown?.grace == .seconds(20))
    }

    @Test(arguments: [(90, 39.95), (40, 35), (31, 26), (10, 20)])
    func energyEndsItSooner(runtime: Int, grace: Double) {
        let decision = Decision.onBattery()
        decision.take(.runtime(.seconds(runtime)))
        decision.stay(until: 1015)
        #expect(decision.controller.committedShutdown?.grace.inSeconds == grace)
    }

    @Test func whatIsBeingStoppedIsLeftAlone() {
        let decision = stopping { $0.steps = 2 }
        decision.stay(until: 1054.9)
        #expect(runs(decision) == 1)
        decision.stay(until: 1055)
        #expect(runs(decision) == 2)
        decision.stay(until: 1060)
        #expect(runs(decision) == 3)
    }

    /// A script may call systemctl and then fail.
    @Test func aCommandThatEndsChangesNothing() {
        let decision = stopping { $0.steps = 2 }
        decision.take(.commandEnded(failed: true))
        decision.stay(until: 1030)
        decision.take(.commandEnded(failed: false))
        decision.stay(until: 1054.9)
        #expect(runs(decision) == 1)
        decision.stay(until: 1055)
        decision.take(.commandEnded(failed: false))
        decision.stay(until: 1059.9)
        #expect(runs(decision) == 2)
    }

    @Test func itHoldsOverARestart() {
        let decision = stopping { $0.steps = 2 }
        decision.restart(after: .seconds(1))
        decision.stay(until: 1054.9)
        #expect(runs(decision) == 1)
    }

    @Test func itHasFailedAMinuteAfterThat() {
        let decision = stopping()
        decision.stay(Decision.present, until: 1114.9)
        #expect(decision.phase == .committed)
        decision.stay(Decision.present, until: 1115)
        #expect(decision.phase == .idle)
        #expect(decision.events.suffix(2) == ["withdraw", "shutdown_failed"])
    }

    /// Whoever asked for it, it is left alone for its grace: `poweroff -f` would cut it short.
    @Test(arguments: [1000.5, 1014.9])
    func beforeTheCommitItCountsAsWell(moment: Double) {
        let decision = Decision.onBattery { $0.steps = 2 }
        decision.stay(until: moment)
        decision.take(.hostStopping)
        decision.stay(until: 1014.9)
        #expect(decision.phase == .pending, "that alone commits nothing")
        decision.stay(until: 1015)
        #expect(runs(decision) == 1, "the first command runs at the commit")
        decision.take(.commandEnded(failed: true))
        decision.stay(until: 1054.9)
        #expect(runs(decision) == 1)
        decision.stay(until: 1055)
        #expect(runs(decision) == 2)
    }

    @Test func itCommitsNothing() {
        let decision = Decision.onLine()
        decision.take(.hostStopping)
        decision.stay(Decision.present, until: 1100)
        #expect(decision.events == [] && decision.phase == .idle)
    }

    /// With a short H the 5 s of a command hold all the same.
    @Test func aShortGraceShortensNothing() {
        let decision = Decision.onBattery { policy in
            policy.hostShutdownTime = .seconds(1)
            policy.maximumBackupTime = nil
            policy.steps = 2
        }
        decision.stay(until: 1015)
        decision.take(.hostStopping)
        decision.stay(until: 1019.9)
        #expect(runs(decision) == 1)
        decision.stay(until: 1020)
        #expect(runs(decision) == 2)
    }

    @Test func aDryCommitIsNotCarriedOut() {
        let decision = stopping { $0.dryRun = true }
        #expect(decision.controller.committedShutdown == nil)
        #expect(runs(decision) == 0)
    }
}

@Suite struct ConcernTests {
    private static let now = BootTime(.seconds(1))

    private func watch() -> Watch {
        let installation = Installation(host: "h", version: "1", started: Self.now)
        return Watch(Watch.Setup(), installation: installation, boot: Decision.boot, at: Self.now)
    }

    private func problem(_ watch: Watch) -> String? {
        watch.snapshot(at: Self.now, wall: WallTime(nanoseconds: 0)).problem
    }

    @Test func eachIsSaidOnce() {
        var watch = watch()
        watch.report(["one", "two"], of: .host, at: Self.now)
        watch.report(["two", "three"], of: .host, at: Self.now)
        watch.report(["no way"], of: .powerOff, at: Self.now)
        #expect(watch.events.events.map(\.text) == ["one", "two", "three", "no way"])
        #expect(watch.events.events.allSatisfy { $0.name == .warning })
        #expect(problem(watch) == "no way; two; three")
        watch.report([], of: .host, at: Self.now)
        #expect(problem(watch) == "no way")
    }

    @Test func anOpenPortIsNoProblem() {
        var watch = watch()
        watch.report(["in use"], of: .serialPort, at: Self.now)
        #expect(problem(watch) == "in use")
        // The link has its own events.
        #expect(watch.events.events.isEmpty && watch.urgency == 1)
        watch.portOpened(at: Self.now)
        #expect(problem(watch) == nil)
        // It was looked up while the port was being opened.
        watch.report(["in use"], of: .serialPort, at: Self.now)
        #expect(problem(watch) == nil)
    }
}
