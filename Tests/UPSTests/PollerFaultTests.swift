// Silence, noise, late answers and features that are missing.

import Testing

@testable import UPS

@Suite struct PollerFaultTests {
    private static let failing: DeviceStatus = [.batteryPresent, .discharging]

    @Test(arguments: [Request.deviceStatus, .charge])
    func timeoutAsksTheStatus(request: Request) {
        let line = Line.settled()
        #expect(line.step(to: request))
        _ = line.takeOutcomes()
        let sent = line.now
        line.now = sent + .microseconds(499_999)
        #expect(line.step() == nil)
        line.now = sent + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        #expect(line.takeOutcomes() == [.missed(request)])
        #expect(line.poller.counters.timeouts == 1)
    }

    /// A busy host reads late what came in time; it is still the only answer there can be.
    @Test(arguments: [Request.deviceStatus, .charge])
    func lateWakeUpTakesTheAnswer(request: Request) {
        let line = Line.settled()
        #expect(line.step(to: request))
        _ = line.takeOutcomes()
        line.now = line.now + .milliseconds(700)
        line.receive(Line.frame(request))
        #expect(line.takeOutcomes().count == 1)
        #expect(line.poller.counters.timeouts == 0)
    }

    /// Twice the time-out later it says nothing about now.
    @Test(arguments: [Request.deviceStatus, .charge])
    func veryLateWakeUpDropsTheBytes(request: Request) {
        let line = Line.settled()
        #expect(line.step(to: request))
        _ = line.takeOutcomes()
        line.now = line.now + .milliseconds(1000)
        line.receive(Line.frame(request))
        #expect(line.takeOutcomes() == [.missed(request)])
        #expect(line.step() == .deviceStatus)
    }

    /// A late answer that looks like the answer to the question after it: the last one counts.
    @Test func lateStatusIsNotTakenForANewOne() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        _ = line.takeOutcomes()
        line.receive(Line.status(Line.present))
        #expect(line.takeOutcomes() == [], "held: it could be the late one")
        let marker = line.step()
        #expect(marker != nil && marker != .deviceStatus)
        line.receive(Line.status(PollerFaultTests.failing))
        #expect(line.takeOutcomes() == [])
        line.receive(Line.frame(marker ?? .charge))
        #expect(line.takeOutcomes().compactMap(\.status) == [PollerFaultTests.failing])
        // From here on the line is clean again.
        #expect(line.step(to: .deviceStatus))
        _ = line.takeOutcomes()
        line.receive(Line.status(Line.present))
        #expect(line.takeOutcomes() == [.status(Line.present)])
    }

    /// A busy host finds all of them at once.
    @Test func theLastOfThoseReadInOneGoCounts() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        _ = line.takeOutcomes()
        line.receive(
            Line.status(Line.present).bytes + Line.status(PollerFaultTests.failing).bytes)
        let marker = line.step() ?? .charge
        line.receive(Line.frame(marker))
        #expect(line.takeOutcomes().compactMap(\.status) == [PollerFaultTests.failing])
    }

    @Test func markerWithoutAnAnswerDropsTheHeldStatus() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(Line.present))
        let marker = line.step()
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        #expect(line.takeOutcomes().compactMap(\.status) == [])
        #expect(marker != .deviceStatus)
    }

    /// The answer to a marker may be late as well: the next one is of another kind.
    @Test func lateMarkerSettlesNothing() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(Line.present))
        let late = line.step() ?? .charge
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(Line.present))
        let marker = line.step() ?? .charge
        #expect(marker != late)
        _ = line.takeOutcomes()
        line.receive(Line.frame(late))
        #expect(line.takeOutcomes() == [])
        line.receive(Line.status(PollerFaultTests.failing))
        line.receive(Line.frame(marker))
        #expect(line.takeOutcomes().compactMap(\.status) == [PollerFaultTests.failing])
    }

    /// The late answer to another request ends nothing and proves nothing.
    @Test func lateValueIsNoStatus() {
        let line = Line.settled()
        #expect(line.step(to: .charge))
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        _ = line.takeOutcomes()
        line.receive(Line.frame(.charge))
        #expect(line.takeOutcomes() == [])
        #expect(line.poller.counters.invalidFrames == 1)
        line.receive(Line.status(PollerFaultTests.failing))
        #expect(line.takeOutcomes() == [.status(PollerFaultTests.failing)])
    }

    @Test(arguments: [
        Frame.unsupported.bytes, [0x01, 0x03, 0x01, 0x40, 0x04],
        [0x01, 0x05, 0x01, 0x40, 12, 0, 4],
        [0x01, 0x04, 0x41, 0x40, 12, 4], [0x01, 0x04, 0x01, 0x40, 12, 5], [0x01, 0x04, 0x01, 0x40],
        [0x00, 0xFF, 0x04], [0x01, 0x02, 0x01, 0x40, 12, 4],
    ])
    func invalidStatusIsSilence(bytes: [UInt8]) {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        _ = line.takeOutcomes()
        let sent = line.now
        line.receive(bytes)
        #expect(line.takeOutcomes() == [])
        #expect(line.step() == nil)
        #expect(line.poller.nextWake == sent + .milliseconds(500))
        line.now = sent + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        #expect(line.takeOutcomes() == [.missed(.deviceStatus)])
    }

    @Test func noiseBeforeTheAnswer() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        _ = line.takeOutcomes()
        line.receive([0x55, 0x01, 0xFF, 0x04] + Line.status(Line.present).bytes)
        #expect(line.takeOutcomes() == [.status(Line.present)])
        #expect(line.poller.counters.discardedBytes == 4)
    }

    @Test func answerNobodyAskedFor() {
        let line = Line.settled()
        line.run(for: .milliseconds(30))
        #expect(line.step() == nil)
        _ = line.takeOutcomes()
        line.receive(Line.status(PollerFaultTests.failing))
        #expect(line.takeOutcomes() == [])
        #expect(line.poller.counters.unsolicitedFrames == 1)
    }

    // MARK: What the device does not answer

    @Test func muteRequestIsAskedOnceAMinute() {
        let line = Line.settled()
        line.run(for: .seconds(10)) { $0 == .charge ? .silent : .good }
        var asked = line.sent.filter { $0.request == .charge }.map(\.time)
        #expect(asked.count == 3)
        let outcomes = line.takeOutcomes()
        #expect(outcomes.filter { $0 == .missed(.charge) }.count == 3)
        #expect(outcomes.filter { $0 == .gone(.charge) }.count == 1)
        #expect(outcomes.filter { $0 == .valuesFinished }.count >= 8, "the others go on")
        line.run(for: .seconds(120)) { $0 == .charge ? .silent : .good }
        asked = line.sent.filter { $0.request == .charge }.map(\.time)
        #expect(asked.count == 5)
        #expect(asked[3] - asked[2] >= .seconds(60) && asked[3] - asked[2] <= .seconds(62))
        line.run(for: .seconds(130))
        let before = line.sent.count
        line.run(for: .seconds(10))
        let back = line.sent.dropFirst(before).filter { $0.request == .charge }
        #expect(back.count == 10, "it answers again")
    }

    @Test func missesWithAnAnswerBetweenThemAreForgotten() {
        let line = Line.settled()
        var count = 0
        line.run(for: .seconds(20)) { request in
            guard request == .charge else { return .good }
            count += 1
            return count.isMultiple(of: 3) ? .good : .silent
        }
        #expect(!line.outcomes.contains(.gone(.charge)))
    }

    @Test func unsupportedTwiceIsNeverAskedAgain() {
        let line = Line.settled()
        line.run(for: .seconds(300)) { $0 == .charge ? Line.unsupported : .good }
        #expect(line.requests.filter { $0 == .charge }.count == 2)
        let told = line.takeOutcomes().filter { [.refused(.charge), .gone(.charge)].contains($0) }
        #expect(told == [.refused(.charge), .refused(.charge), .gone(.charge)])
        line.poller.open(at: line.now)
        line.run(for: .milliseconds(500))
        #expect(line.requests.filter { $0 == .charge }.count == 3, "perhaps another device")
    }

    @Test func oneStrayUnsupportedIsForgotten() {
        let line = Line.settled()
        var count = 0
        line.run(for: .seconds(10)) { request in
            guard request == .charge else { return .good }
            count += 1
            return count.isMultiple(of: 2) ? .good : Line.unsupported
        }
        #expect(line.requests.filter { $0 == .charge }.count == 10)
        #expect(!line.outcomes.contains(.gone(.charge)))
    }

    /// A device that knows nothing but its status is a device.
    @Test func nothingButTheStatus() {
        let line = Line()
        line.run(for: .seconds(30)) { $0 == .deviceStatus ? .good : Line.unsupported }
        #expect(line.takeOutcomes().compactMap(\.status).count > 250)
        func count(_ request: Request) -> Int { line.requests.filter { $0 == request }.count }
        for request in Lane.values + Lane.slow { #expect(count(request) == 2, "\(request)") }
        for request in Lane.identity { #expect(count(request) == 1, "\(request)") }
    }

    @Test func nothingAnswers() {
        let line = Line()
        line.run(for: .seconds(10)) { _ in .silent }
        #expect(line.requests == [Request](repeating: .deviceStatus, count: 20))
        #expect(line.poller.counters.timeouts == 19)
    }
}
