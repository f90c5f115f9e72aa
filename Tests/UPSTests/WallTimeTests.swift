// Dates as text, against a calendar that counts day by day.

import Testing

@testable import UPS

@Suite struct WallTimeTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (951_868_800, "2000-03-01T00:00:00Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
        (1_795_359_845, "2026-11-22T15:04:05Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
        (253_402_300, "1978-01-11T21:31:40Z"),
    ])
    func rfc3339(_ seconds: Int64, _ expected: String) {
        #expect(WallTime(nanoseconds: seconds * 1_000_000_000).rfc3339 == expected)
        #expect(WallTime(nanoseconds: seconds * 1_000_000_000 + 999_999_999).rfc3339 == expected)
    }

    @Test func ends() {
        #expect(WallTime(nanoseconds: .max).rfc3339 == "2262-04-11T23:47:16Z")
        #expect(WallTime(nanoseconds: .min).rfc3339 == "1677-09-21T00:12:43Z")
    }

    @Test(arguments: [
        (0, "2026-11-22 15:04:05 +0000"), (3600, "2026-11-22 16:04:05 +0100"),
        (-12_600, "2026-11-22 11:34:05 -0330"), (50_400, "2026-11-23 05:04:05 +1400"),
        (20_700, "2026-11-22 20:49:05 +0545"), (-43_200, "2026-11-22 03:04:05 -1200"),
    ])
    func localText(_ offset: Int, _ expected: String) {
        let wall = WallTime(nanoseconds: 1_795_359_845_000_000_000)
        #expect(wall.localText(utcOffset: offset) == expected)
    }

    @Test func everyDayOfFourCenturies() {
        var (year, month, day) = (1800, 1, 1)
        for days in -62_091..<84_006 {
            let date = CivilDate(daysSince1970: days)
            #expect(date.year == year && date.month == month && date.day == day)
            day += 1
            if day > length(of: month, year) { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
        }
        #expect((year, month, day) == (2200, 1, 1))
    }

    private func length(of month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}
