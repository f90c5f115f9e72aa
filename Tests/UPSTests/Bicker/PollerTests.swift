// What is asked, and when.

import Testing

@testable import Bicker
@testable import UPS

@Suite struct PollerTests {
    @Test func closedUntilOpened() {
        var poller = Poller(PollIntervals())
        #expect(poller.step(at: BootTime(.seconds(1))) == nil)
        #expect(poller.nextWake == nil)
        poller.open(at: BootTime(.seconds(2)))
        #expect(poller.step(at: BootTime(.seconds(2))) == .send(.deviceStatus))
        poller.close()
        #expect(poller.nextWake == nil)
        #expect(poller.step(at: BootTime(.seconds(3))) == nil)
    }

    /// Before the line can have brought a whole answer nobody need be woken.
    @Test func quietUntilAnAnswerMayHaveCome() {
        let line = Line()
        #expect(line.poller.quietUntil == nil)
        #expect(line.step(to: .charge))
        let bytes = Line.frame(.charge).bytes
        let request = Request.charge.frame.length
        #expect(line.poller.quietUntil == line.now + Frame.time(ofBytes: request + 5))
        line.now = line.now + .milliseconds(4)
        line.receive([bytes[0]])
        #expect(line.poller.quietUntil == line.now + Frame.time(ofBytes: 3), "four more at least")
        line.receive([bytes[1]])
        #expect(line.poller.quietUntil == line.now + Frame.time(ofBytes: bytes.count - 3))
        line.receive(Array(bytes[2...]))
        #expect(line.poller.quietUntil == nil)
        #expect(line.step(to: .charge))
        #expect(line.poller.quietUntil == line.now + Line.exchange, "as the fastest answer")
    }

    /// Whoever looks too early looks twice: once is enough to learn how long it really takes.
    @Test func quietAsLongAsAnswersUsuallyTake() {
        let line = Line.settled()
        let late = Line.exchange + Duration(nanoseconds: 300_000)
        func quiet(until moment: Duration, looking: Bool) -> Duration? {
            guard line.step(to: .deviceStatus), let quiet = line.poller.quietUntil else {
                return nil
            }
            let (asked, answer) = (line.now, Line.status(Line.present).bytes)
            line.now = quiet
            if looking { line.receive([]) }
            #expect(line.poller.quietUntil == quiet, "nothing was there")
            line.now = asked + moment
            line.receive(answer)
            return quiet - asked
        }
        #expect(quiet(until: late, looking: true) == Line.exchange)
        #expect(quiet(until: late, looking: false) == late)
        let lengths = (0..<100).compactMap { _ in quiet(until: late, looking: false) }
        #expect(lengths.contains(Line.exchange), "forgotten in steps")
        #expect(quiet(until: .milliseconds(80), looking: true).map { $0 < late } == true)
        let most = Line.exchange + Duration(nanoseconds: 500_000)
        #expect(quiet(until: most, looking: false) == most, "one slow answer is not waited for")
    }

    /// A host that was busy during the first answer has learnt nothing about the line.
    @Test func oneSlowFirstAnswerDelaysNothing() {
        let line = Line()
        #expect(line.step() == .deviceStatus)
        line.now = line.now + .milliseconds(400)
        line.receive(Line.status(Line.present))
        #expect(line.step(to: .deviceStatus))
        let least = Frame.time(ofBytes: Request.deviceStatus.frame.length + 5)
        #expect(line.poller.quietUntil == line.now + least + .milliseconds(20))
    }

    @Test func statusFirstThenEverything() {
        let line = Line()
        line.run(for: .milliseconds(400))
        let others = line.requests.filter { $0 != .deviceStatus }
        #expect(line.requests.first == .deviceStatus)
        #expect(Set(others) == PollerTests.all)
        #expect(others.prefix(Request.values.count).elementsEqual(Request.values))
    }

    private static let all = Set(
        Request.values + Request.identity + Request.slow + Request.settings)

    /// The first status may be the answer to what another process has asked.
    @Test func firstStatusWaitsForAMarker() {
        let line = Line()
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status([.batteryPresent]))
        #expect(line.takeOutcomes() == [])
        #expect(line.step() == .outputVoltage)
        line.receive(Line.frame(.outputVoltage))
        let voltage = Reply.voltage(Voltage(millivolts: 100))
        #expect(
            line.takeOutcomes() == [.status([.batteryPresent]), .reply(.outputVoltage, voltage)])
        #expect(line.poller.counters.replies == 2)
    }

    @Test func statusEveryInterval() {
        let line = Line.settled()
        line.run(for: .seconds(5))
        let times = line.sent.filter { $0.request == .deviceStatus }.map(\.time)
        #expect(times.count == 50)
        // At most one other exchange may be in the way.
        for (one, next) in zip(times, times.dropFirst()) {
            #expect(next - one <= .milliseconds(100) + Line.exchange)
        }
    }

    @Test func lanesKeepTheirIntervals() {
        let line = Line.settled()
        line.run(for: .seconds(60))
        func count(_ request: Request) -> Int { line.requests.filter { $0 == request }.count }
        for request in Request.values { #expect(count(request) == 60, "\(request)") }
        for request in Request.slow { #expect(count(request) == 6, "\(request)") }
        for request in Request.identity + Request.settings {
            #expect(count(request) == 0, "\(request)")
        }
        let rounds = line.outcomes.filter { $0 == .valuesFinished }
        #expect(rounds.count == 60)
    }

    @Test func continuousStatusLetsOthersThrough() {
        let line = Line(PollIntervals(status: .zero))
        line.run(for: .seconds(2))
        let others = line.requests.filter { $0 != .deviceStatus }
        #expect(others.count >= Request.values.count + PollerTests.all.count)
        #expect(line.requests.count > 480, "no pause")
        for (one, next) in zip(line.requests, line.requests.dropFirst()) {
            #expect(one == .deviceStatus || next == .deviceStatus, "\(one), \(next)")
        }
    }

    @Test func askedStatusComesNext() {
        let line = Line.settled()
        line.run(for: .milliseconds(30))
        #expect(line.step() == nil)
        let asked = line.sent.count
        line.poller.askStatus()
        #expect(line.poller.nextWake == BootTime(.zero))
        #expect(line.step() == .deviceStatus)
        line.receive(Line.status(Line.present))
        #expect(line.takeOutcomes().contains(.status(Line.present)))
        // It has moved the next one, and does not add up with it.
        let time = line.now
        #expect(line.step() == nil)
        line.run(for: .milliseconds(99))
        #expect(line.sent.count == asked + 1)
        line.run(for: .milliseconds(2))
        #expect(line.sent.last?.time == time + .milliseconds(100))
    }

    @Test func everythingIsAskedAnew() {
        let line = Line.settled()
        line.run(for: .milliseconds(30))
        line.poller.askEverything(at: line.now)
        line.run(for: .milliseconds(300))
        #expect(Set(line.requests).isSuperset(of: Request.values + Request.slow))
    }

    /// What says which UPS this is, too, but a link that flaps does not ask for it each time.
    @Test func whatIsRareIsAskedAnewOnceAMinute() {
        let line = Line.settled()
        line.run(for: .seconds(61))
        for _ in 0..<3 {
            line.poller.askEverything(at: line.now)
            line.run(for: .seconds(2))
        }
        for request in Request.identity + Request.settings {
            #expect(line.requests.filter { $0 == request }.count == 1, "\(request)")
        }
    }

    @Test func measurementComesNext() {
        let line = Line.settled()
        line.run(for: .milliseconds(30))
        line.poller.ask(.startMeasurement)
        #expect(line.step(to: .startMeasurement))
        line.receive(Line.frame(.startMeasurement))
        #expect(line.takeOutcomes().contains(.reply(.startMeasurement, .acknowledged)))
        line.run(for: .seconds(2))
        #expect(line.requests.filter { $0 == .startMeasurement }.count == 1)
    }

    @Test func oneRequestAtATime() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        #expect(line.step() == nil)
        #expect(line.poller.nextWake == line.now + .milliseconds(500))
    }

    @Test func answersInAnyPortions() {
        let line = Line.settled()
        #expect(line.step(to: .deviceStatus))
        for byte in Line.status(Line.present).bytes.dropLast() { line.receive([byte]) }
        #expect(line.takeOutcomes().compactMap(\.status) == [])
        line.receive([Frame.end])
        #expect(line.takeOutcomes() == [.status(Line.present)])
    }
}
