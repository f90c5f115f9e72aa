// The table of the retained topics. The publish filter reads it; all that describes a topic
// elsewhere, such as the discovery document, looks it up here.

import UPS

extension MQTTStateTopic {
    private typealias Entity = HomeAssistantEntity

    /// What is told at once comes first, and before it whether it is meant.
    public static let all = states + flags + measurements + registers

    private static let states = [
        MQTTStateTopic("dry_run", .atOnce, .flag("Dry run").ofDaemon.diagnostic) {
            .flag($0.policy.dryRun)
        },
        MQTTStateTopic("drill", .atOnce, .flag("Drill").ofDaemon.diagnostic) {
            .flag($0.isDrill)
        },
        MQTTStateTopic("power", .atOnce, .flag("Power", "power")) { .flag($0.powerPresent) },
        MQTTStateTopic(
            "status", .atOnce,
            .word("Status", Status.self).ofDaemon.icon("battery-heart-variant")
                .attributes(from: "info")
        ) { .text($0.status.rawValue) },
        MQTTStateTopic(
            "link", .atOnce,
            .flag("UPS link", "connectivity", on: "online", off: "offline").ofDaemon.diagnostic
        ) { .text($0.link == .lost ? "offline" : "online") },
        MQTTStateTopic(
            "shutdown", .atOnce,
            Entity(.sensor, "Shutdown deadline", Entity.classed("timestamp")).ofDaemon
                .template("{{ value_json.deadline }}").withIncident
        ) { .shutdown($0.shutdown) },
        MQTTStateTopic(
            "shutdown_phase", .atOnce,
            .word("Shutdown phase", Phase.self).ofDaemon.icon("state-machine")
        ) { .text($0.shutdown.phase.rawValue) },
        MQTTStateTopic("shutdown_delay", .atOnce, .seconds("Shutdown delay").ofDaemon) {
            .count($0.shutdown.delay.roundedSeconds)
        },
        MQTTStateTopic(
            "shutdown_remaining", .measured(deadband: 1), .seconds("Time to shutdown").ofDaemon
        ) { .count($0.shutdown.remaining(at: $0.time)?.roundedSeconds) },
    ]

    private static let flags = [
        MQTTStateTopic("low_battery", .atOnce, .flag("Low battery", "battery")) {
            $0.link == .lost ? .unknown : .flag($0.isLowBattery)
        },
        MQTTStateTopic("problem", .atOnce, .flag("Problem", "problem").ofDaemon.diagnostic) {
            .flag($0.problem != nil)
        },
        MQTTStateTopic("info", .atOnce, nil) { .info($0.identity) },
        MQTTStateTopic(
            "power_fail_count", .atOnce,
            .count("Power failures").ofDaemon.diagnostic.icon("counter")
        ) { .count($0.history.failures) },
        MQTTStateTopic(
            "last_outage", .atOnce,
            Entity(.sensor, "Last outage", Entity.classed("timestamp")).ofDaemon.diagnostic
                .template("{{ value_json.from }}").attributes(from: "last_outage")
        ) { .outage($0.outages.outages.last { !$0.isDrill }) },
        bit("charging", .flag("Charging", "battery_charging"), .charging),
        bit("discharging", .flag("Discharging").icon("battery-arrow-down"), .discharging),
        bit(
            "battery_present", .flag("Battery present").diagnostic.icon("battery-check"),
            .batteryPresent),
        bit("overcurrent", .flag("Overcurrent", "problem"), .overcurrent),
    ]

    /// The device may toggle these with every reading.
    private static func bit(
        _ name: String, _ entity: HomeAssistantEntity, _ bit: DeviceStatus
    ) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: 0), entity) {
            .flag($0.reading.deviceStatus?.contains(bit))
        }
    }

    private static let measurements = Quantity.allCases.compactMap { quantity in
        quantity.topic.map { name, decimals, deadband in
            MQTTStateTopic(name, .measured(deadband: deadband), .measurement(of: quantity)) {
                .count($0[quantity].map { quantity.rescaled($0, to: decimals) }, decimals: decimals)
            }
        }
    }

    private static let registers = [
        register("device_status", "Device status register") { $0.deviceStatus?.rawValue },
        register("charge_status", "Charge status register") { $0.chargeStatus?.rawValue },
        register("monitor_status", "Monitor status register") { $0.monitorStatus?.rawValue },
        register("alarms", "Alarms register") { $0.alarms?.rawValue },
    ]

    private static func register<Value: FixedWidthInteger & Sendable>(
        _ name: String, _ title: String, _ value: @escaping @Sendable (Reading) -> Value?
    ) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: 1), .register(title)) {
            .count(value($0.reading).map { Int($0) })
        }
    }
}
