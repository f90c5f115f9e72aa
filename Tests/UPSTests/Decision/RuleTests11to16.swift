// Rules 11 to 14 and 16: the commit and what ends it, the UPS's request, restarts, dry runs.

import Testing

@testable import Decision
@testable import UPS

@Suite struct CommitRuleTests {
    private func committed(_ change: (inout ShutdownPolicy) -> Void = { _ in }) -> Decision {
        let decision = Decision.onBattery(change)
        decision.stay(until: 1015)
        return decision
    }

    private func runs(_ decision: Decision) -> [String] {
        decision.events.filter { $0.hasPrefix("run") }
    }

    /// The next command after 5 s, then the last one again every 5 s.
    @Test func escalation() {
        let decision = committed { $0.steps = 3 }
        #expect(runs(decision) == ["run(0)"])
        decision.stay(until: 1019.99)
        #expect(runs(decision) == ["run(0)"])
        decision.stay(until: 1020)
        #expect(runs(decision) == ["run(0)", "run(1)"])
        decision.stay(until: 1025)
        #expect(runs(decision) == ["run(0)", "run(1)", "run(2)"])
        decision.stay(until: 1034.9)
        #expect(runs(decision).count == 4)
        decision.stay(until: 1035)
        #expect(runs(decision) == ["run(0)", "run(1)", "run(2)", "run(2)", "run(2)"])
    }

    @Test func failedCommandIsFollowedAtOnce() {
        let decision = committed { $0.steps = 2 }
        decision.now = BootTime(seconds: 1015.5)
        decision.take(.commandEnded(failed: true))
        #expect(runs(decision) == ["run(0)", "run(1)"])
        // The last one is not repeated before its time.
        decision.take(.commandEnded(failed: true))
        #expect(runs(decision).count == 2)
        decision.stay(until: 1020.5)
        #expect(runs(decision).count == 3)
    }

    /// 5 s after a command that did what it could.
    @Test func endedCommandHasFiveSeconds() {
        let decision = committed { $0.steps = 2 }
        decision.stay(until: 1018)
        decision.take(.commandEnded(failed: false))
        decision.stay(until: 1022.9)
        #expect(runs(decision) == ["run(0)"])
        decision.stay(until: 1023)
        #expect(runs(decision) == ["run(0)", "run(1)"])
    }

    @Test func returnAloneEndsNothing() {
        let decision = committed()
        decision.stay(Decision.present, until: 1070)
        #expect(decision.phase == .committed)
        #expect(decision.events.filter { $0 == "power_good" }.count == 1)
        #expect(!decision.controller.isOnBattery)
    }

    /// Every step tried, power back, and the host still up a minute later.
    @Test func failedAfterAMinute() {
        let decision = committed { $0.steps = 2 }
        decision.stay(Decision.present, until: 1079.9)
        #expect(decision.phase == .committed)
        decision.stay(Decision.present, until: 1080)
        #expect(decision.phase == .idle)
        #expect(decision.events.last == "shutdown_failed")
        #expect(decision.controller.hasFailed)
        decision.failing(2)
        #expect(!decision.controller.hasFailed)
        #expect(decision.controller.incidents == 2)
    }

    @Test func withoutPowerItNeverEnds() {
        let decision = committed()
        decision.stay(until: 1200)
        #expect(decision.phase == .committed)
    }

    /// Rule 14: everything but the command.
    @Test func dryRun() {
        let decision = committed { $0.dryRun = true }
        #expect(decision.events == ["shutdown_committed"])
        #expect(decision.texts[0].hasSuffix("(dry run: the command is not run)"))
        decision.stay(until: 1100)
        #expect(runs(decision) == [])
        #expect(decision.phase == .committed)
        decision.good(2)
        #expect(decision.phase == .idle)
        #expect(!decision.controller.hasFailed)
    }

    /// Rule 16: the disks are clean before anything else is decided.
    @Test func syncOnTheConfirmedOutage() {
        let decision = Decision.onLine()
        decision.failing(2)
        #expect(decision.events.first == "sync")
    }
}

@Suite struct RequestRuleTests {
    private static let onLine = Decision.present.union(.shutdownSet)
    private static let onBattery = Decision.absent.union(.shutdownSet)

    @Test func onBatteryItCommits() {
        let decision = Decision.onBattery()
        decision.status(RequestRuleTests.onBattery)
        #expect(decision.phase == .pending)
        decision.status(RequestRuleTests.onBattery)
        #expect(decision.commitReason == .upsRequest)
    }

    @Test func onLineItArmsTheTimer() {
        let decision = Decision.onLine()
        decision.status(RequestRuleTests.onLine, 2)
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1015), reason: .upsRequest))
        #expect(decision.controller.powerFailures == 0)
        #expect(!decision.controller.isOnBattery)
        #expect(decision.events == ["warning", "shutdown_pending"])
        decision.stay(RequestRuleTests.onLine, until: 1015)
        #expect(decision.commitReason == .upsRequest)
    }

    @Test func withoutTheTimedRuleToo() {
        let decision = Decision.onLine { $0.byTime = false }
        decision.status(RequestRuleTests.onLine, 2)
        #expect(decision.deadlineSeconds == 1015)
    }

    @Test func withdrawn() {
        let decision = Decision.onLine()
        decision.status(RequestRuleTests.onLine, 2)
        decision.good(2)
        #expect(decision.phase == .idle)
        #expect(decision.events.last == "shutdown_cancelled")
        #expect(decision.texts.last == "Shutdown cancelled: the UPS withdrew it")
    }

    @Test func cancelled() {
        let decision = Decision.onLine()
        decision.status(RequestRuleTests.onLine, 2)
        #expect(decision.command(.cancel)?.isAccepted == true)
        decision.stay(RequestRuleTests.onLine, until: 1100)
        #expect(decision.phase == .cancelled)
    }

    /// Power fails after it: an outage of its own right, beside the request.
    @Test func powerFailsAfterIt() {
        let decision = Decision.onLine()
        decision.status(RequestRuleTests.onLine, 2)
        decision.stay(RequestRuleTests.onLine, until: 1005)
        decision.status(RequestRuleTests.onBattery, 2)
        #expect(decision.controller.isOnBattery)
        #expect(decision.controller.powerFailures == 1)
        #expect(decision.controller.incidentID?.description == "1f0c8b52-2")
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1015), reason: .upsRequest))
        #expect(decision.controller.latest == BootTime(seconds: 1040))
        #expect(decision.command(.cancel)?.deadline == BootTime(seconds: 1040))
    }

    /// Already set at the first reading: an alarm, not a change.
    @Test(arguments: [onLine, onBattery])
    func alreadySet(status: DeviceStatus) {
        let decision = Decision()
        decision.status(status, 4)
        #expect(!decision.controller.isCommitted)
        #expect(
            decision.texts.contains("The UPS's shutdown flag was already set at the first reading"))
        decision.stay(Decision.present, until: 1010)
        decision.status(RequestRuleTests.onLine, 2)
        #expect(decision.deadline?.reason == .upsRequest)
    }

    @Test func oneReadingIsNone() {
        let decision = Decision.onLine()
        for _ in 0..<10 {
            decision.status(RequestRuleTests.onLine)
            decision.good()
        }
        #expect(decision.events == [])
    }
}

@Suite struct RestartRuleTests {
    @Test func goesOnWhereItWas() {
        let decision = Decision.onBattery()
        decision.stay(until: 1005)
        let (deadline, incident) = (decision.deadline, decision.controller.incidentID)
        decision.restart(after: .seconds(1))
        #expect(decision.deadline == deadline)
        #expect(decision.controller.incidentID == incident)
        #expect(decision.controller.powerFailures == 1)
        decision.stay(until: 1015)
        #expect(decision.commitSeconds == 1015)
        #expect(decision.controller.incidents == 1)
    }

    /// No UPS of 60 s feeds a host for longer: power was back meanwhile.
    @Test(arguments: [1071.0, 1500])
    func outageOfLongAgoIsOver(start: Double) {
        let decision = Decision.onBattery()
        decision.stay(until: 1010)
        decision.restart(after: .seconds(start - 1010))
        decision.silence(until: start + 30)
        #expect(decision.phase == .idle)
        #expect(decision.commitSeconds == nil)
    }

    @Test(arguments: [1012.0, 1016, 1065])
    func deadlinePassedMeanwhile(start: Double) {
        let decision = Decision.onBattery()
        decision.stay(until: 1010)
        decision.restart(after: .seconds(start - 1010))
        decision.take(.tick)
        #expect(decision.phase == .pending, "not without a look")
        decision.silence(until: start + 30)
        #expect(decision.commitSeconds == max(1015, start + 1))
    }

    @Test func delayOfTheNextIncidentIsKept() {
        let decision = Decision.onLine()
        _ = decision.command(.delay(seconds: 30))
        decision.restart(after: .seconds(1))
        #expect(decision.controller.delay == .seconds(30))
        decision.good(2)
        let start = decision.now.sinceBoot.inSeconds
        decision.failing(2)
        #expect(decision.deadlineSeconds == start + 30)
    }

    @Test func cancelIsKept() {
        let decision = Decision.onBattery()
        _ = decision.command(.cancel)
        decision.restart(after: .seconds(1))
        #expect(decision.phase == .cancelled)
    }

    /// The last time with power present bounds an outage that began while nobody watched.
    @Test func lastTimeWithPowerIsKept() {
        let decision = Decision.onLine()
        decision.good()
        decision.restart(after: .seconds(20))
        decision.failing(2)
        #expect(decision.controller.latest == BootTime(seconds: 1035))
    }

    @Test func attemptsGoOn() {
        let decision = Decision.onBattery { $0.steps = 3 }
        decision.stay(until: 1015)
        decision.restart(after: .seconds(2))
        decision.forget()
        decision.stay(until: 1020)
        #expect(decision.events == ["run(1)"])
    }

    @Test func anotherBootIsAFreshStart() {
        let decision = Decision.onBattery()
        decision.restart(after: .seconds(1), boot: BootID(high: 1, low: 2))
        #expect(decision.phase == .idle)
        #expect(decision.controller.incidents == 0)
    }

    /// An outage already there at start counts; no edge is needed.
    @Test func outageAtTheStart() {
        let decision = Decision()
        decision.failing(2)
        #expect(decision.phase == .pending)
    }

    @Test func newNumbersHoldFromTheNextIncident() {
        let decision = Decision.onBattery()
        decision.reconfigure { $0.delay = .seconds(30) }
        #expect(decision.deadlineSeconds == 1015)
        decision.good(2)
        decision.stay(Decision.present, until: 1010)
        decision.failing(2)
        #expect(decision.deadlineSeconds == 1040)
    }
}
