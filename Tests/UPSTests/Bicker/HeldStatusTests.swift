// Rule 7 and the reader: what a valid answer said is not lost, whatever happens to the line next.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct HeldStatusTests {
    private static let failing: DeviceStatus = [.batteryPresent, .discharging]

    enum End: CaseIterable, Sendable {
        case portClosed, portClosedAndOpen, mute
        /// The process was stopped, and hears what was said meanwhile too late for a reading.
        case stopped
    }

    /// The adapter enumerates again as the mains drop: one answer came, and then nothing.
    private func post(_ status: DeviceStatus, _ end: End) -> Post {
        let post = Post()
        post.closePort()
        post.openPort()
        post.isMute = true
        let pause: Duration = end == .stopped ? .seconds(4) : .milliseconds(4)
        post.receive(Line.status(status).bytes, at: post.now + pause)
        if end == .portClosed || end == .portClosedAndOpen { post.closePort() }
        if end == .portClosedAndOpen { post.openPort() }
        return post
    }

    @Test(arguments: End.allCases)
    func noPowerAndThenSilence(end: End) {
        let post = post(HeldStatusTests.failing, end)
        post.run(for: .milliseconds(14_900))
        #expect(!post.runs)
        post.run(for: .seconds(2))
        #expect(post.runs, "deadTime after the last valid answer")
        #expect(post.snapshot.status == .shuttingDown)
    }

    /// Counted from that answer, however long the link had been gone before it.
    @Test func afterALongSilence() {
        var setup = Watch.Setup()
        setup.policy.maximumBackupTime = nil
        let post = Post(setup)
        post.closePort()
        post.run(for: .seconds(60))
        post.openPort()
        post.isMute = true
        let answer = Line.status(HeldStatusTests.failing).bytes
        post.receive(answer, at: post.now + .milliseconds(4))
        post.closePort()
        post.run(for: .milliseconds(14_900))
        #expect(!post.runs)
        post.run(for: .seconds(2))
        #expect(post.runs)
    }

    @Test(arguments: End.allCases)
    func powerAndThenSilence(end: End) {
        let post = post(Line.present, end)
        post.run(for: .seconds(120))
        #expect(!post.runs && post.shutdown.phase == .idle)
    }

    /// It was old: the next reading decides.
    @Test(arguments: End.allCases)
    func powerIsThereAllTheSame(end: End) {
        let post = post(HeldStatusTests.failing, end)
        post.run(for: .seconds(5))
        post.isMute = false
        if end == .portClosed { post.openPort() }
        post.run(for: .seconds(30))
        #expect(!post.runs && post.shutdown.phase == .idle)
        #expect(!post.names.contains("power_fail"))
    }

    /// One such answer and one reading are not two readings.
    @Test func itConfirmsNothing() {
        let decision = Decision.onLine()
        decision.take(.unproven(Decision.absent))
        decision.failing()
        #expect(decision.phase == .confirming && decision.events == [])
        decision.failing()
        #expect(decision.phase == .pending)
        #expect(decision.deadlineSeconds == 1015)
    }

    /// The outage begins with the first reading, not with such an answer.
    @Test func itBeginsNothing() {
        let decision = Decision.onLine()
        decision.take(.unproven(Decision.absent))
        #expect(decision.asksStatus)
        decision.now = BootTime(seconds: 1001)
        decision.failing(2)
        #expect(decision.deadlineSeconds == 1016)
    }

    // MARK: The reader

    /// What came before the port was closed is no reading after it, and is told once.
    @Test(arguments: [Line.present, failing])
    func heldAsThePortCloses(status: DeviceStatus) {
        let line = Line()
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(status))
        line.poller.close()
        #expect(line.step() == nil)
        #expect(line.takeOutcomes() == [.unproven(status)])
        line.poller.open(at: line.now)
        let before = line.sent.count
        line.run(for: .seconds(3)) { $0 == .deviceStatus ? .silent : .good }
        #expect(line.requests.dropFirst(before).first == .deviceStatus)
        let outcomes = line.takeOutcomes()
        #expect(!outcomes.contains(.unproven(status)) && outcomes.compactMap(\.status) == [])
    }

    /// A late answer from before the port was opened again is not the first reading after it.
    @Test func lateOverAReopening() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.poller.close()
        line.poller.open(at: line.now)
        #expect(line.step() == .deviceStatus)
        _ = line.takeOutcomes()
        line.receive(Line.status(Line.present))
        #expect(line.takeOutcomes() == [])
        let marker = line.step() ?? .deviceStatus
        line.receive(Line.status(HeldStatusTests.failing))
        line.receive(Line.frame(marker))
        #expect(line.takeOutcomes().compactMap(\.status) == [HeldStatusTests.failing])
    }

    /// The process was stopped amid an answer. What was heard too late for a reading is told all the
    /// same, the last of it, and what the device said otherwise is nothing.
    @Test(arguments: [0, 2, 5])
    func heardTooLate(before: Int) {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        let answer = Line.status(HeldStatusTests.failing).bytes
        line.receive(Array(answer.prefix(before)))
        line.now = line.now + .seconds(4)
        let rest = Array(answer.dropFirst(before))
        line.receive(Line.status(Line.present).bytes.prefix(before == 0 ? 6 : 0) + rest)
        #expect(
            line.takeOutcomes() == [.missed(.deviceStatus), .unproven(HeldStatusTests.failing)])
        line.receive(Line.frame(.charge))
        #expect(line.takeOutcomes() == [])
    }

    /// The device answers in order: what was asked before is not waited for.
    @Test(arguments: [[], [Request.series], [.series, .batteryType]])
    func anAnswerSettlesWhatWasAskedBefore(before: [Request]) {
        let line = Line.settled()
        line.poller.owed = before
        let request = line.step() ?? .series
        line.receive(Line.frame(request))
        #expect(!before.contains(request) && line.poller.owed == [])
    }

    /// It is longer than any answer to what is asked now.
    @Test func theLateAnswerToARequestForAText() {
        let line = Line.settled()
        line.poller.owed = [.series]
        #expect(line.step() == .deviceStatus)
        let text = Array(repeating: UInt8(ascii: "A"), count: 30)
        line.receive(
            Frame(index: Request.series.index, command: Request.series.command, payload: text))
        #expect(line.poller.owed == [] && line.poller.counters.discardedBytes == 0)
    }

    /// Its late answer would prove nothing.
    @Test func aMarkerIsNotWhatIsOwed() {
        let line = Line.settled()
        line.poller.owed = [.charge, .outputVoltage, .batteryVoltage]
        let markers = (0..<20).map { _ in line.poller.marker() }
        #expect(Set(markers).isDisjoint(with: line.poller.owed) && Set(markers).count > 3)
    }

    /// Nothing is sent that was asked for before the port was closed.
    @Test func ordersDoNotOutliveThePort() {
        let line = Line.settled()
        line.poller.ask(.startMeasurement)
        line.poller.write(SettingChange(.restartDelay, isEnabled: true, value: 9))
        line.poller.close()
        line.poller.open(at: line.now)
        line.run(for: .seconds(5))
        #expect(line.requests.count > 50, "nothing else was sent than requests")
        #expect(!line.requests.contains(.startMeasurement))
        #expect(line.poller.orders.isEmpty)
    }

    /// After a lost status the next reading is there as soon as the line can bring it, not with
    /// the next round of values.
    @Test(arguments: [0, 20, 40, 60, 80, 100, 333])
    func aReadingSoonAfterALostStatus(offset: Int) {
        let line = Line.settled(PollIntervals(values: .seconds(60), slow: .seconds(60)))
        line.run(for: .milliseconds(offset))
        #expect(line.step(to: .deviceStatus))
        let sent = line.now
        _ = line.takeOutcomes()
        line.now = sent + .milliseconds(500)
        while line.takeOutcomes().compactMap(\.status).isEmpty, line.now < sent + .seconds(5) {
            line.run(for: .milliseconds(4))
        }
        #expect(line.now - sent < .milliseconds(520))
    }

    /// Half an answer, a time-out and the answer after it are not a third one: `01 04 01 40` and
    /// `01 04 …` would say that power is absent.
    @Test(arguments: 1..<6)
    func halfAnAnswer(length: Int) {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.receive(Array(Line.status(Line.present).bytes.prefix(length)))
        line.now = line.now + .milliseconds(500)
        _ = line.takeOutcomes()
        line.run(for: .seconds(2))
        let statuses = line.takeOutcomes().compactMap(\.status)
        #expect(statuses.count > 10 && statuses.allSatisfy { $0 == Line.present })
    }

    /// A process that was stopped for an hour asks once, not for each interval that it missed.
    @Test func noBurstAfterAStop() {
        let line = Line.settled()
        line.run(for: .seconds(1))
        line.now = line.now + .seconds(3600)
        let before = line.sent.count
        line.run(for: .seconds(1))
        #expect(line.requests.dropFirst(before).count { $0 == .deviceStatus } <= 12)
    }
}
