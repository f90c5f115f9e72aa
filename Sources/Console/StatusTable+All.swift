// `status --all`: everything that the status object has, the settings of the UPS included. Pure.

import Report
import UPS

struct FullTable {
    private let values: StatusValues

    init(_ values: [String: JSONValue]) {
        self.values = StatusValues(values)
    }

    var lines: [InkedLine] {
        section("Values", others) + section("Registers", registers) + section("UPS", identity)
            + section("Daemon", daemon) + section("Settings of the UPS", settings)
    }

    private typealias Row = (name: String, text: String?)

    /// Nothing is known: nothing is shown.
    private func section(_ title: String, _ rows: [Row]) -> [InkedLine] {
        let known = rows.compactMap { row in row.text.map { (row.name, $0) } }
        guard !known.isEmpty else { return [] }
        let column = (known.map(\.0.count).max() ?? 0) + 3
        return ["", InkedLine(title, .bold)]
            + known.map { name, text in
                var line = InkedLine(name, .dim)
                line.add(text, at: column)
                return line
            }
    }

    private var others: [Row] {
        Quantity.allCases.filter { !StatusTable.quantities.contains($0) }
            .map { ($0.title, values.text($0)) }
    }

    private var registers: [Row] {
        [
            ("Device status", "deviceStatus"), ("Charge status", "chargeStatus"),
            ("Monitor status", "monitorStatus"), ("Alarms", "alarms"),
        ].map { name, key in (name, values[key]?.integer.map { hexadecimal($0, 4) }) }
    }

    private var identity: [Row] {
        [
            ("Series", "series"), ("Battery", "batteryType"), ("Serial number", "serial"),
            ("Firmware", "firmware"), ("Hardware", "hwRevision"),
        ].map { name, key in (name, values.string(key)) }
    }

    private var daemon: [Row] {
        [
            ("Host", values.string("host")), ("Version", values.string("version")),
            ("Link", values.string("link")), ("Age of the status", values.duration("age")),
            ("Up for", values.duration("uptime")),
            ("Outages", values["powerFailCount"]?.integer.map { "\($0)" }),
        ]
    }

    private var settings: [Row] {
        let settings = values.object("settings")
        return SettingName.allCases.map { name in
            let setting = settings.object(name.rawValue)
            guard let value = setting["value"]?.integer else { return (name.rawValue, nil) }
            let present = name.text(setting.flag("enabled") ? value : nil)
            let range = [setting["minimum"], setting["maximum"]].compactMap { $0?.integer }
            let allowed = range.count == 2 ? "(\(range[0]) to \(range[1]))" : ""
            return (name.rawValue, "\(present)  \(allowed)")
        }
    }
}
