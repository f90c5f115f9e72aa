// The `shutdown` object of the contract as JSON. Called for the topic `shutdown`.

public import UPS

public enum ShutdownObject {
    public static func json(_ snapshot: Snapshot) -> String {
        Content(snapshot).jsonText
    }

    private struct Content: Encodable {
        enum Key: String, CodingKey {
            case phase, incident, reason, remaining, deadline, delay, latest
        }

        let state: ShutdownState
        let snapshot: Snapshot

        init(_ snapshot: Snapshot) {
            self.snapshot = snapshot
            state = snapshot.shutdown
        }

        /// By hand, because what does not exist is written as null.
        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(state.phase.rawValue, forKey: .phase)
            try object.encode(state.incident?.description, forKey: .incident)
            try object.encode(state.reason?.rawValue, forKey: .reason)
            let remaining = state.remaining(at: snapshot.time)?.roundedSeconds
            try object.encode(remaining, forKey: .remaining)
            try object.encode(time(state.deadline?.time), forKey: .deadline)
            try object.encode(state.delay.roundedSeconds, forKey: .delay)
            try object.encode(time(state.latest), forKey: .latest)
        }

        private func time(_ moment: BootTime?) -> String? {
            moment.map { snapshot.wallTime(of: $0).rfc3339 }
        }
    }
}

extension WallTime {
    /// In UTC and whole seconds: `2026-11-22T15:04:05Z`.
    var rfc3339: String {
        func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
        let seconds = Int((Double(nanoseconds) / 1e9).rounded(.down))
        let second = (seconds % 86400 + 86400) % 86400
        let date = WallTime.date(daysSince1970: (seconds - second) / 86400)
        let year = String(repeating: "0", count: max(0, 4 - "\(date.year)".count)) + "\(date.year)"
        return "\(year)-\(two(date.month))-\(two(date.day))"
            + "T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))Z"
    }

    /// Of the Gregorian calendar; years begin in March here, so that the leap day comes last.
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}
