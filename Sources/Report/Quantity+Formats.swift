// What each format makes of a measured value: the one place in which a new value gets its names.
// Pure; read by the formats, and by what shows them to people.

package import UPS

extension Quantity {
    /// A number in the status object: with so many decimals, or as a whole count of that decimal.
    package enum StatusForm {
        case decimal(Int), whole(Int)
    }

    /// The key in the status object, and in the history where it is there as well.
    package var status: (key: String, form: StatusForm) {
        switch self {
        case .inputVoltage: ("inputVoltage", .decimal(3))
        case .outputVoltage: ("outputVoltage", .decimal(3))
        case .batteryVoltage: ("batteryVoltage", .decimal(3))
        case .cell1: ("vcap1Voltage", .decimal(3))
        case .cell2: ("vcap2Voltage", .decimal(3))
        case .cell3: ("vcap3Voltage", .decimal(3))
        case .cell4: ("vcap4Voltage", .decimal(3))
        case .inputCurrent: ("inputCurrent", .whole(3))
        case .outputCurrent: ("outputCurrent", .whole(3))
        case .batteryCurrent: ("batteryCurrent", .whole(3))
        case .load: ("outputLoad", .decimal(1))
        case .temperature: ("ucTemperature", .whole(0))
        case .capacitance: ("capacity", .whole(3))
        case .esr: ("esr", .whole(0))
        case .capacitanceWhenNew: ("capacityWhenNew", .whole(3))
        case .esrWhenNew: ("esrWhenNew", .whole(0))
        case .charge: ("soc", .whole(0))
        case .runtime: ("remainTime", .whole(0))
        case .inputPower: ("inputPower", .decimal(2))
        case .outputPower: ("outputPower", .decimal(2))
        case .inputEnergy: ("energyIn", .decimal(2))
        case .outputEnergy: ("energyOut", .decimal(2))
        }
    }

    /// The record of NIS; nil: apcupsd has none. TIMELEFT is made of more than the value.
    var nisRecord: (key: String, decimals: Int, unit: String)? {
        switch self {
        case .inputVoltage: ("LINEV", 1, "Volts")
        case .inputCurrent: ("LINEA", 3, "Amps")
        case .outputVoltage: ("OUTPUTV", 1, "Volts")
        case .outputCurrent: ("OUTPUTA", 3, "Amps")
        case .batteryVoltage: ("BATTV", 1, "Volts")
        case .batteryCurrent: ("BATTA", 3, "Amps")
        case .load: ("LOADPCT", 0, "Percent")
        case .charge: ("BCHARGE", 0, "Percent")
        case .runtime: ("TIMELEFT", 1, "Minutes")
        case .temperature: ("ITEMP", 0, "C")
        case .cell1, .cell2, .cell3, .cell4, .capacitance, .esr, .capacitanceWhenNew, .esrWhenNew,
            .inputPower, .outputPower, .inputEnergy, .outputEnergy:
            nil
        }
    }

    /// The variables of NUT; nil: it has none. Formats as those of NUT's bicker_ser.
    package var nutVariables: (names: [String], decimals: Int)? {
        switch self {
        case .inputVoltage: (["input.voltage"], 1)
        case .outputVoltage: (["output.voltage"], 3)
        case .batteryVoltage: (["battery.voltage"], 3)
        case .cell1, .cell2, .cell3, .cell4:
            (["experimental.battery.cell.\(cell ?? 0).voltage"], 3)
        case .inputCurrent: (["input.current"], 3)
        case .outputCurrent: (["output.current"], 3)
        case .batteryCurrent: (["battery.current"], 3)
        case .load: (["ups.load"], 1)
        case .temperature: (["ups.temperature"], 0)
        case .capacitance: (["experimental.battery.capacitance"], 2)
        case .esr: (["experimental.battery.esr"], 0)
        case .capacitanceWhenNew: (["experimental.battery.capacitance.new"], 2)
        case .esrWhenNew: (["experimental.battery.esr.new"], 0)
        case .charge: (["battery.charge"], 0)
        case .runtime: (["battery.runtime"], 0)
        case .inputPower: (["input.realpower"], 1)
        case .outputPower: (["output.realpower", "ups.realpower"], 1)
        case .inputEnergy, .outputEnergy: nil
        }
    }

    /// The metric, in Prometheus' base units. A counter's name ends with `_total`.
    var metric: (name: String, help: String) {
        switch self {
        case .inputVoltage: ("input_volts", "At the input")
        case .outputVoltage: ("output_volts", "At the output")
        case .batteryVoltage: ("battery_volts", "Of the capacitor stack")
        case .cell1, .cell2, .cell3, .cell4: ("cell_volts", "Of each capacitor")
        case .inputCurrent: ("input_amperes", "At the input")
        case .outputCurrent: ("output_amperes", "At the output")
        case .batteryCurrent: ("battery_amperes", "Into the capacitors, below 0 out of them")
        case .load: ("load_ratio", "Output power to nominal output power")
        case .temperature: ("temperature_celsius", "Of the charger")
        case .capacitance: ("capacitance_farads", "Of the capacitor stack, as measured last")
        case .esr: ("esr_ohms", "Series resistance of the capacitor stack, as measured last")
        case .capacitanceWhenNew:
            ("capacitance_when_new_farads", "Of the capacitor stack, as measured first")
        case .esrWhenNew: ("esr_when_new_ohms", "Of the capacitor stack, as measured first")
        case .charge: ("battery_charge_ratio", "State of charge")
        case .runtime: ("runtime_seconds", "How long the capacitors last at the present load")
        case .inputPower: ("input_watts", "At the input")
        case .outputPower: ("output_watts", "At the output")
        case .inputEnergy: ("input_energy_joules_total", "Taken since the daemon was started")
        case .outputEnergy: ("output_energy_joules_total", "Given since the daemon was started")
        }
    }

    /// What tells the capacitors apart, 1 to 4.
    package var cell: Int? {
        [Quantity.cell1, .cell2, .cell3, .cell4].firstIndex(of: self).map { $0 + 1 }
    }

    /// Below the base, and from how many of its last decimal on a change is published; nil: no topic.
    var topic: (name: String, decimals: Int, deadband: Int)? {
        switch self {
        case .inputVoltage: ("input_voltage", 3, 50)
        case .outputVoltage: ("output_voltage", 3, 50)
        case .batteryVoltage: ("battery_voltage", 3, 50)
        case .cell1, .cell2, .cell3, .cell4: ("cell_\(cell ?? 0)_voltage", 3, 10)
        case .inputCurrent: ("input_current", 3, 20)
        case .outputCurrent: ("output_current", 3, 20)
        case .batteryCurrent: ("battery_current", 3, 20)
        case .load: ("load", 1, 10)
        case .temperature: ("temperature", 0, 1)
        case .capacitance: ("capacitance", 3, 100)
        case .esr: ("esr", 0, 1)
        case .charge: ("battery_charge", 0, 1)
        case .runtime: ("battery_runtime", 0, 1)
        case .inputPower: ("input_power", 2, 20)
        case .outputPower: ("output_power", 2, 20)
        case .inputEnergy: ("input_energy", 2, 10)
        case .outputEnergy: ("output_energy", 2, 10)
        case .capacitanceWhenNew, .esrWhenNew: nil
        }
    }

    /// For people, in English.
    package var title: String {
        switch self {
        case .inputVoltage: "Input voltage"
        case .outputVoltage: "Output voltage"
        case .batteryVoltage: "Battery voltage"
        case .cell1, .cell2, .cell3, .cell4: "Cell \(cell ?? 0) voltage"
        case .inputCurrent: "Input current"
        case .outputCurrent: "Output current"
        case .batteryCurrent: "Battery current"
        case .load: "Load"
        case .temperature: "Temperature"
        case .capacitance: "Capacitance"
        case .esr: "ESR"
        case .capacitanceWhenNew: "Capacitance when new"
        case .esrWhenNew: "ESR when new"
        case .charge: "Battery charge"
        case .runtime: "Battery runtime"
        case .inputPower: "Input power"
        case .outputPower: "Output power"
        case .inputEnergy: "Input energy"
        case .outputEnergy: "Output energy"
        }
    }

    /// The columns of the history that is served, the ranges apart, in their order.
    static let historyColumns: [Quantity] = [
        .inputVoltage, .outputVoltage, .batteryVoltage, .cell1, .cell2, .cell3, .cell4,
        .inputCurrent, .outputCurrent, .batteryCurrent, .inputPower, .outputPower, .charge, .load,
        .temperature,
    ]

    /// Those of the measurement log.
    package static let csvColumns: [Quantity] = [
        .inputVoltage, .inputCurrent, .inputPower, .outputVoltage, .outputCurrent, .outputPower,
        .load, .batteryVoltage, .batteryCurrent, .charge, .cell1, .cell2, .cell3, .cell4,
        .temperature,
    ]

    /// The column of the measurement log; nil: it has none.
    package var csvColumn: (name: String, decimals: Int)? {
        switch self {
        case .inputVoltage: ("IN_V", 3)
        case .inputCurrent: ("IN_A", 3)
        case .inputPower: ("IN_W", 3)
        case .outputVoltage: ("OUT_V", 3)
        case .outputCurrent: ("OUT_A", 3)
        case .outputPower: ("OUT_W", 3)
        case .load: ("LOAD", 0)
        case .batteryVoltage: ("BATT_V", 3)
        case .batteryCurrent: ("BATT_A", 3)
        case .charge: ("SOC", 0)
        case .cell1, .cell2, .cell3, .cell4: ("VCAP\(cell ?? 0)", 3)
        case .temperature: ("TEMP", 0)
        case .capacitance, .esr, .capacitanceWhenNew, .esrWhenNew, .runtime, .inputEnergy,
            .outputEnergy:
            nil
        }
    }
}
