// What `watch` shows: the status, two small graphs, the last events and the keys. Pure: values and
// the size of the terminal in, lines out.

import Report

struct WatchScreen {
    /// Of one sample a second, what the graphs show.
    struct Samples {
        static let capacity = 900

        private(set) var charge: [Double?] = []
        private(set) var power: [Double?] = []
        private var last: String?

        /// The rows of `/api/history`.
        init(_ history: StatusValues = StatusValues([:])) {
            guard case .array(let columns)? = history["columns"],
                case .array(let rows)? = history["rows"]
            else { return }
            let names = columns.map(\.string)
            for case .array(let row) in rows where row.count == names.count {
                let members = zip(names, row).map { ($0 ?? "", $1) }
                take(StatusValues(Dictionary(members) { first, _ in first }))
            }
        }

        /// The status, or a row: the first one of each second counts.
        mutating func take(_ values: StatusValues) {
            guard let time = values.string("time"), time != last else { return }
            last = time
            charge.append(values.number("soc"))
            power.append(values.number("outputPower"))
            guard charge.count > Samples.capacity else { return }
            charge.removeFirst()
            power.removeFirst()
        }
    }

    var status: [String: JSONValue]?
    var samples = Samples()
    /// Oldest first, as they are shown.
    var events: [InkedLine] = []
    /// The answer to the last key, or why there is no status.
    var message = InkedLine()
    /// The seconds that are being typed after `d`; nil: none are.
    var typed: String?

    private static let axisWidth = 6
    private static let graphHeight = 4
    private static let barWidth = 30

    /// Exactly so many lines.
    func lines(width: Int, height: Int) -> [InkedLine] {
        var top: [InkedLine] = []
        if let status {
            top = StatusTable(status).lines
            if let bar = countdown(StatusValues(status)) { top.insert(bar, at: 1) }
            top += [""] + graphs(width: width)
        }
        let bottom = [message, keys]
        let room = height - bottom.count
        let rest = room - top.count - 2
        if rest > 0, !events.isEmpty {
            top += ["", InkedLine("Events", .dim)] + events.suffix(rest)
        }
        let blank = [InkedLine](repeating: "", count: max(0, room - top.count))
        return Array((top.prefix(max(0, room)) + blank + bottom).suffix(height))
    }

    private var keys: InkedLine {
        if let typed {
            var line = InkedLine("Shutdown in how many seconds? ", .bold)
            line.add(typed + "_", .bold)
            line.add("   Enter to send, Esc to leave", .dim)
            return line
        }
        var line = InkedLine()
        for (key, does) in [("q", "quit"), ("c", "cancel the shutdown"), ("d", "delay it")] {
            line.add(key, .bold)
            line.add(" \(does)    ", .dim)
        }
        return line
    }

    /// What is left of the time between now and the shutdown.
    private func countdown(_ values: StatusValues) -> InkedLine? {
        let shutdown = values.object("shutdown")
        guard shutdown.phase == .pending, let left = shutdown.number("remaining"),
            let delay = shutdown.number("delay")
        else { return nil }
        let share = min(1, left / max(1, delay, left))
        let full = Int((share * Double(WatchScreen.barWidth)).rounded(.up))
        var line = InkedLine("Shutdown in \(StatusValues.duration(Int(left)))  ", .alarm)
        line.add(" ")
        line.add(String(repeating: "█", count: full), .yellow)
        line.add(String(repeating: "░", count: WatchScreen.barWidth - full), .dim)
        return line
    }

    private func graphs(width: Int) -> [InkedLine] {
        let columns = max(10, width - WatchScreen.axisWidth - 1)
        let most = samples.power.compactMap { $0 }.max() ?? 0
        let top = max(10, (most / 10).rounded(.up) * 10)
        return graph("Charge, %", samples.charge, 0...100, columns, .green)
            + graph("Output, W", samples.power, 0...top, columns, .plain)
    }

    private func graph(
        _ title: String, _ values: [Double?], _ range: ClosedRange<Double>, _ columns: Int,
        _ ink: Ink
    ) -> [InkedLine] {
        let line = Sparkline(values: values, range: range)
        let rows = line.rows(width: columns, height: WatchScreen.graphHeight)
        let span = StatusValues.duration(min(columns, values.count))
        var heading = InkedLine(title, .dim)
        heading.add(values.isEmpty ? "" : ", last \(span)", .dim)
        return [heading]
            + rows.enumerated().map { index, row in
                let isEdge = index == 0 || index == rows.count - 1
                let value = index == 0 ? range.upperBound : range.lowerBound
                let label = isEdge ? fixed(value, 0) : ""
                let blanks = String(repeating: " ", count: WatchScreen.axisWidth - label.count - 2)
                var inked = InkedLine("\(blanks)\(label) \(isEdge ? "┤" : "│")", .dim)
                inked.add(row, ink)
                return inked
            }
    }
}
