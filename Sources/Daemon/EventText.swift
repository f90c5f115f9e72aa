// An event of the daemon as a line for a person, in the local time of this terminal.

import Glibc
import Report

enum EventText {
    private static let nameColumn = 21
    private static let textColumn = 44

    static func line(_ event: JSONValue) -> InkedLine {
        guard case .object(let members) = event else { return "" }
        var line = InkedLine(localTime(members["time"]?.string ?? ""), .dim)
        line.pad(to: nameColumn)
        line.add(members["event"]?.string ?? "", .dim)
        line.pad(to: textColumn)
        line.add(members["text"]?.string ?? "")
        return line
    }

    /// Of `2026-11-22T15:04:05Z`; anything else stays as it is.
    static func localTime(_ text: String) -> String {
        let numbers = text.split { "-T:Z".contains($0) }.compactMap { CInt($0) }
        guard numbers.count == 6 else { return text }
        var fields = tm()
        (fields.tm_year, fields.tm_mon, fields.tm_mday) = (
            numbers[0] - 1900, numbers[1] - 1, numbers[2]
        )
        (fields.tm_hour, fields.tm_min, fields.tm_sec) = (numbers[3], numbers[4], numbers[5])
        var moment = timegm(&fields)
        guard localtime_r(&moment, &fields) != nil else { return text }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            let count = strftime(buffer.baseAddress!, buffer.count, "%Y-%m-%d %H:%M:%S", &fields)
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
