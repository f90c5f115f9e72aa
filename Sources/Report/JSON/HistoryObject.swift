// The history as JSON, for `/api/history`. Called by Web; some thousand rows are written byte by
// byte, because a text for each number would take a hundred times as long.

public import UPS

public enum HistoryObject {
    private static let columns =
        ["time"] + Quantity.historyColumns.map(\.status.key) + [
            "inputVoltageMin", "inputVoltageMax", "outputVoltageMin", "outputVoltageMax", "socMin",
            "socMax",
        ]

    /// The last `seconds`, 1 to `History.longest`, oldest first: in the smallest step that reaches so
    /// far back. It begins with the first step that has a reading.
    public static func json(_ history: History, _ snapshot: Snapshot, seconds: Int) -> [UInt8] {
        let ring = history.ring(for: seconds)
        let start = snapshot.time - .seconds(seconds)
        var text = JSONBytes()
        text.bytes.reserveCapacity(256 + min(seconds / ring.step, ring.capacity) * 170)
        text.put("{\"seconds\":\(seconds),\"step\":\(ring.step),\"columns\":")
        text.put(JSON.array(columns.map { .string($0) }).text)
        text.put(",\"rows\":[")
        put(ring, after: start, snapshot, to: &text)
        text.put("],\"outages\":")
        text.put(JSON.array(outages(history, snapshot, after: start)).text)
        text.put("}")
        return text.bytes
    }

    /// Those that were not over before `start`; a drill is none.
    private static func outages(
        _ history: History, _ snapshot: Snapshot, after start: BootTime
    ) -> [JSON] {
        let book = snapshot.outages.outages
        let present = snapshot.wasOnBattery ? book.last?.incident : nil
        return book.filter { !$0.isDrill }.compactMap { outage in
            var end = outage.to
            // This host was off when it ended.
            if end == nil, outage.incident != present {
                let limit = Voltage(millivolts: snapshot.rating.inputVoltage.millivolts / 2)
                end = history.lastSeen(ofOutageAt: outage.from, absentBelow: limit)
            }
            guard end.map({ $0 > start }) ?? true else { return nil }
            return .object([
                ("from", OutagesObject.time(outage.from, snapshot)),
                ("to", OutagesObject.time(end, snapshot)),
            ])
        }
    }

    private static func put(
        _ ring: SampleRing, after start: BootTime, _ snapshot: Snapshot, to text: inout JSONBytes
    ) {
        let first = ring.number(of: start) + 1
        // The step that has just begun may have no sample yet.
        let last = max(first - 1, ring.steps.upperBound - 1)
        guard let begin = (first..<last + 1).first(where: { !ring.isEmpty($0) }) else { return }
        let nominal = snapshot.rating.nominalPower
        for number in begin...last {
            if number > begin { text.put(",") }
            text.put("[")
            text.put(time: snapshot.wallTime(of: ring.start(of: number)))
            putValues(of: number, ring, nominal: nominal, to: &text)
            text.put("]")
        }
    }

    private static func putValues(
        of number: Int, _ ring: SampleRing, nominal: Power, to text: inout JSONBytes
    ) {
        func put(_ count: Int?, _ quantity: Quantity) {
            let (digits, decimals) =
                switch quantity.status.form {
                case .whole(let digits): (digits, 0)
                case .decimal(let digits): (digits, digits)
                }
            text.put(number: count.map { quantity.rescaled($0, to: digits) }, decimals: decimals)
        }
        var reading = Reading()
        for quantity in SampleRing.kept { reading[quantity] = ring.value(quantity, at: number) }
        for quantity in Quantity.historyColumns {
            put(reading[quantity, nominal], quantity)
        }
        for extreme in SampleRing.Extreme.allCases {
            put(ring.value(extreme, at: number), extreme.quantity)
        }
    }
}

/// A JSON text that grows at its end.
private struct JSONBytes {
    var bytes: [UInt8] = []
    /// The date of the day that was written last, and its number.
    private var day: (number: Int, text: [UInt8])?

    mutating func put(_ text: String) {
        bytes += text.utf8
    }

    /// RFC 3339, as `WallTime.rfc3339` writes it.
    mutating func put(time: WallTime) {
        let seconds = floored(Int(time.nanoseconds), by: 1_000_000_000).quotient
        let (number, second) = floored(seconds, by: 86400)
        if day?.number != number {
            day = (number, Array("\"\(time.rfc3339.prefix(11))".utf8))
        }
        bytes += day?.text ?? []
        put(digits: second / 3600)
        bytes.append(UInt8(ascii: ":"))
        put(digits: second / 60 % 60)
        bytes.append(UInt8(ascii: ":"))
        put(digits: second % 60)
        put("Z\"")
    }

    /// With a comma before it. The value is in units of the last decimal; zeros at the end go.
    mutating func put(number value: Int?, decimals: Int) {
        bytes.append(UInt8(ascii: ","))
        guard let value else { return put("null") }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        var (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
        put(whole: whole)
        guard rest > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        while rest > 0 {
            scale /= 10
            (whole, rest) = rest.quotientAndRemainder(dividingBy: UInt(scale))
            put(whole: whole)
        }
    }

    private mutating func put(whole value: UInt) {
        if value >= 10 { put(whole: value / 10) }
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    private mutating func put(digits value: Int) {
        bytes.append(UInt8(ascii: "0") + UInt8(value / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(value % 10))
    }
}
