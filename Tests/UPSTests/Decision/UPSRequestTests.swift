// Rule 12: what the UPS asks for by its "shutdown set" bit, and the outages beside it.

import Testing

@testable import Decision
@testable import UPS

@Suite struct UPSRequestTests {
    private static let onLine = Decision.present.union(.shutdownSet)
    private static let onBattery = Decision.absent.union(.shutdownSet)

    /// Told as long ago as this, the timer is cancelled, or a day away.
    enum Dealt: CaseIterable, Sendable {
        case cancelled, delayed, cancelledForDays
    }

    private func dealtWith(_ dealt: Dealt) -> Decision {
        let decision = Decision.onLine()
        decision.status(Self.onLine, 2)
        let verb = dealt == .delayed ? Command.Verb.delay(seconds: 86400) : .cancel
        #expect(decision.command(verb)?.isAccepted == true)
        if dealt == .cancelledForDays {
            decision.now = BootTime(seconds: 300_000)
            decision.status(Self.onLine, 10)
        }
        decision.forget()
        return decision
    }

    /// One failing reading, and the link is gone: rule 7 holds as on any other day.
    @Test(arguments: Dealt.allCases)
    func silenceWhileConfirming(dealt: Dealt) {
        let decision = dealtWith(dealt)
        let failed = decision.now.sinceBoot.inSeconds
        decision.status(Self.onBattery)
        decision.silence(until: failed + 14.9)
        #expect(!decision.controller.isCommitted)
        decision.silence(until: failed + 20)
        #expect(decision.commitSeconds == failed + 15 && decision.commitReason == .linkLost)
    }

    /// Nobody has cancelled this outage.
    @Test(arguments: Dealt.allCases, [onBattery, Decision.absent])
    func anOutageIsAnOutage(dealt: Dealt, status: DeviceStatus) {
        let decision = dealtWith(dealt)
        let failed = decision.now.sinceBoot.inSeconds
        decision.status(status, 2)
        #expect(decision.phase == .pending)
        #expect(decision.deadline == Deadline(time: BootTime(seconds: failed + 15), reason: .time))
        #expect(decision.controller.incidentID?.description == "1f0c8b52-2")
        #expect(decision.controller.powerFailures == 1)
        decision.stay(status, until: failed + 15)
        #expect(decision.commitReason == .time)
    }

    @Test(arguments: [Dealt.cancelled, .delayed])
    func silenceOnLinePowerNeverCommits(dealt: Dealt) {
        let decision = dealtWith(dealt)
        decision.silence(until: 1010)
        #expect(decision.deadline?.reason != .linkLost)
        decision.silence(until: 1300)
        decision.take(.portClosed)
        decision.silence(until: 2000)
        #expect(!decision.controller.isCommitted)
    }

    /// The link tells nothing new: what was running runs.
    @Test func silenceDoesNotStopItsTimer() {
        let decision = Decision.onLine()
        decision.status(Self.onLine, 2)
        decision.silence(until: 1014.9)
        #expect(decision.phase == .pending)
        decision.silence(until: 1020)
        #expect(decision.commitReason == .upsRequest)
        #expect((decision.commitSeconds ?? 0) >= 1015 && (decision.commitSeconds ?? 0) <= 1016)
        #expect(decision.events.contains("sync"), "no outage had it done")
    }

    /// Back on line power it goes on, until the UPS withdraws it.
    @Test func itGoesOnAfterAnOutage() {
        let decision = Decision.onLine { $0.delay = .seconds(30) }
        decision.status(Self.onLine, 2)
        decision.status(Self.onBattery, 2)
        #expect(decision.controller.isOnBattery)
        decision.status(Self.onLine, 2)
        #expect(!decision.controller.isOnBattery)
        #expect(decision.deadline == Deadline(time: BootTime(seconds: 1030), reason: .upsRequest))
        #expect(decision.phase == .pending)
        decision.stay(Self.onLine, until: 1020)
        decision.good(1)
        #expect(decision.phase == .pending, "one reading is none")
        decision.good(1)
        #expect(decision.phase == .idle && decision.deadline == nil)
        decision.stay(Decision.present, until: 1100)
        #expect(!decision.controller.isCommitted)
    }

    /// Failing readings of an outage follow each other, also while the UPS asks for something.
    @Test func alternateReadingsAreNoOutage() {
        let decision = Decision.onLine()
        decision.status(Self.onLine, 2)
        for _ in 0..<5 {
            decision.status(Self.onBattery)
            decision.status(Self.onLine)
        }
        #expect(decision.controller.powerFailures == 0 && !decision.controller.isOnBattery)
        #expect(decision.deadline?.reason == .upsRequest)
    }

    /// It comes moments after a return, or after a commit, and is not lost.
    @Test func withinReturnHold() {
        let decision = Decision.onBattery()
        decision.good(2)
        decision.stay(Decision.present, until: 1002)
        decision.status(Self.onLine, 2)
        #expect(decision.deadline?.reason == .upsRequest && decision.phase == .pending)
    }

    @Test func afterADryCommit() {
        let decision = Decision.onBattery { $0.dryRun = true }
        decision.stay(until: 1015)
        decision.status(Self.onLine, 3)
        #expect(decision.phase == .pending && decision.deadline?.reason == .upsRequest)
    }

    /// One commit of one request, and then it is over.
    @Test func aDryCommitOfIt() {
        let decision = Decision.onLine { $0.dryRun = true }
        decision.status(Self.onLine, 2)
        decision.stay(Self.onLine, until: 1100)
        #expect(decision.events.count { $0 == "shutdown_committed" } == 1)
        #expect(decision.phase == .idle)
    }

    /// It is confirmed fast, as everything.
    @Test func itIsAskedAgainAtOnce() {
        let decision = Decision.onLine()
        decision.good()
        #expect(!decision.asksStatus)
        decision.status(Self.onLine)
        #expect(decision.asksStatus)
    }

    /// Two in a row in every stage, also over a restart of the daemon.
    @Test func aRequestGoesOnOverARestart() {
        let decision = Decision.onLine()
        decision.status(Self.onLine, 2)
        let deadline = decision.deadline
        decision.restart(after: .seconds(1))
        #expect(decision.deadline == deadline && decision.phase == .pending)
        decision.status(Self.onLine, 2)
        #expect(decision.deadline == deadline)
        decision.good(2)
        #expect(decision.phase == .idle)
    }

    // MARK: Every word of six readings

    /// Each reading is power and bit. A second way to say what rules 2, 6 and 12 ask for.
    private struct Model {
        var isOnBattery = false
        var failing = 0
        var good = 2
        var set = 0
        var unset = 2
        var isKnownSet = false
        /// It has changed to 1, and whether there is power is not clear yet.
        var isNew = false
        var isOpen = false
        var isCommitted = false

        mutating func take(isPresent: Bool, isSet: Bool) {
            guard !isCommitted else { return }
            (good, failing) = isPresent ? (good + 1, 0) : (0, failing + 1)
            (set, unset) = isSet ? (set + 1, 0) : (0, unset + 1)
            if failing >= 2 { isOnBattery = true }
            if good >= 2 { isOnBattery = false }
            if set >= 2, !isKnownSet { (isKnownSet, isNew) = (true, true) }
            if unset >= 2 { (isKnownSet, isNew, isOpen) = (false, false, false) }
            guard isNew, isPresent != isOnBattery else { return }
            isNew = false
            if isOnBattery { isCommitted = true } else { isOpen = true }
        }
    }

    @Test func everyWordOfSixReadings() {
        var commits = 0
        for word in 0..<4096 {
            let decision = Decision.onLine()
            var model = Model()
            for position in 0..<6 {
                let isPresent = word >> (2 * position) & 1 == 1
                let isSet = word >> (2 * position + 1) & 1 == 1
                let power = isPresent ? Decision.present : Decision.absent
                decision.status(isSet ? power.union(.shutdownSet) : power)
                model.take(isPresent: isPresent, isSet: isSet)
                #expect(
                    decision.controller.isCommitted == model.isCommitted,
                    "\(String(word, radix: 4)) at \(position)")
                guard !model.isCommitted else { break }
                let isArmed = decision.controller.request?.timer != nil
                #expect(isArmed == model.isOpen, "\(String(word, radix: 4)) at \(position)")
            }
            if model.isCommitted {
                commits += 1
                #expect(decision.commitReason == .upsRequest)
            }
        }
        #expect(commits > 500)
    }

    /// It waits for the reading after the commit, and that is something to decide.
    @Test func askedForDuringACommit() {
        let decision = Decision.onBattery()
        decision.stay(until: 1016)
        decision.status(Decision.absent.union(.shutdownSet), 2)
        decision.silence(until: 1200)
        #expect(decision.phase == .committed)
        decision.status(Decision.present.union(.shutdownSet), 2)
        #expect(decision.phase == .idle && !decision.controller.isIdle)
        #expect(decision.controller.nextWake(at: decision.now) != nil)
        decision.status(Decision.present.union(.shutdownSet))
        #expect(decision.commitReason == .upsRequest)
    }

    /// Without two readings in a row there is none.
    @Test(arguments: [Decision.present, Decision.absent])
    func whenItIsCounted(power: DeviceStatus) {
        for word in 0..<64 {
            let decision = Decision.onLine()
            if !power.contains(.powerPresent) { decision.failing(2) }
            let bits = (0..<6).map { word >> $0 & 1 == 1 }
            let first = (1..<6).first { bits[$0] && bits[$0 - 1] }
            for (position, bit) in bits.enumerated() {
                decision.status(bit ? power.union(.shutdownSet) : power)
                let isDue = first.map { position >= $0 } ?? false
                if power.contains(.powerPresent) {
                    let warnings = decision.texts.count { $0 == "The UPS asks for a shutdown" }
                    #expect((warnings > 0) == isDue, "\(bits) at \(position)")
                    #expect(!decision.controller.isCommitted)
                } else {
                    #expect(decision.controller.isCommitted == isDue, "\(bits) at \(position)")
                }
            }
        }
    }
}
