// The status object as lines for a person, and as an exit code. Pure.

import Report

struct StatusTable {
    private let values: [String: JSONValue]

    init(_ values: [String: JSONValue]) {
        self.values = values
    }

    /// 0 on line, 1 on battery, 2 link lost.
    var exitCode: Int32 {
        if values["link"]?.string == "lost" { return 2 }
        return values["status"]?.string == "online" ? 0 : 1
    }

    var lines: [String] {
        let rows = [
            ("Status", state), ("Charge", value("soc", "%")), ("Runtime", value("remainTime", "s")),
            ("Load", value("outputLoad", "%")), ("Input", pair("inputVoltage", "inputCurrent")),
            ("Output", pair("outputVoltage", "outputCurrent")),
            ("Capacitors", pair("batteryVoltage", "batteryCurrent")), ("Shutdown", shutdown),
            ("Problem", values["problem"]?.string),
            ("UPS", values["series"]?.string), ("Battery", values["batteryType"]?.string),
            ("Host", values["host"]?.string),
        ]
        return rows.compactMap { name, text in
            text.map { name + String(repeating: " ", count: 12 - name.count) + $0 }
        }
    }

    private var state: String? {
        let words = values["status"]?.string?.split(separator: "_").joined(separator: " ")
        let marks = ["dryRun", "drill"].filter { values[$0] == .bool(true) }
        let names = marks.map { $0 == "dryRun" ? "dry run" : "drill" }
        return words.map { ([$0] + names).joined(separator: ", ") }
    }

    private func value(_ key: String, _ unit: String) -> String? {
        guard case .number(let number)? = values[key] else { return nil }
        let isWhole = number.rounded() == number && abs(number) < 1e15
        return (isWhole ? "\(Int(number))" : "\(number)") + " \(unit)"
    }

    private func pair(_ voltage: String, _ current: String) -> String? {
        let both = [value(voltage, "V"), value(current, "mA")].compactMap { $0 }
        return both.isEmpty ? nil : both.joined(separator: "  ")
    }

    private var shutdown: String? {
        guard case .object(let shutdown)? = values["shutdown"] else { return nil }
        let phase = shutdown["phase"]?.string ?? ""
        guard phase != "idle" else { return nil }
        let words = phase.split(separator: "_").joined(separator: " ")
        guard case .number(let remaining)? = shutdown["remaining"] else { return words }
        let reason = shutdown["reason"]?.string.map { ", \($0)" } ?? ""
        return "\(words), in \(Int(remaining.rounded())) s\(reason)"
    }
}
