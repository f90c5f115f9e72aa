// Makes the history of the last day from the measurement log, after a restart. Called once, on the
// Recorder's thread: it reads some megabytes.

import Glibc
import Report
import UPS

struct MeasurementHistory {
    /// Of one day; with the shortest `poll.values` a day has about 40 MB.
    private static let mostBytes = 64 * 1024 * 1024
    /// The same part of the nominal voltage as where the flag and the voltage are compared.
    private static let absentBelow = 0.5
    /// Rows that are further apart do not show what was between them.
    private static let longestGap = Duration.seconds(10)

    private let now: BootTime
    private let wall: WallTime
    private let absentBelow: Int
    private var history = History()
    private var zone = LocalHour()
    private var outage: (from: BootTime, last: BootTime)?

    /// The outages follow from the input voltage: the log has no power flag.
    static func read(folder: String, rating: Rating, now: BootTime, wall: WallTime) -> History {
        var reader = MeasurementHistory(now: now, wall: wall, rating: rating)
        for age in [History.longest, 0] {
            let moment = WallTime(nanoseconds: wall.nanoseconds - Int64(age) * 1_000_000_000)
            let utcOffset = BootClock.utcOffset(at: moment)
            let day = LocalTime(moment, utcOffset: utcOffset).day
            let path = "\(folder)/\(MeasurementLog.fileName(day: day))"
            eachLine(of: path, last: mostBytes) { reader.take($0) }
        }
        reader.endOutage()
        return reader.history
    }

    private init(now: BootTime, wall: WallTime, rating: Rating) {
        (self.now, self.wall) = (now, wall)
        let limit = rating.inputVoltage.volts * MeasurementHistory.absentBelow
        absentBelow = Int(limit * 1000)
    }

    private mutating func take(_ line: ArraySlice<UInt8>) {
        guard let seconds = zone.seconds(of: line) else { return }
        let age = Duration.nanoseconds(wall.nanoseconds) - .seconds(seconds)
        guard age >= .zero, age < .seconds(History.longest) else { return }
        let moment = now - age
        // Most rows are not needed in full: there are ten of them for one place.
        let isWanted = history.wants(moment, now: now)
        let fields = MeasurementFields(line, limit: isWanted ? .max : 2)
        follow(fields.voltage(1)?.millivolts, at: moment)
        if isWanted, let reading = fields.reading { history.add(reading, at: moment) }
    }

    private mutating func follow(_ inputMillivolts: Int?, at moment: BootTime) {
        if let outage, moment - outage.last > MeasurementHistory.longestGap { endOutage() }
        guard let inputMillivolts else { return }
        if inputMillivolts < absentBelow {
            outage = (outage?.from ?? moment, moment)
        } else if let begun = outage {
            outage = (begun.from, moment)
            endOutage()
        }
    }

    private mutating func endOutage() {
        guard let outage else { return }
        history.addOutage(from: outage.from, to: outage.last)
        self.outage = nil
    }
}

/// Reads local times without a zone. Within an hour of the clock that needs no look at the zone.
private struct LocalHour {
    private var hour: ArraySlice<UInt8> = []
    private var start = 0

    /// Of `YYYY-MM-DD HH:MM:SS` at the beginning of the line, since 1970; nil: something else.
    mutating func seconds(of line: ArraySlice<UInt8>) -> Int? {
        guard line.count > 19, line[line.startIndex + 19] == UInt8(ascii: ";") else { return nil }
        func number(_ offset: Int, _ count: Int = 2) -> Int? {
            let begin = line.startIndex + offset
            return decimal(line[begin..<begin + count])
        }
        let hour = line.prefix(13)
        if hour != self.hour {
            guard let year = number(0, 4), let month = number(5), let day = number(8),
                let clock = number(11)
            else { return nil }
            var fields = tm()
            (fields.tm_year, fields.tm_mon) = (CInt(year - 1900), CInt(month - 1))
            (fields.tm_mday, fields.tm_hour, fields.tm_isdst) = (CInt(day), CInt(clock), -1)
            (start, self.hour) = (mktime(&fields), Array(hour)[...])
        }
        guard let minute = number(14), let second = number(17) else { return nil }
        return start + minute * 60 + second
    }
}

/// The fields of a row of `MeasurementRow`, read back.
private struct MeasurementFields {
    private let fields: [ArraySlice<UInt8>]

    init(_ line: ArraySlice<UInt8>, limit: Int) {
        fields = line.split(
            separator: UInt8(ascii: ";"), maxSplits: limit, omittingEmptySubsequences: false)
    }

    /// Nil: the row is not whole.
    var reading: Reading? {
        guard fields.count == 16 else { return nil }
        var reading = Reading()
        (reading.inputVoltage, reading.inputCurrent) = (voltage(1), current(2))
        (reading.outputVoltage, reading.outputCurrent) = (voltage(4), current(5))
        (reading.batteryVoltage, reading.batteryCurrent) = (voltage(8), current(9))
        reading.batteryCharge = decimal(fields[10])
        reading.cellVoltages = (11...14).map { voltage($0) }
        reading.temperatureCelsius = decimal(fields[15])
        return reading
    }

    func voltage(_ index: Int) -> Voltage? { thousandths(index).map { Voltage(millivolts: $0) } }

    private func current(_ index: Int) -> Current? {
        thousandths(index).map { Current(milliamperes: $0) }
    }

    /// `12.600` as 12600; always three decimals.
    private func thousandths(_ index: Int) -> Int? {
        guard fields.indices.contains(index) else { return nil }
        let field = fields[index]
        let point = field.endIndex - 4
        guard field.count >= 5, field[point] == UInt8(ascii: ".") else { return nil }
        return decimal(field[..<point] + field[(point + 1)...])
    }
}

/// A whole number of at most nine digits, with or without a sign.
private func decimal(_ text: ArraySlice<UInt8>) -> Int? {
    let isNegative = text.first == UInt8(ascii: "-")
    let digits = isNegative ? text.dropFirst() : text
    guard (1...9).contains(digits.count) else { return nil }
    var value = 0
    for byte in digits {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return isNegative ? -value : value
}
