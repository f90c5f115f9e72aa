// One row of the measurement log. Pure.

import Report
public import UPS

/// One row of `ups-server_YYYY-MM-DD.csv`. What is not known is an empty field.
public struct MeasurementRow: Equatable, Sendable {
    static let header =
        (["TIME"] + Quantity.csvColumns.compactMap { $0.csvColumn?.name }).joined(separator: ";")
        + "\n"

    var reading: Reading
    /// What the output can give: LOAD is per cent of it.
    var nominalPower: Power
    var wall: WallTime

    func text(utcOffset: Int) -> String {
        let time = String(wall.localText(utcOffset: utcOffset).prefix(19))
        return ([time] + Quantity.csvColumns.map(field)).joined(separator: ";") + "\n"
    }

    private func field(_ quantity: Quantity) -> String {
        guard let count = reading[quantity, nominalPower],
            let decimals = quantity.csvColumn?.decimals
        else { return "" }
        return fixed(quantity.inUnit(count), decimals)
    }
}

extension MeasurementRow {
    public init(_ snapshot: Snapshot) {
        reading = snapshot.reading
        nominalPower = snapshot.rating.nominalPower
        wall = snapshot.wall
    }
}
