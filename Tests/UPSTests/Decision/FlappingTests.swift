// Rules 4 and 6: power that comes and goes commits no later than power that stays away.

import Testing

@testable import Decision
@testable import Monitoring
@testable import UPS

/// Power is absent for `off` and present for `on`, in turn.
struct Flapping: Sendable, CustomTestStringConvertible {
    let off, on: Double

    static let never = Flapping(off: 1e6, on: 0)
    static let all = [
        (1.9, 0.2), (0.5, 0.5), (3.0, 1.0), (0.3, 4.0), (0.2, 4.8), (10.0, 4.9), (1.0, 1.0),
    ].map { Flapping(off: $0.0, on: $0.1) }

    var testDescription: String { "\(off) s off, \(on) s on" }

    func isOff(after seconds: Double) -> Bool {
        seconds.truncatingRemainder(dividingBy: off + on) < off - 1e-6
    }

    /// The start of the time off that goes on then, or that follows.
    func offAt(_ seconds: Double) -> Double {
        guard !isOff(after: seconds) else { return seconds }
        return ((seconds / (off + on)).rounded(.down) + 1) * (off + on)
    }
}

@Suite struct FlappingTests {
    enum Setup: CaseIterable, Sendable {
        case charge, runtime, chargeAfterCancel, runtimeAfterCancel, timer, timerOfTheUPS
    }

    /// Seconds from the failure to the commit. The status is read every 100 ms and at once while
    /// something is confirmed, the values every second.
    private func commit(_ setup: Setup, _ flapping: Flapping) -> Double? {
        let decision = Decision.onLine { policy in
            policy.byTime = setup != .charge && setup != .runtime && setup != .timerOfTheUPS
            policy.byCharge = setup == .charge
            if setup != .timerOfTheUPS { policy.maximumBackupTime = nil }
        }
        var value = 0.0
        var isCancelled = setup != .chargeAfterCancel && setup != .runtimeAfterCancel
        while decision.now < BootTime(seconds: 1120) {
            let seconds = decision.now.sinceBoot.inSeconds - 1000
            let status = flapping.isOff(after: seconds) ? Decision.absent : Decision.present
            decision.forget()
            decision.take(.reading(status))
            if seconds >= value {
                value += 1
                switch setup {
                case .charge, .chargeAfterCancel: decision.take(.charge(10))
                case .runtime, .runtimeAfterCancel: decision.take(.runtime(.seconds(25)))
                case .timer, .timerOfTheUPS: break
                }
            }
            if !isCancelled, decision.controller.isOnBattery {
                isCancelled = decision.command(.cancel)?.isAccepted == true
            }
            if let commit = decision.commitSeconds { return commit - 1000 }
            decision.now = decision.now + .milliseconds(decision.asksStatus ? 8 : 100)
        }
        return nil
    }

    @Test(arguments: Setup.allCases, Flapping.all)
    func noLaterThanOneLongOutage(setup: Setup, flapping: Flapping) throws {
        let long = try #require(commit(setup, .never))
        #expect(long < 36)
        let flapped = try #require(commit(setup, flapping), "never")
        // The next reading of a value, then power absent, one of the status and its confirmation.
        let isOfAValue = setup != .timer && setup != .timerOfTheUPS
        #expect(flapped <= flapping.offAt(long + (isOfAValue ? 1 : 0)) + 0.2)
    }

    /// What a reading says otherwise ends the hold, on battery and within the same outage.
    @Test(arguments: [
        (ShutdownController.Input.charge(10), ShutdownController.Input.charge(60)),
        (.runtime(.seconds(25)), .runtime(.seconds(300))),
    ])
    func aBetterValueWhilePowerIsBackEndsTheHold(
        low: ShutdownController.Input, high: ShutdownController.Input
    ) {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        decision.take(low)
        decision.stay(until: 1001)
        decision.good(2)
        decision.take(high)
        decision.stay(Decision.present, until: 1002)
        decision.failing(2)
        decision.stay(until: 1004)
        decision.take(low)
        #expect(decision.phase == .pending)
        decision.stay(until: 1006.1)
        decision.take(low)
        #expect(decision.phase == .committed)
    }

    /// The end of the incident ends it, too.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func theHoldIsOfOneIncident(low: ShutdownController.Input) {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        decision.take(low)
        decision.good(2)
        decision.stay(Decision.present, until: 1006)
        decision.failing(2)
        decision.take(low)
        #expect(decision.phase == .pending)
    }

    /// Silence on line power never commits, however low the charge was in the outage before.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func silenceAfterAReturn(low: ShutdownController.Input) {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        decision.take(low)
        decision.stay(until: 1001)
        decision.good(2)
        decision.stay(Decision.present, until: 1003)
        decision.take(low)
        decision.silence(until: 1100)
        #expect(!decision.controller.isCommitted && decision.phase == .idle)
    }

    /// Nor does one failing reading before the silence make it an outage that goes on: only rule 7
    /// ends such a silence.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func silenceWhileItIsConfirmed(low: ShutdownController.Input) {
        let decision = Decision.onBattery {
            $0.byTime = false
            $0.maximumBackupTime = nil
        }
        decision.take(low)
        decision.good(2)
        decision.stay(Decision.present, until: 1002.5)
        decision.take(low)
        decision.failing()
        decision.silence(until: 1005)
        #expect(!decision.controller.isCommitted)
        decision.silence(until: 1070)
        #expect(decision.commitReason == .linkLost)
    }

    /// Two readings are two, however short the hold is.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func withoutAHoldTheyAreStillTwo(low: ShutdownController.Input) {
        let decision = Decision.onBattery { $0.lowChargeHold = .zero }
        decision.take(low)
        decision.take(.tick)
        decision.failing()
        #expect(decision.phase == .pending, "one reading is one, however often it is looked at")
        decision.take(low)
        #expect(decision.phase == .committed)
    }

    /// Good readings of a return follow each other: a chattering flag is no return.
    @Test func aReturnIsTwoGoodReadingsInARow() {
        let decision = Decision.onBattery()
        for _ in 0..<20 {
            decision.good()
            decision.failing()
        }
        #expect(decision.phase == .pending && decision.events == [])
        decision.stay(until: 1015)
        #expect(decision.commitReason == .time)
    }

    /// An outage that goes on has lost nothing of its deadline when the link is lost as well.
    @Test func theLinkIsLostAsItGoesOn() {
        let decision = Decision.onBattery()
        decision.stay(until: 1003)
        decision.good(2)
        decision.stay(Decision.present, until: 1004)
        decision.failing()
        decision.silence(until: 1030)
        #expect(decision.commitSeconds == 1015 && decision.commitReason == .time)
        #expect(decision.controller.committedShutdown?.incident.description == "1f0c8b52-1")
    }

    /// One failing reading after the return, and a good one: it may still go on.
    @Test func aGlitchWithinReturnHold() {
        let decision = Decision.onBattery()
        decision.good(2)
        decision.failing()
        decision.good()
        decision.stay(Decision.present, until: 1003)
        decision.failing(2)
        #expect(decision.deadlineSeconds == 1015 && decision.controller.incidents == 1)
    }

    /// What was delayed or cancelled is announced so when the outage goes on.
    @Test(arguments: [(true, false), (true, true), (false, true)])
    func itIsPendingWhenItGoesOn(isCancelled: Bool, isDelayed: Bool) {
        let decision = Decision.onBattery()
        if isCancelled { _ = decision.command(.cancel) }
        if isDelayed { _ = decision.command(.delay(seconds: 20)) }
        decision.good(2)
        decision.forget()
        decision.failing(2)
        #expect(decision.phase == (isDelayed ? .pending : .cancelled))
        #expect(decision.events.contains("shutdown_pending") == isDelayed)
        decision.good(2)
        #expect(decision.events.contains("shutdown_cancelled") == isDelayed)
    }
}
