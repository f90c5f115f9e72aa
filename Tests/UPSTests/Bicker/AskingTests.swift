// Whose turn it is on a line that has no room for everything, and what failures say.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct AskingTests {
    /// All that is known is due again before it has been asked: the line never rests.
    private static let busy = PollIntervals(values: .milliseconds(10))

    /// Told differently each time, a value stays unknown: it has most of the turns, but not all.
    @Test func whatIsNotKnownHasMostTurns() {
        let line = Line.settled(AskingTests.busy)
        line.run(for: .milliseconds(9400))
        #expect(line.step(to: .capacitance))
        let before = line.sent.count
        for _ in 0..<100 {
            line.now = line.now + Line.exchange
            line.receive(Line.frame(.capacitance))
            line.poller.askAgain(.capacitance, at: line.now)
            #expect(line.step(to: .capacitance))
        }
        let others = line.requests.dropFirst(before).filter {
            $0 != .capacitance && $0 != .deviceStatus
        }
        #expect((20...30).contains(others.count))
    }

    /// Also between two requests for the status.
    @Test func aRoundBeginsWhenItIsDue() {
        let line = Line.settled(
            PollIntervals(status: .milliseconds(500), values: .milliseconds(200)))
        line.run(for: .seconds(2))
        #expect(line.requests.filter { $0 == .outputVoltage }.count == 10)
    }

    /// Another program may have set it, and another UPS may have been plugged in.
    @Test func whatSeldomChangesIsAskedEveryFiveMinutes() {
        let line = Line.settled()
        line.run(for: .seconds(605))
        for request in Request.identity + Request.settings {
            #expect(line.requests.filter { $0 == request }.count == 2, "\(request)")
        }
    }

    /// A marker that is not answered settles nothing and costs a time-out.
    @Test func aMarkerIsWhatWasAnsweredBefore() {
        let line = Line.settled()
        line.run(for: .seconds(5)) { $0 == .outputVoltage ? .silent : .good }
        var statuses = 0
        var isHeld = false
        var markers: [Request] = []
        line.run(for: .seconds(30)) { request in
            guard request != .deviceStatus else {
                statuses += 1
                isHeld = statuses.isMultiple(of: 2)
                return isHeld ? .good : .silent
            }
            if isHeld { markers.append(request) }
            isHeld = false
            return request == .outputVoltage ? .silent : .good
        }
        #expect(markers.count > 20 && !markers.contains(.outputVoltage))
    }

    // MARK: Failures

    private static func fail(_ request: Request, on line: Line) {
        #expect(line.step(to: request))
        line.now = line.now + .milliseconds(500)
        _ = line.step()
        line.receive(Line.frame(.deviceStatus))
    }

    @Test func afterThreeInARowItIsGivenUp() {
        let line = Line.settled()
        for count in 1...3 {
            AskingTests.fail(.charge, on: line)
            #expect(line.poller.hasGivenUp(.charge) == (count == 3))
            #expect(line.takeOutcomes().contains(.gone(.charge)) == (count == 3))
            #expect(line.poller.knows(.charge) == (count < 3))
        }
        line.run(for: .seconds(5))
        #expect(!line.poller.hasGivenUp(.charge) && line.poller.knows(.charge), "told all the same")
    }

    /// One that was told before is known until then, one from long ago is not.
    @Test(arguments: [(13, false), (16, true)])
    func whatWasToldLongAgoIsGoneAtOnce(seconds: Int, isGone: Bool) {
        let line = Line.settled()
        line.run(for: .seconds(1))
        line.now = line.now + .seconds(seconds)
        AskingTests.fail(.charge, on: line)
        #expect(line.takeOutcomes().contains(.gone(.charge)) == isGone)
    }

    @Test func failuresBeforeTheLinkWasLostAreForgotten() {
        let line = Line.settled()
        AskingTests.fail(.charge, on: line)
        AskingTests.fail(.charge, on: line)
        line.poller.askEverything(at: line.now)
        AskingTests.fail(.charge, on: line)
        AskingTests.fail(.charge, on: line)
        #expect(!line.takeOutcomes().contains(.gone(.charge)))
        AskingTests.fail(.charge, on: line)
        #expect(line.takeOutcomes().contains(.gone(.charge)))
    }

    // MARK: A link that comes back

    /// Moments later what was told still holds; what is older does not.
    @Test(arguments: [(5, true), (12, true), (20, false)])
    func aLinkThatComesBack(seconds: Int, isKnown: Bool) {
        let post = Post()
        post.run(for: .seconds(10))
        post.isMute = true
        post.run(for: .seconds(seconds))
        #expect(post.snapshot.link == .lost && post.snapshot.reading.batteryCharge == nil)
        post.mute = [.charge]
        post.answerAgain()
        #expect((post.snapshot.reading.batteryCharge == 100) == isKnown)
    }

    /// What the device did not tell any more before the link was lost is not known after it.
    @Test func whatWasGoneStaysGone() {
        let post = Post()
        post.run(for: .seconds(10))
        post.mute = [.charge]
        post.run(for: .seconds(4))
        #expect(post.snapshot.reading.batteryCharge == nil)
        post.isMute = true
        post.run(for: .seconds(4))
        #expect(post.snapshot.link == .lost)
        post.answerAgain()
        #expect(post.snapshot.reading.batteryCharge == nil)
    }

    /// Behind a port that was opened there may be another UPS.
    @Test func aPortThatIsOpenedAnew() {
        let post = Post()
        post.run(for: .seconds(10))
        post.closePort()
        post.mute = [.charge]
        post.openPort()
        post.run(for: .milliseconds(300))
        #expect(post.snapshot.link == .ok && post.snapshot.reading.batteryCharge == nil)
    }
}
