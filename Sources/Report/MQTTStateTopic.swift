// The retained topics: the one list of what is published, with its value and its pace. Whatever
// describes a topic elsewhere looks it up here.

public import UPS

public struct MQTTStateTopic: Sendable {
    enum Pace: Equatable, Sendable {
        case atOnce
        /// On a change by so many of the last decimal at least, and at most once a second.
        case measured(deadband: Int)
    }

    /// Below the base.
    public let name: String
    let pace: Pace
    let value: @Sendable (Snapshot) -> MQTTStateValue

    init(_ name: String, _ pace: Pace, _ value: @escaping @Sendable (Snapshot) -> MQTTStateValue) {
        self.name = name
        self.pace = pace
        self.value = value
    }

    /// `url` is the dashboard's address, as `info` tells it.
    public func payload(_ snapshot: Snapshot, url: String?) -> String {
        value(snapshot).text(in: snapshot, url: url)
    }

    /// What nobody may learn late comes first.
    public static let all = states + measurements + registers

    private static let states = [
        MQTTStateTopic("power", .atOnce) { .flag($0.powerPresent) },
        MQTTStateTopic("status", .atOnce) { .text($0.status.rawValue) },
        MQTTStateTopic("link", .atOnce) { .text($0.link == .lost ? "offline" : "online") },
        MQTTStateTopic("shutdown", .atOnce) { .shutdown($0.shutdown) },
        MQTTStateTopic("shutdown_phase", .atOnce) { .text($0.shutdown.phase.rawValue) },
        MQTTStateTopic("shutdown_delay", .atOnce) { .count($0.shutdown.delay.roundedSeconds) },
        MQTTStateTopic("shutdown_remaining", .measured(deadband: 1)) {
            .count($0.shutdown.remaining(at: $0.time)?.roundedSeconds)
        },
        MQTTStateTopic("low_battery", .atOnce) {
            $0.link == .lost ? .unknown : .flag($0.isLowBattery)
        },
        MQTTStateTopic("problem", .atOnce) { .flag($0.problem != nil) },
        MQTTStateTopic("dry_run", .atOnce) { .flag($0.isDryRun) },
        MQTTStateTopic("drill", .atOnce) { .flag($0.isDrill) },
        MQTTStateTopic("info", .atOnce) { .info($0.identity) },
        MQTTStateTopic("power_fail_count", .atOnce) { .count($0.history.failures) },
        bit("charging", .charging),
        bit("discharging", .discharging),
        bit("battery_present", .batteryPresent),
        bit("overcurrent", .overcurrent),
    ]

    /// The device may toggle these with every reading.
    private static func bit(_ name: String, _ bit: DeviceStatus) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: 0)) {
            .flag($0.reading.deviceStatus?.contains(bit))
        }
    }

    private static let measurements =
        [
            volts("input_voltage", deadband: 50) { $0.inputVoltage },
            volts("output_voltage", deadband: 50) { $0.outputVoltage },
            volts("battery_voltage", deadband: 50) { $0.batteryVoltage },
            amperes("input_current") { $0.inputCurrent },
            amperes("output_current") { $0.outputCurrent },
            amperes("battery_current") { $0.batteryCurrent },
            decimal("input_power", 2, deadband: 20) { $0.reading.inputPower?.watts },
            decimal("output_power", 2, deadband: 20) { $0.reading.outputPower?.watts },
            decimal("input_energy", 2, deadband: 10) { $0.energyIn.wattHours },
            decimal("output_energy", 2, deadband: 10) { $0.energyOut.wattHours },
            decimal("load", 1, deadband: 10) { $0.loadPercent },
            MQTTStateTopic("capacitance", .measured(deadband: 100)) {
                .count($0.reading.capacitance?.millifarads, decimals: 3)
            },
            whole("battery_charge") { $0.reading.batteryCharge },
            whole("battery_runtime") { $0.runtime?.roundedSeconds },
            whole("temperature") { $0.reading.temperatureCelsius },
            whole("esr") { $0.reading.esrMilliohms },
        ]
        + (0..<4).map { cell in
            volts("cell_\(cell + 1)_voltage", deadband: 10) { $0.cellVoltages[cell] }
        }

    private static let registers = [
        whole("device_status") { $0.reading.deviceStatus.map { Int($0.rawValue) } },
        whole("charge_status") { $0.reading.chargeStatus.map { Int($0.rawValue) } },
        whole("monitor_status") { $0.reading.monitorStatus.map { Int($0.rawValue) } },
        whole("alarms") { $0.reading.alarms.map { Int($0.rawValue) } },
    ]

    /// The deadband is in mV.
    private static func volts(
        _ name: String, deadband: Int, _ voltage: @escaping @Sendable (Reading) -> Voltage?
    ) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: deadband)) {
            .count(voltage($0.reading)?.millivolts, decimals: 3)
        }
    }

    private static func amperes(
        _ name: String, _ current: @escaping @Sendable (Reading) -> Current?
    ) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: 20)) {
            .count(current($0.reading)?.milliamperes, decimals: 3)
        }
    }

    private static func decimal(
        _ name: String, _ decimals: Int, deadband: Int,
        _ value: @escaping @Sendable (Snapshot) -> Double?
    ) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: deadband)) {
            .measured(value($0), decimals: decimals)
        }
    }

    private static func whole(
        _ name: String, _ value: @escaping @Sendable (Snapshot) -> Int?
    ) -> MQTTStateTopic {
        MQTTStateTopic(name, .measured(deadband: 1)) { .count(value($0)) }
    }
}
