// The energy store of the simulated UPS: four capacitors in series. Physics only, no protocol.

internal import UPS

/// Holds energy as a stack voltage, so that charge, voltages and currents belong together.
struct CapacitorStack: Equatable, Sendable {
    /// Of a UPSIC-1205's order: 25 F, 10.4 V, about 1 kJ between full and cut-off.
    let farads = 25.0
    let fullVolts = 10.4
    let cutoffVolts = 5.2
    let efficiency = 0.9
    let chargingAmperes = 2.0
    private(set) var volts = 10.4

    var isFull: Bool { volts >= fullVolts }
    var isEmpty: Bool { volts <= cutoffVolts }

    /// State of charge by energy. (%)
    var percent: Int {
        get {
            // Rounding must not turn a full store into 99 %.
            let share = min(1, (volts * volts - empty) / (full - empty) + 1e-9)
            return Int((share * 100).rounded(.down))
        }
        set {
            let share = Double(min(max(newValue, 0), 100)) / 100
            volts = (empty + share * (full - empty)).squareRoot()
        }
    }

    private var empty: Double { cutoffVolts * cutoffVolts }
    private var full: Double { fullVolts * fullVolts }

    /// Constant power through the step-up converter.
    mutating func discharge(watts: Double, seconds: Double) {
        let joules = watts / efficiency * seconds
        volts = max(empty, volts * volts - 2 * joules / farads).squareRoot()
    }

    /// Constant current, as the LTC3350 charges.
    mutating func charge(seconds: Double) {
        volts = min(fullVolts, volts + chargingAmperes * seconds / farads)
    }

    /// The measurement of capacitance takes 200 mV.
    mutating func measure() {
        volts = max(cutoffVolts, volts - 0.2)
    }
}
