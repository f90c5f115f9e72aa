// Silence, noise, late answers and features that are missing.

import Testing

@testable import Bicker
@testable import Monitoring
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

    /// Twice the time-out later it says nothing about now: no reading, no value.
    @Test(arguments: [Request.deviceStatus, .charge])
    func veryLateWakeUpDropsTheBytes(request: Request) {
        let line = Line.settled()
        #expect(line.step(to: request))
        _ = line.takeOutcomes()
        line.now = line.now + .milliseconds(1000)
        line.receive(Line.frame(request))
        let told: [Poller.Outcome] =
            request == .deviceStatus ? [.unproven(Line.present)] : []
        #expect(line.takeOutcomes() == [.missed(request)] + told)
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

    /// What was held may be old: it is told, and is no reading.
    @Test(arguments: [Line.present, failing])
    func markerWithoutAnAnswerDropsTheHeldStatus(status: DeviceStatus) {
        let (line, marker) = lineWithAMarker(holding: status)
        line.now = line.now + .milliseconds(500)
        let next = line.step()
        #expect(marker != .deviceStatus && next != .deviceStatus && next != marker)
        let outcomes = line.takeOutcomes()
        #expect(outcomes.contains(.unproven(status)))
        #expect(outcomes.compactMap(\.status) == [])
        line.receive(Line.frame(next ?? .charge))
        #expect(line.takeOutcomes().compactMap(\.status) == [], "nothing is left to settle")
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(status))
        #expect(line.takeOutcomes() == [.status(status)], "nothing is on its way any more")
    }

    /// After a second of silence no status answer is on its way.
    @Test func noMarkerIsAnswered() {
        let (line, first) = lineWithAMarker(holding: PollerFaultTests.failing)
        let held = line.now
        line.now = held + .milliseconds(500)
        let second = line.step()
        #expect(second != .deviceStatus && second != first)
        line.now = held + .milliseconds(1000)
        #expect(line.step() == .deviceStatus)
        _ = line.takeOutcomes()
        line.receive(Line.status(Line.present))
        #expect(line.takeOutcomes() == [.status(Line.present)], "believed at once")
    }

    /// A status went unanswered, the next one is answered and held; the marker was just sent.
    private func lineWithAMarker(holding status: DeviceStatus) -> (Line, Request?) {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        line.now = line.now + .milliseconds(500)
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(status))
        let marker = line.step()
        _ = line.takeOutcomes()
        return (line, marker)
    }

    /// The answer to a marker may be late as well: the next one is of another kind.
    @Test func lateMarkerSettlesNothing() {
        let (line, first) = lineWithAMarker(holding: Line.present)
        let late = first ?? .charge
        line.now = line.now + .milliseconds(500)
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

    private func times(of request: Request, in line: Line) -> [BootTime] {
        line.sent.filter { $0.request == request }.map(\.time)
    }

    /// Three times at once, so that one garbled request counts for little, and then for ever, but
    /// ever less often: each time costs the line a time-out.
    @Test(arguments: [true, false])
    func whatIsMuteIsAskedForEver(wasTold: Bool) {
        let line = wasTold ? Line.settled() : Line()
        line.run(for: .seconds(5)) { $0 == .charge ? .silent : .good }
        #expect(line.takeOutcomes().contains(.gone(.charge)))
        line.run(for: .seconds(7200)) { $0 == .charge ? .silent : .good }
        let asked = times(of: .charge, in: line)
        let pauses = zip(asked, asked.dropFirst()).map { $1 - $0 }
        #expect(pauses[0] < .seconds(2) && pauses[1] < .seconds(2))
        let longest = Duration.seconds(wasTold ? 60 : 300)
        for pause in pauses.dropFirst(100) { #expect(pause >= longest) }
        for pause in pauses { #expect(pause <= longest + .seconds(2)) }
        let rounds = line.takeOutcomes().filter { $0 == .valuesFinished }
        #expect(rounds.count >= 7100, "the others go on")
        let before = line.sent.count
        line.run(for: longest + .seconds(20))
        let back = line.sent.dropFirst(before).filter { $0.request == .charge }
        #expect(back.count >= 10, "it answers again, and has its turn again")
    }

    /// On a line that loses every other answer nothing is unknown for long.
    @Test func whatWasToldIsAskedMoreOften() {
        let line = Line.settled()
        line.run(for: .seconds(60)) { $0 == .charge ? .silent : .good }
        #expect(times(of: .charge, in: line).count >= 12)
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

    /// A garbled request is refused by a device that knows it well.
    @Test func whatIsRefusedIsAskedForEver() {
        let line = Line.settled()
        line.run(for: .seconds(7200)) { $0 == .charge ? Line.unsupported : .good }
        let asked = times(of: .charge, in: line)
        for (one, next) in zip(asked, asked.dropFirst()) { #expect(next - one <= .seconds(62)) }
        let told = line.takeOutcomes().filter { [.refused(.charge), .gone(.charge)].contains($0) }
        let refused = Poller.Outcome.refused(.charge)
        #expect(told.prefix(4) == [refused, refused, refused, .gone(.charge)])
        line.poller.askEverything(at: line.now)
        line.run(for: .milliseconds(500))
        #expect(times(of: .charge, in: line).count >= asked.count + 1, "a link that is new")
    }

    @Test func oneStrayUnsupportedIsForgotten() {
        let line = Line.settled()
        var count = 0
        line.run(for: .seconds(10)) { request in
            guard request == .charge else { return .good }
            count += 1
            return count.isMultiple(of: 2) ? .good : Line.unsupported
        }
        #expect(line.requests.filter { $0 == .charge }.count == 20, "each time once more")
        #expect(!line.outcomes.contains(.gone(.charge)))
    }

    /// A device that knows nothing but its status is a device.
    @Test func nothingButTheStatus() {
        let line = Line()
        line.run(for: .seconds(30)) { $0 == .deviceStatus ? .good : Line.unsupported }
        #expect(line.takeOutcomes().compactMap(\.status).count > 250)
        func count(_ request: Request) -> Int { line.requests.filter { $0 == request }.count }
        for request in Request.values + Request.slow + Request.identity {
            #expect((4...8).contains(count(request)), "\(request)")
        }
    }

    @Test func nothingAnswers() {
        let line = Line()
        line.run(for: .seconds(10)) { _ in .silent }
        #expect(line.requests == [Request](repeating: .deviceStatus, count: 20))
        #expect(line.poller.counters.timeouts == 19)
    }
}
