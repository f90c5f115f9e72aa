// What NUT's clients see of the UPS in each state. upsmon acts on the status: it is a table here.

import Testing

@testable import NUT
@testable import Report
@testable import UPS

@Suite struct NUTReportTests {
    /// Nil: an error instead.
    private static let words: [State: String?] = [
        .online: "OL CHRG", .confirming: "OL CHRG", .pending: "OB DISCHRG",
        .cancelled: "OB DISCHRG", .lowBattery: "OB LB DISCHRG", .committed: "FSD OB LB DISCHRG",
        .noBattery: "OL CHRG", .overcurrent: "OL CHRG OVER", .worn: "OL CHRG RB",
        .aged: "OL CHRG RB", .unloaded: "OL CHRG", .measuring: "OL CHRG", .lostOnLine: nil,
        .lostOnBattery: "OB DISCHRG", .lostCommitted: "FSD OB LB DISCHRG", .nothingKnown: nil,
        .drill: "OL CHRG", .dryRunCommitted: "OB DISCHRG", .onlyStatusKnown: "OL CHRG",
        .hostileTexts: "OL CHRG",
    ]

    @Test(arguments: State.allCases) func status(state: State) throws {
        let words = try #require(NUTReportTests.words[state])
        let report = NUTReport(state.snapshot, names: NUTNames())
        #expect(report.value(of: "ups.status") == words)
        #expect((report.absence == nil) == (words != nil))
    }

    /// The other machines stay up: whatever else is known.
    @Test(arguments: State.allCases) func onlyARealShutdownIsForced(state: State) {
        let snapshot = state.snapshot
        let words = (NUTStatus.words(snapshot) ?? "").split(separator: " ")
        #expect(words.contains("FSD") == [.committed, .lostCommitted].contains(state))
        for word in words {
            let allowed = ["OL", "OB", "LB", "CHRG", "DISCHRG", "OVER", "FSD", "RB"]
            #expect(allowed.contains(String(word)))
        }
        if snapshot.isDrill || snapshot.policy.dryRun { #expect(!words.contains("LB")) }
        if words.contains("RB") { #expect(words.contains("OL")) }
    }

    /// Who counts since the battery got low does not begin anew.
    @Test func aLowBatteryStaysLowWithoutALink() {
        var snapshot = State.lostOnBattery.snapshot
        snapshot.isLowBattery = true
        #expect(NUTStatus.words(snapshot) == "OB LB DISCHRG")
        snapshot.policy.dryRun = true
        #expect(NUTStatus.words(snapshot) == "OB DISCHRG")
    }

    /// With the link everything of before is gone, but for who it is.
    @Test func withoutALinkThereAreNoMeasurements() {
        let report = NUTReport(State.lostOnBattery.snapshot, names: NUTNames())
        #expect(report.value(of: "ups.status") == "OB DISCHRG")
        #expect(report.value(of: "ups.serial") == "A1B2C3")
        for name in [
            "battery.charge", "input.voltage", "battery.runtime", "ups.load", "ups.test.result",
        ] {
            #expect(report.value(of: name) == nil, "\(name)")
        }
    }

    /// Another device would be made of it.
    @Test func aSerialNumberIsNotGuessed() {
        var snapshot = State.online.snapshot
        (snapshot.identity.serial, snapshot.capacitorsWhenNew) = (nil, nil)
        func serial() -> String? {
            NUTReport(snapshot, names: NUTNames()).value(of: "device.serial")
        }
        #expect(serial() == nil)
        snapshot.hasIdentity = true
        #expect(serial() == "UPS-workhorse")
    }

    @Test func everything() {
        let report = NUTReport(State.online.snapshot, names: NUTNames())
        #expect(report.list(of: "ups") == NUTReportTests.golden)
        #expect(
            report.list(of: "QnapUPS")
                == NUTReportTests.golden.replacing("VAR ups", with: "VAR QnapUPS"))
    }

    /// Numbers have the same decimals in every state, texts nothing that ends a value.
    @Test(arguments: State.allCases) func forms(state: State) {
        let report = NUTReport(state.snapshot, names: NUTNames())
        for variable in NUTVariable.all {
            guard let value = report.value(of: variable.name) else { continue }
            #expect(!value.isEmpty && value.utf8.count <= NUTVariable.longestValue)
            #expect(value.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(value)")
            #expect(!value.contains { "\"\\#".contains($0) }, "\(variable.name) \(value)")
            guard variable.kind == .number else { continue }
            #expect(value.wholeMatch(of: /-?[0-9]+(\.[0-9]+)?/) != nil, "\(variable.name)")
            let usual = NUTReport(State.online.snapshot, names: NUTNames())
            guard let known = usual.value(of: variable.name) else { continue }
            let decimals = { (text: String) in text.split(separator: ".").dropFirst().first?.count }
            #expect(decimals(value) == decimals(known), "\(variable.name)")
        }
    }

    private static let golden = """
        VAR ups battery.charge "100"
        VAR ups battery.charge.low "25"
        VAR ups battery.charge.restart "90"
        VAR ups battery.charger.status "charging"
        VAR ups battery.current "0.012"
        VAR ups battery.runtime "325"
        VAR ups battery.runtime.low "30"
        VAR ups battery.type "SUC-1011"
        VAR ups battery.voltage "10.400"
        VAR ups battery.voltage.cell.max "2.601"
        VAR ups battery.voltage.cell.min "2.599"
        VAR ups battery.voltage.low "5.2"
        VAR ups battery.voltage.nominal "10.4"
        VAR ups device.mfr "Bicker Elektronik GmbH"
        VAR ups device.model "UPSIC Series"
        VAR ups device.serial "A1B2C3"
        VAR ups device.type "ups"
        VAR ups driver.name "ups-server"
        VAR ups driver.state "quiet"
        VAR ups driver.version "2.0.0"
        VAR ups experimental.battery.capacitance "37.50"
        VAR ups experimental.battery.capacitance.new "40.00"
        VAR ups experimental.battery.cell.1.voltage "2.601"
        VAR ups experimental.battery.cell.2.voltage "2.600"
        VAR ups experimental.battery.cell.3.voltage "2.599"
        VAR ups experimental.battery.cell.4.voltage "2.600"
        VAR ups experimental.battery.esr "18"
        VAR ups experimental.battery.esr.new "15"
        VAR ups experimental.shutdown.delay "15"
        VAR ups experimental.shutdown.phase "idle"
        VAR ups experimental.ups.hardware "3"
        VAR ups input.current "0.004"
        VAR ups input.realpower "0.1"
        VAR ups input.voltage "12.6"
        VAR ups input.voltage.nominal "12.4"
        VAR ups output.current "0.310"
        VAR ups output.realpower "3.9"
        VAR ups output.voltage "12.448"
        VAR ups ups.delay.shutdown "60"
        VAR ups ups.delay.start "8"
        VAR ups ups.firmware "1.2.0"
        VAR ups ups.load "6.2"
        VAR ups ups.mfr "Bicker Elektronik GmbH"
        VAR ups ups.model "UPSIC Series"
        VAR ups ups.realpower "3.9"
        VAR ups ups.realpower.nominal "62"
        VAR ups ups.serial "A1B2C3"
        VAR ups ups.status "OL CHRG"
        VAR ups ups.temperature "28"
        VAR ups ups.test.result "OK"
        VAR ups ups.timer.shutdown "-1"
        END LIST VAR ups

        """
}
