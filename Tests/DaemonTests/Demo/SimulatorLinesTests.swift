// What the dashboard of a demo tells the simulated UPS.

import Simulator
import Testing

@testable import Daemon

struct SimulatorLinesTests {
    @Test func linesArriveInOrderAndOnce() throws {
        let lines = try SimulatorLines()
        #expect(lines.submit("power off").isAccepted)
        #expect(lines.submit(" load 2.5 ").isAccepted)
        #expect(lines.take() == [.power(false), .load(amperes: 2.5)])
        #expect(lines.take() == [])
    }

    @Test(arguments: ["", "   ", "power", "load 11", "charge x", "rm -rf /"])
    func wrongOnesAreRefused(text: String) throws {
        let lines = try SimulatorLines()
        let result = lines.submit(text)
        #expect(!result.isAccepted && !result.message.text.isEmpty)
        #expect(lines.take() == [])
    }

    @Test func noMoreThanFitAreKept() throws {
        let lines = try SimulatorLines()
        let taken = (0..<100).filter { _ in lines.submit("power on").isAccepted }
        #expect(taken.count == lines.take().count && taken.count < 100)
        #expect(lines.submit("power on").isAccepted)
    }
}
