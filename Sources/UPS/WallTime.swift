// The wall clock and its dates as text: RFC 3339 for programs, apcupsd's form for its clients.
// Pure: the caller knows the offset of the local zone.

/// The wall clock, for display only: nanoseconds since 1970, UTC.
public struct WallTime: Equatable, Hashable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public var seconds: Double { Double(nanoseconds) / 1e9 }

    /// The year 2200: what is later was damaged, and in nanoseconds would soon be no number.
    public static let latest = WallTime(nanoseconds: 7_258_118_400_000_000_000)
}

extension WallTime {
    /// In UTC and whole seconds: `2026-11-22T15:04:05Z`.
    public var rfc3339: String {
        let (date, time) = fields(utcOffset: 0)
        return "\(date)T\(time)Z"
    }

    /// As apcupsd and the event log write it: `2026-11-22 16:04:05 +0100`. The offset is in
    /// seconds east of UTC.
    public func localText(utcOffset: Int) -> String {
        let (date, time) = fields(utcOffset: utcOffset)
        let minutes = abs(utcOffset) / 60
        let zone = digits(minutes / 60, 2) + digits(minutes % 60, 2)
        return "\(date) \(time) \(utcOffset < 0 ? "-" : "+")\(zone)"
    }

    private func fields(utcOffset: Int) -> (date: String, time: String) {
        let (seconds, _) = floored(Int(nanoseconds), by: 1_000_000_000)
        let (days, second) = floored(seconds + utcOffset, by: 86400)
        let date = CivilDate(daysSince1970: days)
        return (
            "\(digits(date.year, 4))-\(digits(date.month, 2))-\(digits(date.day, 2))",
            "\(digits(second / 3600, 2)):\(digits(second / 60 % 60, 2)):\(digits(second % 60, 2))"
        )
    }
}

extension Snapshot {
    /// A moment in local time. Summer time that began or ended since then is not taken off.
    package func localText(of moment: BootTime) -> String {
        wallTime(of: moment).localText(utcOffset: utcOffset)
    }
}

/// A date of the Gregorian calendar, extended backwards.
struct CivilDate: Equatable {
    let year: Int
    let month: Int
    let day: Int

    /// Years begin in March here, so that the leap day is the last one; 400 of them are an era.
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    init(daysSince1970 days: Int) {
        let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
        let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
    }
}

/// Division that rounds down, also below 0: the remainder is never negative.
package func floored(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

/// A number from 0 on with leading zeros.
package func digits(_ value: some BinaryInteger, _ width: Int, radix: Int = 10) -> String {
    let text = String(value, radix: radix)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
