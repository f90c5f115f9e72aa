// Contradictions and warnings: told once, confirmed first, deciding nothing.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct PlausibilityTests {
    private let now = BootTime(.seconds(100))
    private let good: DeviceStatus = [.powerPresent, .batteryPresent]

    private func reading(volts: Double) -> Reading {
        var reading = Reading()
        reading.inputVoltage = Voltage(volts: volts)
        return reading
    }

    private func round(_ checks: inout PlausibilityChecks, volts: Double) -> Message? {
        checks.note(.inputVoltage)
        defer { checks.finishRound() }
        return checks.compare(reading(volts: volts), rating: Rating())
    }

    /// Nominal 12.4 V: below half there is no input, above nine tenths there is.
    @Test(arguments: [
        (true, 12.6, false), (true, 6.2, false), (true, 6.1, true), (true, 0, true),
        (false, 0.1, false), (false, 11.1, false), (false, 11.2, true), (false, 12.6, true),
    ])
    func contradiction(isPresent: Bool, volts: Double, differs: Bool) {
        var checks = PlausibilityChecks()
        _ = checks.take(isPresent ? good : [.batteryPresent], confirmations: 2, at: now)
        #expect(round(&checks, volts: volts) == nil)
        #expect((round(&checks, volts: volts) != nil) == differs)
        #expect(checks.findings.problems.isEmpty == !differs)
        #expect(round(&checks, volts: volts) == nil, "told once")
    }

    /// Two rounds begin it, a tenth more than needed or no load at all ends it.
    @Test func shortage() {
        var checks = PlausibilityChecks()
        let needed = Duration.seconds(25)
        func news(_ seconds: Double?) -> Bool {
            checks.compare(runtime: seconds.map { .seconds($0) }, needed: needed)
        }
        #expect(!news(24.9) && checks.findings.problems.isEmpty)
        #expect(!news(25) && !news(24.9), "not in a row")
        #expect(news(24.9))
        let text: Message =
            "At this load the UPS would not last for the 25 s that a shutdown of this host needs"
        #expect(checks.findings.problems == [text])
        #expect(!news(24) && !news(27.4), "told once")
        #expect(checks.findings.problems == [text])
        #expect(!news(27.5) && checks.findings.problems.isEmpty)
        #expect(!news(27.4) && !news(nil) && !news(1))
        #expect(checks.findings.problems.isEmpty)
        #expect(news(1))
    }

    /// With full capacitors it is an event; while they charge after an outage it is no news.
    @Test(arguments: [100, 60] as [UInt8])
    func shortageIsSaid(charge: UInt8) {
        let post = Post(answering: [.charge: [charge]])
        #expect(post.snapshot.problem == nil)
        post.payloads[.outputCurrent] = [0x88, 0x13]
        post.run(for: .seconds(10))
        #expect(post.snapshot.problem?.contains("would not last") == true)
        #expect(post.names == (charge == 100 ? ["warning"] : []))
        #expect(!post.runs && post.shutdown.phase == .idle)
        post.payloads[.outputCurrent] = [100, 0]
        post.run(for: .seconds(10))
        #expect(post.snapshot.problem == nil)
    }

    @Test func contradictionEnds() {
        var checks = PlausibilityChecks()
        _ = checks.take(good, confirmations: 2, at: now)
        _ = round(&checks, volts: 0)
        let text = "The UPS says input power is present, but measures 0.0 V; the flag decides"
        #expect(round(&checks, volts: 0)?.text == text)
        #expect(round(&checks, volts: 12) == nil)
        #expect(checks.findings.problems.isEmpty)
    }

    @Test func changeOfTheFlagStartsAnew() {
        var checks = PlausibilityChecks()
        _ = checks.take(good, confirmations: 2, at: now)
        #expect(round(&checks, volts: 0.1) == nil)
        _ = checks.take([.batteryPresent], confirmations: 2, at: now)
        _ = checks.take(good, confirmations: 2, at: now)
        #expect(round(&checks, volts: 0.1) == nil)
    }

    @Test func onlyAFreshVoltageCounts() {
        var checks = PlausibilityChecks()
        _ = checks.take(good, confirmations: 2, at: now)
        for _ in 0..<5 {
            #expect(checks.compare(reading(volts: 0), rating: Rating()) == nil)
        }
    }

    @Test func overcurrent() {
        var checks = PlausibilityChecks()
        let over = good.union(.overcurrent)
        func names(_ status: DeviceStatus) -> [Event.Name] {
            checks.take(status, confirmations: 2, at: now).map { [$0.0] } ?? []
        }
        #expect(names(good) == [] && names(good) == [])
        #expect(names(over) == [])
        #expect(names(good) == [], "one reading is none")
        #expect(names(over) == [] && names(over) == [.overcurrentOn] && names(over) == [])
        #expect(checks.findings.problems == ["Overcurrent at the output"])
        #expect(names(good) == [] && names(good) == [.overcurrentOff])
        #expect(checks.findings.problems == [])
    }

    @Test(
        arguments: [
            ([.powerPresent], "The UPS reports no battery"),
            ([.powerPresent, .batteryPresent, .shutdownSet], "The UPS's shutdown flag is set"),
        ] as [(DeviceStatus, String)])
    func problems(status: DeviceStatus, text: String) {
        var checks = PlausibilityChecks()
        _ = checks.take(status, confirmations: 2, at: now)
        #expect(checks.findings.problems == [])
        _ = checks.take(status, confirmations: 2, at: now)
        #expect(checks.findings.problems == [Message(text)])
        checks.reset()
        #expect(checks.findings.problems == [])
    }
}
