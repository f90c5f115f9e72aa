// Rule 15: when a measurement may start, and how it ends.

import Testing

@testable import UPS

@Suite struct MeasurementTests {
    private let start = BootTime(.seconds(10_000))

    private func at(_ seconds: Int) -> BootTime { start + .seconds(seconds) }

    @Test func mayStart() {
        #expect(Measurement().refusal(phase: .idle, link: .ok, charge: 100, at: start) == nil)
    }

    // Swift 6.0.3 crashes on a closure here.
    @Test(arguments: Set(Phase.allCases).subtracting([.idle]))
    func notInAnOutage(phase: Phase) {
        let refusal = Measurement().refusal(phase: phase, link: .ok, charge: 100, at: start)
        #expect(refusal == "There is an outage.")
    }

    @Test(
        arguments: [
            (Link.stale, 100, "The link to the UPS is stale."),
            (.lost, 100, "The link to the UPS is lost."),
            (.ok, 99, "The capacitors must be full; the charge is 99 %."),
            (.ok, nil, "The capacitors must be full; the charge is not known."),
        ] as [(Link, Int?, String)])
    func refused(link: Link, charge: Int?, text: String) {
        let refusal = Measurement().refusal(phase: .idle, link: link, charge: charge, at: start)
        #expect(refusal == text)
    }

    @Test func onceAnHour() {
        var measurement = Measurement()
        measurement.ask(at: start)
        func refusal(_ seconds: Int) -> String? {
            measurement.refusal(phase: .idle, link: .ok, charge: 100, at: at(seconds))
        }
        #expect(refusal(1) == "A measurement is already running.")
        #expect(measurement.take([.measurementActive], at: at(2)) == nil)
        #expect(measurement.take([.capacitanceDone, .esrDone], at: at(60)) == .done)
        let again = "The last measurement was less than an hour ago; again in 1 s."
        #expect(refusal(3599) == again)
        #expect(refusal(3600) == nil)
    }

    @Test(arguments: [MonitorStatus.measurementActive, .measurementScheduled, .measurementPending])
    func runs(status: MonitorStatus) {
        var measurement = Measurement()
        measurement.ask(at: start)
        #expect(measurement.take([.powerReturned], at: at(1)) == nil)
        #expect(measurement.take([status], at: at(2)) == nil)
        #expect(measurement.state == .running(since: start))
        #expect(measurement.take([.capacitanceDone, .esrDone], at: at(60)) == .done)
        #expect(!measurement.isRunning)
        #expect(measurement.take([.measurementActive], at: at(61)) == nil)
    }

    /// It took nothing out of the capacitors.
    @Test func refusedByTheUPS() {
        var measurement = Measurement()
        measurement.ask(at: start)
        #expect(measurement.refused() == .failed("The UPS did not accept the measurement."))
        let refusal = measurement.refusal(phase: .idle, link: .ok, charge: 100, at: at(1))
        #expect(refusal == nil)
    }

    @Test func neverStarted() {
        var measurement = Measurement()
        measurement.ask(at: start)
        #expect(measurement.take([.powerReturned], at: at(9)) == nil)
        let outcome = measurement.take([.powerReturned], at: at(10))
        #expect(outcome == .failed("The UPS did not start the measurement."))
    }

    @Test func resultsAreReadAfterTheEnd() {
        var measurement = Measurement()
        measurement.awaitResults(at: start)
        #expect(measurement.isRunning)
        let ended = [Request.charge, .esr, .capacitance].map { measurement.took($0) }
        #expect(ended == [false, false, true])
        #expect(!measurement.isRunning)
    }

    /// So short that no reading fell into it.
    @Test func unseen() {
        var measurement = Measurement()
        measurement.ask(at: start)
        #expect(measurement.take([.capacitanceDone], at: at(9)) == nil)
        #expect(measurement.take([.capacitanceDone], at: at(10)) == .done)
    }

    @Test(arguments: [MonitorStatus.capacitanceFailed, .esrFailed])
    func failed(status: MonitorStatus) {
        var measurement = Measurement()
        measurement.ask(at: start)
        #expect(measurement.take([.measurementActive], at: at(1)) == nil)
        #expect(measurement.take([status], at: at(2)) == .failed("The measurement failed."))
    }

    @Test func neverEnds() {
        var measurement = Measurement()
        measurement.ask(at: start)
        #expect(measurement.take([.measurementActive], at: at(899)) == nil)
        let end = measurement.take([.measurementActive], at: at(900))
        #expect(end == .failed("The measurement did not end."))
    }

    @Test func linkLost() {
        var measurement = Measurement()
        #expect(measurement.linkLost() == nil)
        measurement.ask(at: start)
        let text = "The link was lost during the measurement."
        #expect(measurement.linkLost() == .failed(text))
        #expect(!measurement.isRunning)
    }
}
