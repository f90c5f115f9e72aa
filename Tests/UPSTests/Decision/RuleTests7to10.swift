// Rules 7 to 10: the lost link, cancel, delay, and the look before the leap.

import Testing

@testable import Decision
@testable import UPS

@Suite struct LinkRuleTests {
    @Test func links() {
        let decision = Decision.onLine()
        decision.good()
        func link(_ seconds: Double) -> Link {
            decision.controller.link(at: BootTime(seconds: 1000 + seconds))
        }
        #expect(link(0.999) == .ok)
        #expect(link(1) == .stale)
        #expect(link(1.999) == .stale)
        #expect(link(2) == .lost)
        decision.take(.portClosed)
        #expect(link(0.1) == .lost)
        decision.good()
        #expect(link(0.1) == .ok)
    }

    @Test func lostOnLinePowerIsNothing() {
        let decision = Decision.onLine()
        decision.good()
        decision.take(.portClosed)
        decision.silence(until: 5000)
        #expect(decision.events == [])
        #expect(decision.phase == .idle)
    }

    @Test func lostOnBattery() {
        let decision = Decision.onBattery { $0.delay = .seconds(30) }
        decision.stay(until: 1002)
        decision.forget()
        decision.silence(until: 1016.9)
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1017), reason: .linkLost))
        decision.silence(until: 1018)
        #expect(decision.commitSeconds == 1017)
        #expect(decision.commitReason == .linkLost)
    }

    /// The silence counts from the last reading, not from the first that said power is absent.
    @Test(arguments: [(1, 1015), (2, 1015.125)]) func lostWhileConfirming(
        readings: Int, seconds: Double
    ) {
        let decision = Decision.onLine { $0.confirmReadings = 3 }
        decision.failing(readings, every: .milliseconds(125))
        #expect(decision.phase == .confirming)
        decision.silence(until: 1020)
        #expect(decision.commitSeconds == seconds)
        #expect(decision.commitReason == .linkLost)
        #expect(decision.controller.powerFailures == 1)
    }

    @Test func anEarlierDeadlineHolds() {
        let decision = Decision.onBattery { $0.delay = .seconds(5) }
        decision.silence(until: 1010)
        #expect(decision.commitSeconds == 1005)
        #expect(decision.commitReason == .time)
    }

    @Test func linkBackInTime() {
        let decision = Decision.onBattery { $0.delay = .seconds(30) }
        decision.silence(until: 1014)
        decision.failing()
        #expect(decision.deadline?.reason == .time)
        decision.silence(until: 1028.9)
        #expect(!decision.controller.isCommitted)
    }
}

@Suite struct CancelRuleTests {
    @Test func disarmsTheTimerOnly() {
        let decision = Decision.onBattery()
        let answer = decision.command(.cancel)
        #expect(answer?.isAccepted == true)
        #expect(answer?.deadline == BootTime(seconds: 1034.95))
        #expect(
            answer?.message.text
                == "Cancelled for 35 s at most: then the UPS is about to cut its output. "
                + "Low charge or runtime may come earlier.")
        decision.stay(until: 1034.9)
        #expect(decision.phase == .cancelled)
        decision.stay(until: 1034.95)
        #expect(decision.commitReason == .upsTimer)
    }

    @Test func silenceStaysArmed() {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        _ = decision.command(.cancel)
        #expect(decision.deadline == nil)
        decision.silence(until: 1020)
        #expect(decision.commitReason == .linkLost)
    }

    @Test func refusedWithoutAnOutage() {
        let decision = Decision.onLine()
        let answer = decision.command(.cancel, from: .mqtt)
        #expect(answer?.isAccepted == false)
        #expect(answer?.message == "There is no outage, so there is nothing to cancel.")
        #expect(
            decision.texts == [
                "Refused cancel from MQTT: There is no outage, so there is nothing to cancel."
            ])
    }

    @Test(arguments: Origin.allCases)
    func refusedAfterTheCommit(origin: Origin) {
        let decision = Decision.onBattery()
        decision.stay(until: 1015)
        for verb in [Command.Verb.cancel, .delay(seconds: 3600)] {
            let answer = decision.command(verb, from: origin)
            #expect(answer?.message == "The shutdown has already been committed.")
        }
    }

    @Test(arguments: [("1f0c8b52-1", true), ("1f0c8b52-2", false), ("", false)])
    func namedIncident(incident: String, isAccepted: Bool) {
        let decision = Decision.onBattery()
        #expect(decision.command(.cancel, incident: incident)?.isAccepted == isAccepted)
        #expect(decision.phase == (isAccepted ? .cancelled : .pending))
    }

    /// Whoever may command on the broker would write what they like into every log.
    @Test func anIncidentThatIsNotOursIsNotRepeated() {
        let decision = Decision.onBattery()
        let answer = decision.command(.cancel, incident: "call-0900-now")
        #expect(answer?.message.text.contains("call-0900-now") == false)
        #expect(decision.texts.allSatisfy { !$0.contains("call-0900-now") })
    }
}

@Suite struct DelayRuleTests {
    @Test func fromNowOn() {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        decision.stay(until: 1010)
        let answer = decision.command(.delay(seconds: 300))
        #expect(answer?.deadline == BootTime(seconds: 1310))
        #expect(answer?.message == "Shutdown in 300 s.")
        #expect(decision.events == ["shutdown_delayed"])
    }

    @Test func boundedByTheUPSsTimer() {
        let decision = Decision.onBattery()
        decision.stay(until: 1010)
        let answer = decision.command(.delay(seconds: 300))
        #expect(answer?.isAccepted == true)
        #expect(answer?.deadline == BootTime(seconds: 1034.95))
        let text =
            "Shutdown in 25 s, not in 300 s: the UPS cuts its output 25 s after that, which this "
            + "host needs."
        #expect(answer?.message.text == text)
    }

    @Test func armsATimerThatIsNot() {
        let decision = Decision.onBattery { $0.byTime = false }
        #expect(decision.deadline?.reason == .upsTimer)
        #expect(decision.command(.delay(seconds: 16))?.isAccepted == true)
        #expect(decision.deadline?.reason == .time)
        _ = decision.command(.cancel)
        #expect(decision.phase == .cancelled)
        #expect(decision.command(.delay(seconds: 20))?.isAccepted == true)
        #expect(decision.phase == .pending)
    }

    @Test(arguments: [0, -1, 86401, .max, .min])
    func outOfRange(seconds: Int) {
        let decision = Decision.onLine()
        let answer = decision.command(.delay(seconds: seconds))
        #expect(answer?.message == "A delay is 1 to 86400 seconds.")
    }

    /// Over the port and MQTT a delay may only lengthen; the control socket may do both.
    @Test(arguments: [
        (Origin.port, 16, false), (.mqtt, 16, false), (.control, 16, true), (.port, 18, true),
        (.mqtt, 14, false), (.control, 1, true),
    ])
    func remoteMayOnlyLengthen(origin: Origin, seconds: Int, isAccepted: Bool) {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        _ = decision.command(.delay(seconds: 20))
        decision.stay(until: 1003)
        let before = decision.deadlineSeconds
        let answer = decision.command(.delay(seconds: seconds), from: origin)
        #expect(answer?.isAccepted == isAccepted)
        let expected = isAccepted ? 1003 + Double(seconds) : before
        #expect(decision.deadlineSeconds == expected)
    }

    /// A link that is lost brings an early deadline; a delay must not outlast it when it is back.
    @Test func remoteMayNotHideBehindALostLink() {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        _ = decision.command(.delay(seconds: 3600))
        let before = decision.deadlineSeconds
        decision.silence(until: 1004)
        let answer = decision.command(.delay(seconds: 15), from: .mqtt)
        #expect(answer?.isAccepted == false)
        decision.failing()
        #expect(decision.deadlineSeconds == before)
    }

    @Test func forTheNextIncidentOnly() {
        let decision = Decision.onLine()
        #expect(decision.command(.delay(seconds: 20))?.isAccepted == true)
        #expect(decision.controller.delay == .seconds(20))
        decision.failing(2)
        #expect(decision.deadlineSeconds == 1020)
        decision.good(2)
        decision.stay(Decision.present, until: 1010)
        decision.failing(2)
        #expect(decision.deadlineSeconds == 1025)
    }

    @Test(arguments: [(Origin.mqtt, 14, false), (.mqtt, 15, true), (.control, 1, true)])
    func nextDelayOverANetwork(origin: Origin, seconds: Int, isAccepted: Bool) {
        let decision = Decision.onLine()
        let answer = decision.command(.delay(seconds: seconds), from: origin)
        #expect(answer?.isAccepted == isAccepted)
    }

    @Test func nextDelayBeyondTheUPSsTimerSaysSo() {
        let answer = Decision.onLine().command(.delay(seconds: 300))
        let text: Message =
            "The next outage has a delay of 300 s, but the UPS's own timer leaves only 35 s."
        #expect(answer?.message == text)
    }

    @Test func sameIDHasNoSecondEffect() {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        let first = decision.command(.delay(seconds: 20), id: "a")
        decision.stay(until: 1003)
        decision.forget()
        #expect(decision.command(.delay(seconds: 20), id: "a") == first)
        #expect(decision.deadline?.time == first?.deadline)
        #expect(decision.events == [])
        // Another command under a used id is another command.
        let other = decision.command(.delay(seconds: 30), id: "a")
        #expect(other?.deadline == decision.now + .seconds(30))
    }
}

@Suite struct LookRuleTests {
    /// A reading of less than a second ago is a look.
    @Test func freshReading() {
        let decision = Decision.onBattery()
        decision.stay(until: 1014.1)
        decision.silence(until: 1015)
        #expect(decision.commitSeconds == 1015)
    }

    @Test func oldReadingIsAskedForASecond() {
        let decision = Decision.onBattery()
        decision.stay(until: 1010)
        decision.now = BootTime(seconds: 1020)
        decision.take(.tick)
        #expect(decision.phase == .pending)
        #expect(decision.asksStatus)
        decision.silence(until: 1020.9)
        #expect(decision.phase == .pending)
        decision.silence(until: 1021)
        #expect(decision.commitSeconds == 1021)
        #expect(decision.commitReason == .time)
    }

    /// After a stop of this process power may long be back.
    @Test func goodReadingStopsTheCommit() {
        let decision = Decision.onBattery()
        decision.stay(until: 1010)
        decision.now = BootTime(seconds: 1100)
        decision.take(.tick)
        decision.good()
        #expect(decision.phase == .pending)
        decision.good()
        #expect(decision.phase == .idle)
        #expect(decision.events == ["power_good", "shutdown_cancelled"])
    }

    /// A host too busy to run this process for a second on end.
    @Test func manyGapsAreAnAnswer() {
        let decision = Decision.onBattery()
        decision.stay(until: 1014)
        for turn in 1...6 {
            decision.now = BootTime(seconds: 1014 + 0.6 * Double(turn))
            decision.take(.tick)
        }
        #expect(decision.commitSeconds == 1016.4)
    }

    @Test func failingReadingCommitsAtOnce() {
        let decision = Decision.onBattery()
        decision.now = BootTime(seconds: 1100)
        decision.failing()
        #expect(decision.commitSeconds == 1100)
    }
}
