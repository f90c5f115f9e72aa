// An event of the daemon, or a past outage, as a line for a person, in the local time of this
// terminal.

import Glibc
import Platform
import Report
import UPS

enum EventText {
    private static let nameColumn = 21
    private static let textColumn = 44

    static func line(_ event: JSONValue) -> InkedLine {
        guard case .object(let members) = event else { return "" }
        var line = InkedLine(localTime(members["time"]?.string ?? ""), .dim)
        line.add(members["event"]?.string ?? "", .dim, at: nameColumn)
        line.add(members["text"]?.string ?? "", at: textColumn)
        return line
    }

    /// Of `2026-11-22T15:04:05Z`; anything else stays as it is.
    static func localTime(_ text: String) -> String {
        guard let seconds = seconds(text), (0...Int(WallTime.latest.seconds)).contains(seconds)
        else { return text }
        let wall = WallTime(nanoseconds: Int64(seconds) * 1_000_000_000)
        return String(wall.localText(utcOffset: BootClock.utcOffset(at: wall)).prefix(19))
    }

    /// Since 1970, of `2026-11-22T15:04:05Z`.
    static func seconds(_ text: String) -> Int? {
        let numbers = text.split { "-T:Z".contains($0) }.compactMap { CInt($0) }
        guard numbers.count == 6 else { return nil }
        var fields = tm()
        (fields.tm_year, fields.tm_mon, fields.tm_mday) = (
            numbers[0] - 1900, numbers[1] - 1, numbers[2]
        )
        (fields.tm_hour, fields.tm_min, fields.tm_sec) = (numbers[3], numbers[4], numbers[5])
        return timegm(&fields)
    }
}

/// A past outage as a line: begin, length, lowest charge and what followed.
enum OutageText {
    private static let lengthColumn = 21
    private static let chargeColumn = 32
    private static let endColumn = 44

    static func line(_ outage: JSONValue) -> InkedLine {
        guard case .object(let members) = outage else { return "" }
        let values = StatusValues(members)
        let from = values.string("from") ?? ""
        var line = InkedLine(EventText.localTime(from), .dim)
        line.add(length(from, values.string("to")), at: lengthColumn)
        line.add(values["lowestCharge"]?.integer.map { "to \($0) %" } ?? "", at: chargeColumn)
        line.add(end(of: values), at: endColumn)
        let marks = [("drill", "drill"), ("dryRun", "dry run")].filter { values.flag($0.0) }
        for (_, mark) in marks { line.add("  \(mark)", .yellow) }
        return line
    }

    private static func length(_ from: String, _ to: String?) -> String {
        guard let to, let begin = EventText.seconds(from), let end = EventText.seconds(to) else {
            return ""
        }
        return "\(max(0, end - begin)) s"
    }

    private static func end(of values: StatusValues) -> String {
        let because = values.reason.map { ", because \($0)" } ?? ""
        switch values.string("end").flatMap({ PastOutage.End(rawValue: $0) }) {
        case .returned: return "power came back"
        case .committed: return "shut down\(because)"
        case .forced: return "shut down\(because), and ended by force"
        case nil: return values.string("to") == nil ? "goes on" : ""
        }
    }
}
