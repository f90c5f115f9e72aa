// Dates as the log files show them. Pure: the offset of the time zone is handed in.

import Glibc
import UPS

struct LocalTime {
    private let fields: tm

    /// `utcOffset` as `BootClock.utcOffset(at:)` gives it. (s)
    init(_ wall: WallTime, utcOffset: Int) {
        // Rounded down, also before 1970: a host without a battery-backed clock may start there.
        let rounding: Int64 = wall.nanoseconds < 0 ? 999_999_999 : 0
        var seconds = time_t((wall.nanoseconds - rounding) / 1_000_000_000) + utcOffset
        var fields = tm()
        gmtime_r(&seconds, &fields)
        fields.tm_gmtoff = utcOffset
        self.fields = fields
    }

    /// `2026-01-31`
    var day: String { formatted("%Y-%m-%d") }
    /// `2026-01-31 13:05:09`
    var stamp: String { formatted("%Y-%m-%d %H:%M:%S") }
    /// `2026-01-31 13:05:09 +0100`
    var stampWithOffset: String { formatted("%Y-%m-%d %H:%M:%S %z") }

    private func formatted(_ format: String) -> String {
        var fields = fields
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let count = strftime(buffer.baseAddress!, buffer.count, format, &fields)
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
