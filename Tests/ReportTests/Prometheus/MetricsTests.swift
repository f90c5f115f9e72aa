// The metrics: Prometheus' text format in every state, and nothing that is not known.

import Testing
import UPS

@testable import Report

@Suite struct MetricsTests {
    private func sinks() -> SinkCounters {
        var sinks = SinkCounters()
        (sinks.port.clients, sinks.port.nisClients) = (7, 2)
        sinks.port.webSocketClients = 1
        sinks.broker = BrokerCounters()
        return sinks
    }

    /// Name, labels and value of each sample; a line of another form is an issue.
    private func samples(_ text: String) -> [(name: String, sample: String, value: Double)] {
        var helped: String?
        var typed: String?
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap {
            line in
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP ") {
                helped = String(words[2])
                #expect(words.count == 4 && !line.hasSuffix("."), "\(line)")
                return nil
            }
            if line.hasPrefix("# TYPE ") {
                typed = String(words[2])
                #expect(typed == helped && ["gauge", "counter"].contains(words[3]), "\(line)")
                #expect((words[3] == "counter") == typed?.hasSuffix("_total"), "\(line)")
                return nil
            }
            let end = line.lastIndex(of: " ") ?? line.startIndex
            let name = String(line.prefix { $0 != "{" && $0 != " " })
            let value = Double(line[end...].dropFirst())
            #expect(name == typed && value != nil, "\(line)")
            return (name, String(line[..<end]), value ?? .nan)
        }
    }

    @Test(arguments: State.allCases) func everyStateCanBeRead(_ state: State) {
        let text = Metrics.text(state.snapshot, sinks())
        let samples = samples(text)
        #expect(text.hasSuffix("\n") && !samples.isEmpty)
        #expect(Set(samples.map(\.sample)).count == samples.count)
        #expect(samples.allSatisfy { $0.value.isFinite })
        for word in ["ups_status", "ups_link", "ups_shutdown_phase"] {
            #expect(samples.filter { $0.name == word }.map(\.value).reduce(0, +) == 1)
        }
    }

    @Test func valuesInBaseUnits() {
        let samples = samples(Metrics.text(State.pending.snapshot, sinks()))
        func value(_ sample: String) -> Double? { samples.first { $0.sample == sample }?.value }
        let expected = [
            "ups_status{status=\"on_battery\"}": 1, "ups_power_present": 0,
            "ups_battery_charge_ratio": 0.81, "ups_battery_amperes": -0.42,
            "ups_cell_volts{cell=\"3\"}": 2.599, "ups_capacitance_farads": 37.5,
            "ups_esr_ohms": 0.018, "ups_load_ratio": 0.06224, "ups_output_watts": 3.85888,
            "ups_shutdown_remaining_seconds": 6, "ups_outages_total": 2,
            "ups_on_battery_seconds_total": 39, "ups_input_energy_joules_total": 4567,
            "ups_register{register=\"charge_status\"}": 5157, "ups_clients{kind=\"http\"}": 4,
            "ups_broker_connected": 0,
        ]
        for (sample, wanted) in expected { #expect(value(sample) == wanted, "\(sample)") }
    }

    @Test func whatIsNotKnownIsNotThere() {
        let names = Set(
            samples(Metrics.text(State.lostOnBattery.snapshot, SinkCounters())).map(\.name))
        let gone = [
            "power_present", "low_battery", "charging", "battery_present", "input_volts",
            "battery_charge_ratio", "cell_volts", "register", "runtime_seconds",
            "broker_connected", "broker_connections_total",
        ]
        #expect(names.isDisjoint(with: gone.map { "ups_" + $0 }))
        #expect(names.isSuperset(of: ["ups_status", "ups_reading_age_seconds", "ups_clients"]))
        let idle = Set(samples(Metrics.text(State.online.snapshot, sinks())).map(\.name))
        #expect(!idle.contains("ups_shutdown_remaining_seconds"))
    }

    @Test func labelsAreEscaped() {
        #expect(Metric.escaped("a\\b\"c\nd") == "a\\\\b\\\"c\\nd")
        var snapshot = State.online.snapshot
        snapshot.identity.series = "a \"b\" {c} 1"
        let info = samples(Metrics.text(snapshot, sinks())).first { $0.name == "ups_info" }
        #expect(info?.sample.contains(#"series="a \"b\" {c} 1","#) == true)
    }
}
