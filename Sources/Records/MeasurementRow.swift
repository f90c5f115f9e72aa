// One row of the measurement log. Pure.

public import UPS

/// One row of `ups-server_YYYY-MM-DD.csv`. What is not known is an empty field.
public struct MeasurementRow: Equatable, Sendable {
    static let header =
        "TIME;IN_V;IN_A;IN_W;OUT_V;OUT_A;OUT_W;LOAD;BATT_V;BATT_A;SOC;"
        + "VCAP1;VCAP2;VCAP3;VCAP4;TEMP\n"

    var reading: Reading
    /// What the output can give: LOAD is per cent of it.
    var nominalPower: Power
    var wall: WallTime

    public init(reading: Reading, nominalPower: Power, wall: WallTime) {
        (self.reading, self.nominalPower, self.wall) = (reading, nominalPower, wall)
    }

    func text(utcOffset: Int) -> String {
        let fields: [String?] =
            [
                LocalTime(wall, utcOffset: utcOffset).stamp,
                volts(reading.inputVoltage), amperes(reading.inputCurrent),
                watts(reading.inputPower),
                volts(reading.outputVoltage), amperes(reading.outputCurrent),
                watts(reading.outputPower), load.map { "\($0)" },
                volts(reading.batteryVoltage), amperes(reading.batteryCurrent),
                reading.batteryCharge.map { "\($0)" },
            ] + reading.cellVoltages.map(volts) + [reading.temperatureCelsius.map { "\($0)" }]
        return fields.map { $0 ?? "" }.joined(separator: ";") + "\n"
    }

    private var load: Int? {
        guard let power = reading.outputPower, nominalPower.watts > 0 else { return nil }
        return Int((power.watts / nominalPower.watts * 100).rounded())
    }

    private func volts(_ value: Voltage?) -> String? { value.map { thousandths($0.millivolts) } }
    private func amperes(_ value: Current?) -> String? {
        value.map { thousandths($0.milliamperes) }
    }
    private func watts(_ value: Power?) -> String? {
        value.map { thousandths(Int(($0.watts * 1000).rounded())) }
    }
}

/// 12600 as `12.600`.
public func thousandths(_ value: Int) -> String {
    let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 1000)
    let digits = String(rest)
    let zeros = String(repeating: "0", count: 3 - digits.count)
    return "\(value < 0 ? "-" : "")\(whole).\(zeros)\(digits)"
}
