// Rules 1 to 6: confirmation, deadlines, charge and runtime, the UPS's own timer, the return.

import Testing

@testable import Decision
@testable import UPS

@Suite struct ConfirmationRuleTests {
    /// Rule 2: the status is asked again at once, and the disks are written out first.
    @Test func confirmsFast() {
        let decision = Decision.onLine()
        decision.failing()
        #expect(decision.phase == .confirming)
        #expect(decision.asksStatus)
        decision.failing()
        #expect(decision.events == ["sync", "power_fail", "shutdown_pending"])
        #expect(decision.texts.last == "Shutdown in 15 s unless power returns")
        #expect(decision.controller.incidentID?.description == "1f0c8b52-1")
    }

    @Test(arguments: 1...3)
    func asManyReadingsAsConfigured(readings: Int) {
        let decision = Decision.onLine { $0.confirmReadings = readings }
        decision.failing(readings - 1)
        #expect(!decision.controller.isOnBattery)
        decision.failing()
        #expect(decision.controller.isOnBattery)
        decision.good(readings - 1)
        #expect(decision.controller.isOnBattery)
        decision.good()
        #expect(!decision.controller.isOnBattery)
    }

    @Test func oneGoodReadingStartsTheConfirmationAnew() {
        let decision = Decision.onLine()
        for _ in 0..<20 {
            decision.failing()
            decision.good()
        }
        #expect(decision.events == [])
        #expect(decision.phase == .idle)
    }

    /// Rule 1: what is no reading neither advances nor resets a confirmation.
    @Test func silenceDoesNotResetTheConfirmation() {
        let decision = Decision.onLine()
        decision.failing()
        decision.silence(until: 1003)
        #expect(decision.phase == .confirming)
        decision.failing()
        #expect(decision.phase == .pending)
        #expect(decision.deadlineSeconds == 1015, "from the first failing reading")
    }
}

@Suite struct DeadlineRuleTests {
    /// Rule 3.
    @Test func timedCommit() {
        let decision = Decision.onBattery()
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1015), reason: .time))
        decision.stay(until: 1014.999)
        #expect(decision.phase == .pending)
        decision.stay(until: 1015)
        #expect(decision.commitSeconds == 1015)
        #expect(decision.commitReason == .time)
        #expect(decision.events == ["run(0)", "shutdown_committed"])
    }

    /// Rule 5: 60 s, less 20 s for the host and 5 s in reserve, after power was there last.
    @Test func latestMoment() {
        let decision = Decision.onBattery { $0.byTime = false }
        let latest = 999.95 + 35
        #expect(decision.controller.latest == BootTime(seconds: latest))
        #expect(decision.deadline?.reason == .upsTimer)
        decision.stay(until: latest)
        #expect(decision.commitSeconds == latest)
        #expect(decision.commitReason == .upsTimer)
    }

    @Test func longDelayIsCut() {
        let decision = Decision.onBattery { $0.delay = .seconds(100) }
        #expect(decision.deadlineSeconds == 1034.95)
        #expect(decision.deadline?.reason == .upsTimer)
        #expect(decision.controller.delay == .milliseconds(34_950))
        #expect(decision.controller.policy.effectiveDelay == .seconds(35))
    }

    /// The least of 2 s wins over the latest moment.
    @Test(arguments: [26, 24, 10])
    func shortestDelay(maximum: Int) {
        let decision = Decision.onBattery { $0.maximumBackupTime = .seconds(maximum) }
        #expect(decision.controller.policy.effectiveDelay == .seconds(2))
        #expect(decision.deadlineSeconds == 1002)
        decision.stay(until: 1001.9)
        #expect(decision.phase == .pending)
        decision.stay(until: 1002)
        #expect(decision.commitReason == .upsTimer)
    }

    @Test func noTimerOfItsOwn() {
        let decision = Decision.onBattery { policy in
            policy.maximumBackupTime = nil
            policy.byTime = false
        }
        #expect(decision.controller.latest == nil)
        #expect(decision.deadline == nil)
        #expect(decision.phase == .onBattery)
    }

    /// No reading with power present in this boot, and the host is up shortly: it went at boot.
    @Test func inputLostBeforeTheFirstReading() {
        let decision = Decision(at: 22)
        decision.failing(2)
        #expect(decision.controller.latest == BootTime(seconds: 35))
        #expect(decision.deadlineSeconds == 35)
        #expect(
            decision.texts[0] == "Input power failed; when is not known, it was absent at the "
                + "first reading")
    }

    @Test func inputLostBeforeTheFirstReadingOfALongBoot() {
        let decision = Decision(at: 60)
        decision.failing(2)
        #expect(decision.controller.latest == BootTime(seconds: 95))
    }

    @Test func hostUpForLongerThanTheRest() {
        let decision = Decision(at: 59.9)
        decision.failing(2)
        #expect(decision.deadlineSeconds == 61.9, "2 s at least")
    }
}

@Suite struct LowChargeRuleTests {
    private func hold(_ input: ShutdownController.Input, _ decision: Decision, _ seconds: Double) {
        decision.now = BootTime(seconds: seconds)
        decision.failing()
        decision.take(input)
    }

    @Test func chargeBelowTheLimitTwice() {
        let decision = Decision.onBattery()
        hold(.charge(24), decision, 1001)
        #expect(decision.events == ["low_charge"])
        #expect(decision.controller.isLowBattery)
        hold(.charge(24), decision, 1002.9)
        #expect(decision.phase == .pending)
        hold(.charge(24), decision, 1003.1)
        #expect(decision.commitReason == .lowCharge)
    }

    @Test func aBetterReadingBetweenThem() {
        let decision = Decision.onBattery()
        hold(.charge(24), decision, 1001)
        hold(.charge(25), decision, 1002)
        hold(.charge(24), decision, 1004)
        #expect(decision.phase == .pending)
        hold(.charge(24), decision, 1006.1)
        #expect(decision.commitReason == .lowCharge)
    }

    /// At the limit the battery is low, below it the host shuts down.
    @Test func theLimitItself() {
        let decision = Decision.onBattery()
        hold(.charge(25), decision, 1001)
        hold(.charge(25), decision, 1010)
        #expect(decision.controller.isLowBattery)
        #expect(decision.phase == .pending)
        #expect(decision.events == ["low_charge"])
    }

    @Test(arguments: [(true, false, true), (false, true, true), (false, false, false)])
    func armed(byTime: Bool, byCharge: Bool, commits: Bool) {
        let decision = Decision.onBattery { policy in
            policy.byTime = byTime
            policy.byCharge = byCharge
        }
        hold(.charge(1), decision, 1001)
        hold(.charge(1), decision, 1004)
        #expect((decision.commitReason == .lowCharge) == commits)
    }

    /// One and a half times what the host needs.
    @Test(arguments: [(30.0, true), (30.001, false)])
    func runtime(seconds: Double, commits: Bool) {
        let decision = Decision.onBattery { $0.byTime = false }
        hold(.runtime(.seconds(seconds)), decision, 1001)
        #expect(decision.controller.isLowBattery)
        hold(.runtime(.seconds(seconds)), decision, 1003.1)
        #expect((decision.commitReason == .lowRuntime) == commits)
    }

    @Test func lowRuntimeWarnsAtTwiceTheShutdownTime() {
        let decision = Decision.onBattery()
        hold(.runtime(.seconds(40.001)), decision, 1001)
        #expect(!decision.controller.isLowBattery)
        hold(.runtime(.seconds(40)), decision, 1002)
        #expect(decision.controller.isLowBattery)
    }

    @Test func onLinePowerNothingIsLow() {
        let decision = Decision.onLine()
        for second in 0..<10 {
            decision.now = BootTime(seconds: 1000 + Double(second))
            decision.good()
            decision.take(.charge(1))
            decision.take(.runtime(.seconds(1)))
        }
        #expect(decision.events == [])
    }
}

@Suite struct ReturnRuleTests {
    @Test func returnCancels() {
        let decision = Decision.onBattery()
        decision.stay(until: 1014)
        decision.good(2)
        #expect(decision.phase == .idle)
        #expect(decision.events == ["power_good", "shutdown_cancelled"])
        decision.stay(Decision.present, until: 1030)
        #expect(!decision.controller.isCommitted)
    }

    /// Back for less than 5 s: the same incident, with its start and deadline.
    @Test func sameIncident() {
        let decision = Decision.onBattery()
        decision.stay(until: 1005)
        decision.good(2)
        decision.stay(Decision.present, until: 1009)
        decision.forget()
        decision.failing(2)
        #expect(decision.events == ["sync", "power_fail", "shutdown_pending"])
        #expect(decision.controller.incidents == 1)
        #expect(decision.controller.powerFailures == 1)
        #expect(decision.deadlineSeconds == 1015)
    }

    @Test(arguments: [(4.999, 1), (5.0, 2)])
    func returnHold(gap: Double, incidents: Int) {
        let decision = Decision.onBattery()
        decision.good(2)
        let returned = decision.now.sinceBoot.inSeconds - 0.008
        decision.now = BootTime(seconds: returned + gap)
        decision.failing(2)
        #expect(decision.controller.incidents == incidents)
    }

    /// The deadline passed meanwhile: commit as soon as the failure is confirmed.
    @Test func deadlinePassedMeanwhile() {
        let decision = Decision.onBattery()
        decision.stay(until: 1013)
        decision.good(2)
        decision.stay(Decision.present, until: 1016)
        #expect(decision.phase == .idle)
        decision.failing(2)
        #expect(decision.commitReason == .time)
        #expect((decision.commitSeconds ?? 0) < 1016.02)
    }

    @Test func cancelIsKept() {
        let decision = Decision.onBattery()
        _ = decision.command(.cancel)
        decision.good(2)
        decision.stay(Decision.present, until: 1003)
        decision.failing(2)
        #expect(decision.phase == .cancelled)
        #expect(decision.deadline?.reason == .upsTimer)
    }

    @Test func afterTheHoldTheDelayIsTheConfiguredOne() {
        let decision = Decision.onBattery()
        #expect(decision.command(.delay(seconds: 20))?.isAccepted == true)
        #expect(decision.controller.delay == .seconds(20))
        decision.good(2)
        decision.stay(Decision.present, until: 1010)
        #expect(decision.controller.delay == .seconds(15))
        decision.failing(2)
        #expect(decision.controller.incidents == 2)
        #expect(decision.deadlineSeconds == 1025)
    }
}
