// Rule 15: when a measurement may start, and how it ends.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct MeasurementTests {
    private let start = BootTime(.seconds(10_000))

    private func at(_ seconds: Int) -> BootTime { start + .seconds(seconds) }

    @Test func mayStart() {
        #expect(Measurement().refusal(isIdle: true, link: .ok, charge: 100, at: start) == nil)
    }

    @Test func notInAnOutage() {
        let refusal = Measurement().refusal(isIdle: false, link: .ok, charge: 100, at: start)
        #expect(refusal == "There is an outage, or one ended moments ago.")
    }

    @Test(
        arguments: [
            (Link.stale, 100, "The link to the UPS is stale."),
            (.lost, 100, "The link to the UPS is lost."),
            (.ok, 99, "The capacitors must be full; the charge is 99 %."),
            (.ok, nil, "The capacitors must be full; the charge is not known."),
        ] as [(Link, Int?, String)])
    func refused(link: Link, charge: Int?, text: String) {
        let refusal = Measurement().refusal(isIdle: true, link: link, charge: charge, at: start)
        #expect(refusal?.text == text)
    }

    @Test func onceAnHour() {
        var measurement = Measurement()
        measurement.ask(at: start)
        func refusal(_ seconds: Int) -> Message? {
            measurement.refusal(isIdle: true, link: .ok, charge: 100, at: at(seconds))
        }
        #expect(refusal(1) == "A measurement is already running.")
        #expect(measurement.take([.measurementActive], at: at(2)) == nil)
        #expect(measurement.take([.capacitanceDone, .esrDone], at: at(60)) == .done)
        let again = "The last measurement was less than an hour ago; again in 1 s."
        #expect(refusal(3599)?.text == again)
        #expect(refusal(3600) == nil)
    }

    /// A device whose answers are all too late would let it wait for ever.
    @Test func whatWaitsForItsTurnIsRefusedInTheEnd() {
        let pending = PendingCommand(Command(.measure, from: .control), 1, at: start)
        #expect(pending.refusal(at: start + .milliseconds(4999)) == nil)
        #expect(pending.refusal(at: at(5)) == "The answers of the UPS are too late for this.")
    }

    /// However seldom it is asked otherwise.
    @Test func whatWasMeasuredIsReadAtOnce() {
        var setup = Watch.Setup()
        setup.intervals.slow = .seconds(3600)
        let post = Post(setup)
        func monitor(_ status: MonitorStatus) {
            let word = status.rawValue
            post.payloads[.monitorStatus] = [UInt8(word & 0xFF), UInt8(word >> 8)]
        }
        post.run(for: .seconds(10))
        #expect(post.snapshot.reading.capacitance?.millifarads == 25_000)
        _ = post.submit(.measure)
        post.run(for: .milliseconds(500))
        monitor(.measurementActive)
        post.run(for: .seconds(5))
        post.payloads[.capacitance] = [24, 0]
        monitor([.capacitanceDone, .esrDone])
        post.run(for: .seconds(8))
        #expect(post.names.contains("measurement_done"))
        #expect(post.snapshot.reading.capacitance?.millifarads == 24_000)
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

    private func refusal(_ measurement: Measurement, _ seconds: Int) -> Message? {
        measurement.refusal(isIdle: true, link: .ok, charge: 100, at: at(seconds))
    }

    /// It took nothing out of the capacitors.
    @Test func refusedByTheUPS() {
        var measurement = Measurement()
        measurement.ask(at: start)
        measurement.refused()
        #expect(refusal(measurement, 1) == "A measurement is already running.")
        let outcome = measurement.take([.powerReturned], at: at(1))
        #expect(outcome == .failed("The UPS did not accept the measurement."))
        #expect(refusal(measurement, 2) == nil)
    }

    /// A stray "unsupported": the UPS measures all the same.
    @Test func refusedAndDoneAllTheSame() {
        var measurement = Measurement()
        measurement.ask(at: start)
        measurement.refused()
        #expect(measurement.take([.measurementActive], at: at(1)) == nil)
        #expect(measurement.take([.capacitanceDone, .esrDone], at: at(60)) == .done)
        #expect(
            refusal(measurement, 61)?.text.hasPrefix("The last measurement was less than") == true)
    }

    /// Results may be its own: it is not asked for again within the hour.
    @Test func refusedWithResultsCounts() {
        var measurement = Measurement()
        measurement.ask(at: start)
        measurement.refused()
        let outcome = measurement.take([.capacitanceDone], at: at(1))
        #expect(outcome == .failed("The UPS did not accept the measurement."))
        #expect(
            refusal(measurement, 2)?.text.hasPrefix("The last measurement was less than") == true)
    }

    @Test(arguments: [(true, 10, "did not accept the measurement"), (false, 910, "did not end")])
    func aMonitorRegisterThatIsNotTold(isRefused: Bool, seconds: Int, text: String) {
        var measurement = Measurement()
        measurement.ask(at: start)
        if isRefused { measurement.refused() }
        #expect(measurement.expire(at: at(seconds - 1)) == nil)
        guard case .failed(let said) = measurement.expire(at: at(seconds)) else {
            Issue.record("it goes on")
            return
        }
        #expect(said.text.contains(isRefused ? "The UPS did not accept" : text))
        #expect(!measurement.isRunning)
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
        let text: Message = "The link was lost during the measurement."
        #expect(measurement.linkLost() == .failed(text))
        #expect(!measurement.isRunning)
    }
}
