// The status object as lines for a person, and as an exit code. Pure; `status` prints the lines,
// `watch` shows them above its graph.

import Report
import UPS

struct StatusTable {
    private static let nameColumn = 32
    private static let valueColumn = 12
    private static let fieldWidth = 11

    /// What the lines show; `--all` has the other values below them.
    static let quantities: Set<Quantity> = [
        .charge, .runtime, .inputVoltage, .inputCurrent, .inputPower, .outputVoltage,
        .outputCurrent, .outputPower, .load, .batteryVoltage, .batteryCurrent, .capacitance, .esr,
    ]

    private let values: StatusValues
    private let shutdown: StatusValues

    init(_ values: [String: JSONValue]) {
        self.values = StatusValues(values)
        shutdown = self.values.object("shutdown")
    }

    /// 0 on line, 1 on battery, 2 link lost.
    var exitCode: Int32 {
        if values.string("link") == Link.lost.rawValue { return 2 }
        return values.status == .online ? 0 : 1
    }

    /// What a person asks first, in at most nine lines.
    var lines: [InkedLine] { [headline] + rows }

    // MARK: The state

    var headline: InkedLine {
        var line = InkedLine("● ", ink)
        line.add(StatusTable.words(values.string("status") ?? "unknown"), ink)
        for (key, mark) in [("dryRun", "dry run"), ("drill", "drill"), ("demo", "demo")]
        where values.flag(key) { line.add("  \(mark)", .yellow) }
        let names = ["host", "series", "batteryType"].compactMap { values.string($0) }
        line.add(names.joined(separator: ", "), .dim, at: StatusTable.nameColumn)
        return line
    }

    private var ink: Ink {
        switch values.status {
        case .online: .green
        case .onBattery: .yellow
        case .lowBattery, .commLost, nil: .red
        case .shuttingDown: .alarm
        }
    }

    static func words(_ name: String) -> String {
        name.split(separator: "_").joined(separator: " ")
    }

    // MARK: Rows

    private var rows: [InkedLine] {
        [
            row("Shutdown", [shutdownText], shutdownInk),
            row(
                "Charge",
                [values.text(.charge), values.duration("remainTime").map { "\($0) left" }]),
            row("Input", texts(.inputVoltage, .inputCurrent, .inputPower)),
            row(
                "Output",
                texts(.outputVoltage, .outputCurrent, .outputPower)
                    + [values.text(.load).map { "\($0) load" }]),
            row("Capacitors", texts(.batteryVoltage, .batteryCurrent, .capacitance, .esr)),
            row("Age", [values.string("link") == "ok" ? nil : values.duration("age")], .red),
            row("Problem", [values.string("problem")], .yellow),
        ].compactMap { $0 }
    }

    private func texts(_ quantities: Quantity...) -> [String?] {
        quantities.map { values.text($0) }
    }

    /// `from` says which hosts it is there for.
    static func dashboard(_ address: String, _ from: String) -> InkedLine {
        var line = InkedLine("Dashboard", .dim)
        line.add(address, at: valueColumn)
        line.add("  \(from)", .dim)
        return line
    }

    /// Nil: nothing of it is known. What is missing leaves its place empty.
    private func row(_ name: String, _ fields: [String?], _ ink: Ink = .plain) -> InkedLine? {
        guard fields.contains(where: { $0 != nil }) else { return nil }
        var line = InkedLine(name, .dim)
        for (index, field) in fields.enumerated() {
            let column = StatusTable.valueColumn + index * StatusTable.fieldWidth
            line.add(field ?? "", ink, at: column)
        }
        return line
    }

    private var shutdownText: String? {
        let delay = shutdown.duration("delay") ?? "?"
        switch shutdown.phase {
        case .idle: return "\(delay) after input power fails"
        case .confirming: return "confirming that input power failed"
        case .pending, .onBattery, .cancelled: return pendingText
        case .committed:
            let now = values.flag("dryRun") || values.flag("drill") ? "would be now" : "now"
            return "\(now), because \(shutdown.reason ?? "it was decided")"
        case nil: return nil
        }
    }

    private var pendingText: String {
        let cancelled = shutdown.phase == .cancelled ? "the timer was cancelled" : nil
        let deadline = shutdown.duration("remaining").map { remaining in
            "in \(remaining)" + (shutdown.reason.map { ", when \($0)" } ?? "")
        }
        let parts = [cancelled, deadline].compactMap { $0 }
        return parts.isEmpty ? "only when charge or runtime is low" : parts.joined(separator: "; ")
    }

    private var shutdownInk: Ink {
        switch shutdown.phase {
        case .pending: .yellow
        case .committed: .red
        default: .plain
        }
    }
}
