// The metrics, in the order in which they are answered. docs/metrics.md lists the same.

import UPS

extension Metric {
    static let all =
        states + flags + measurements + registers + nominal + shutdown + history + line + port
        + sinks

    private static let states = [
        list("info", "What UPS and daemon call themselves") { snapshot, _ in
            let (identity, installation) = (snapshot.identity, snapshot.installation)
            let labels: [(String, String?)] = [
                ("host", installation.host), ("version", installation.version),
                ("series", identity.series), ("battery_type", identity.batteryType),
                ("serial", identity.serial), ("firmware", identity.firmware),
                ("hardware_revision", identity.hardwareRevision),
            ]
            return [Sample(labels: labels.map { ($0, $1 ?? "") }, value: 1)]
        },
        word("status", label: "status", "The UPS in one word") { $0.status },
        word("link", label: "link", "Between daemon and UPS") { $0.link },
        word("shutdown_phase", label: "phase", "How far the shutdown of this host is") {
            $0.shutdown.phase
        },
    ]

    private static let flags = [
        flag("power_present", "Input power is there") { $0.powerPresent },
        flag("low_battery", "On battery, and charge or runtime is low") {
            $0.link == .lost ? nil : $0.isLowBattery
        },
        bit("charging", "The capacitors are being charged", .charging),
        bit("discharging", "The capacitors feed the output", .discharging),
        bit("battery_present", "The capacitors are there", .batteryPresent),
        bit("overcurrent", "The output gives too much current", .overcurrent),
        flag("replace_battery", "The capacitors are at their end") {
            $0.capacitorsWhenNew == nil ? nil : $0.isWorn
        },
        flag("measuring", "Capacitance and ESR are being measured") { $0.isMeasuring },
        flag("problem", "Somebody should have a look") { $0.problem != nil },
        flag("dry_run", "The daemon does not power off") { $0.policy.dryRun },
        flag("drill", "An outage is being played") { $0.isDrill },
    ]

    private static func bit(_ name: String, _ help: String, _ bit: DeviceStatus) -> Metric {
        flag(name, help) { $0.reading.deviceStatus?.contains(bit) }
    }

    /// The four capacitors share one.
    private static let measurements = Quantity.allCases.filter { $0.cell ?? 1 == 1 }.map { first in
        let (name, help) = first.metric
        let all = Quantity.allCases.filter { $0.metric.name == name }
        return list(name, help) { snapshot, _ in
            all.compactMap { quantity in
                snapshot[quantity].map { count in
                    Sample(
                        labels: quantity.cell.map { [("cell", "\($0)")] } ?? [],
                        value: quantity.inUnit(count) * quantity.baseUnits)
                }
            }
        }
    }

    private static let registers = [
        list("register", "Registers of the UPS and of its charger") { snapshot, _ in
            let reading = snapshot.reading
            let registers: [(String, UInt16?)] = [
                ("device_status", reading.deviceStatus.map { UInt16($0.rawValue) }),
                ("charge_status", reading.chargeStatus?.rawValue),
                ("monitor_status", reading.monitorStatus?.rawValue),
                ("alarms", reading.alarms?.rawValue),
            ]
            return registers.compactMap { name, value in
                value.map { Sample(labels: [("register", name)], value: Double($0)) }
            }
        }
    ]

    private static let nominal = [
        value("nominal_input_volts", "As configured") { $0.rating.inputVoltage.volts },
        value("nominal_battery_volts", "As configured, of the full stack") {
            $0.rating.batteryVoltage.volts
        },
        value("nominal_output_watts", "As configured") { $0.rating.nominalPower.watts },
    ]

    private static let shutdown = [
        value("shutdown_remaining_seconds", "To the deadline, while there is one") {
            $0.shutdown.remaining(at: $0.time)?.inSeconds
        },
        value("shutdown_delay_seconds", "Of this outage or the next") {
            $0.shutdown.delay.inSeconds
        },
    ]

    private static let history = [
        value("outages_total", "Outages since this host was booted") {
            Double($0.history.failures)
        },
        value("on_battery_seconds_total", "On battery since this host was booted") {
            $0.history.onBatteryInAll(at: $0.time).inSeconds
        },
        value("start_time_seconds", "When the daemon was started, since 1970") {
            $0.wallTime(of: $0.installation.started).seconds
        },
        value("events_total", "Events since the daemon was started") {
            Double($0.events.newest)
        },
        list("commands_total", "Commands by their result") { snapshot, _ in
            let answers = snapshot.answers
            return [
                Sample(labels: [("result", "accepted")], value: Double(answers.accepted)),
                Sample(labels: [("result", "refused")], value: Double(answers.refused)),
            ]
        },
    ]
}

extension Quantity {
    /// What its unit is in Prometheus' base units.
    fileprivate var baseUnits: Double {
        switch unit {
        case .percent: 0.01
        case .milliohms: 0.001
        case .wattHours: 3600
        case .volts, .amperes, .watts, .seconds, .farads, .celsius: 1
        }
    }
}
