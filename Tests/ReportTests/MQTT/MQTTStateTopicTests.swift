// The payload of every retained topic.

import Testing

@testable import Report
@testable import UPS

struct MQTTStateTopicTests {
    private func payloads(_ snapshot: Snapshot) -> [String: String] {
        let pairs = MQTTStateTopic.all.map {
            ($0.name, $0.payload(snapshot, url: "http://10.0.0.2:10024/"))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func everyTopicOfTheContract() {
        let names = """
            link status power charging discharging battery_present low_battery overcurrent problem \
            dry_run drill input_voltage output_voltage battery_voltage cell_1_voltage \
            cell_2_voltage cell_3_voltage cell_4_voltage input_current output_current \
            battery_current input_power output_power input_energy output_energy battery_charge \
            load battery_runtime temperature capacitance esr power_fail_count device_status \
            charge_status monitor_status alarms shutdown shutdown_phase shutdown_remaining \
            shutdown_delay info last_outage
            """.split(separator: " ").map { String($0) }
        #expect(Set(MQTTStateTopic.all.map(\.name)) == Set(names))
        #expect(MQTTStateTopic.all.count == names.count)
    }

    private static let knownPayloads: [(String, String)] = [
        ("link", "online"), ("status", "online"), ("power", "ON"), ("charging", "ON"),
        ("discharging", "OFF"), ("battery_present", "ON"), ("low_battery", "OFF"),
        ("overcurrent", "OFF"), ("problem", "OFF"), ("dry_run", "OFF"), ("drill", "OFF"),
        ("input_voltage", "12.590"), ("output_voltage", "12.004"), ("battery_voltage", "10.400"),
        ("cell_1_voltage", "2.600"), ("cell_2_voltage", "2.601"), ("cell_3_voltage", "2.599"),
        ("cell_4_voltage", "2.600"), ("input_current", "0.604"), ("output_current", "0.500"),
        ("battery_current", "-0.004"), ("input_power", "7.60"), ("output_power", "6.00"),
        ("input_energy", "12.35"), ("output_energy", "1.00"), ("battery_charge", "100"),
        ("load", "9.7"), ("battery_runtime", "412"), ("temperature", "28"),
        (
            "last_outage",
            #"{"incident":"a-1","from":"2026-11-22T14:51:40Z","to":"2026-11-22T14:52:10Z","#
                + #""lowestCharge":71,"reason":null,"end":"returned","drill":false,"#
                + #""dryRun":false}"#
        ),
        ("capacitance", "18.250"), ("esr", "24"), ("power_fail_count", "3"),
        ("device_status", "13"), ("charge_status", "5157"), ("monitor_status", "512"),
        ("alarms", "0"), ("shutdown_phase", "idle"), ("shutdown_remaining", "None"),
        ("shutdown_delay", "15"),
        (
            "shutdown",
            #"{"phase":"idle","incident":null,"reason":null,"remaining":null,"#
                + #""deadline":null,"delay":15,"latest":null}"#
        ),
        (
            "info",
            #"{"series":"UPSIC Series","batteryType":"SUC-1011","serial":"B\"1","#
                + #""firmware":null,"hwRevision":null,"host":"workhorse","version":"2.0.0","#
                + #""url":"http://10.0.0.2:10024/"}"#
        ),
    ]

    @Test(arguments: knownPayloads)
    func known(name: String, payload: String) {
        #expect(payloads(mqttSnapshot())[name] == payload)
    }

    @Test func nothingIsKnownOnceTheLinkIsLost() {
        var snapshot = mqttSnapshot()
        snapshot.link = .lost
        snapshot.status = .commLost
        snapshot.powerPresent = nil
        snapshot.reading = Reading()
        snapshot.runtime = nil
        let known = payloads(snapshot).filter { $0.value != "None" }
        #expect(
            Set(known.keys) == [
                "link", "status", "problem", "dry_run", "drill", "input_energy", "output_energy",
                "power_fail_count", "shutdown", "shutdown_phase", "shutdown_delay", "info",
                "last_outage",
            ])
        #expect(known["link"] == "offline")
        #expect(known["status"] == "comm_lost")
    }

    @Test func anOutage() {
        var snapshot = mqttSnapshot()
        snapshot.failPower(deadlineIn: 15)
        snapshot.isDrill = true
        snapshot.isLowBattery = true
        snapshot.problems = ["Something"]
        snapshot.policy.dryRun = true
        snapshot.pass(.milliseconds(2400))
        let payloads = payloads(snapshot)
        #expect(payloads["power"] == "OFF")
        #expect(payloads["discharging"] == "ON")
        #expect(payloads["shutdown_phase"] == "pending")
        #expect(payloads["shutdown_remaining"] == "13")
        for name in ["drill", "low_battery", "problem", "dry_run"] {
            #expect(payloads[name] == "ON", "\(name)")
        }
        #expect(
            payloads["shutdown"]
                == #"{"phase":"pending","incident":"1f0c8b52-4","reason":"time","#
                + #""remaining":13,"deadline":"2026-11-22T15:00:15Z","delay":15,"#
                + #""latest":"2026-11-22T15:00:35Z"}"#)
    }

    @Test(arguments: [
        (0, 0, "0"), (-5, 0, "-5"), (-5, 3, "-0.005"), (5, 1, "0.5"), (-12_345, 2, "-123.45"),
        (1000, 3, "1.000"),
    ])
    func decimals(count: Int, decimals: Int, text: String) {
        let value = MQTTStateValue.number(count, decimals: decimals)
        #expect(value.text(in: mqttSnapshot(), url: nil) == text)
    }

    /// Whose `info` it is; what only one side knows makes no difference.
    @Test(arguments: [
        (#"{"host":"workhorse","serial":"B\"1","url":"http://h/"}"#, nil),
        (#"{"host":"workhorse","serial":null,"url":null}"#, nil),
        (#"{"host":"workhorse","version":"0.1"}"#, nil),
        (#"{"host":"spare","serial":"B\"1"}"#, #"ups-server on spare (UPS B"1)"#),
        (#"{"host":"workhorse","serial":"X"}"#, "ups-server on workhorse (UPS X)"),
        (#"{"host":"workhorse","url":"http://other/"}"#, "ups-server on workhorse"),
        (#"{"serial":"X"}"#, nil), ("", nil), ("[]", nil),
    ])
    func infoOfAnother(info: String, other: String?) {
        #expect(MQTTInfo.other(info, than: mqttSnapshot(), url: "http://h/") == other)
    }
}
