// The last 15 minutes by the second, the last day in steps of 10 s and the last 30 days in steps of
// 5 minutes, in a fixed amount of memory. Kept by Web, and by the Daemon over restarts.

public struct History: Sendable {
    /// The longest time that can be asked for. (s)
    public static let longest = 30 * 86400

    /// The finest first.
    private(set) var rings = [
        SampleRing(step: 1, capacity: 900), SampleRing(step: 10, capacity: 8640),
        SampleRing(step: 300, capacity: 8640),
    ]

    public init() {}

    /// The finest one that reaches so far back. (s)
    package func ring(for seconds: Int) -> SampleRing {
        rings.first { seconds <= $0.step * $0.capacity } ?? rings[rings.count - 1]
    }

    public mutating func add(_ reading: Reading, at moment: BootTime) {
        for index in rings.indices {
            rings[index].add(reading, at: rings[index].number(of: moment))
        }
    }

    /// Up to when an outage was seen: to the first step behind its begin that has no reading, or
    /// input power again.
    package func lastSeen(ofOutageAt begin: BootTime, absentBelow limit: Voltage) -> BootTime {
        let ring = rings.first { $0.steps.lowerBound <= $0.number(of: begin) }
        guard let ring, ring.steps.contains(ring.number(of: begin)) else { return begin }
        let end = (ring.number(of: begin) + 1..<ring.steps.upperBound).first { number in
            ring.value(.inputVoltage, at: number).map { $0 >= limit.millivolts } ?? true
        }
        return max(begin, ring.start(of: end ?? ring.steps.upperBound - 1))
    }
}

/// As it is kept in a file: the moment; for each ring its step and the number of rows; for each row
/// its time and its words. Times are on the wall clock in ms, all numbers little-endian.
extension History {
    private static let mark = Array("ups-server history 1\n".utf8)
    private static let moments = 0...WallTime.latest.nanoseconds / 1_000_000

    /// Whether it begins as one that `kept` has made, and this version can read it.
    public static func isKept(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark) }

    /// `snapshot` tells the clocks of this moment.
    public func kept(_ snapshot: Snapshot) -> [UInt8] {
        var bytes = History.mark
        func put(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
        }
        put(snapshot.wall.nanoseconds / 1_000_000)
        // What is long is not lost with what is damaged behind it.
        for ring in rings.reversed() {
            let filled = ring.steps.filter { !ring.isEmpty($0) }
            put(Int32(ring.step))
            put(Int32(filled.count))
            for number in filled {
                put(snapshot.wallTime(of: ring.start(of: number)).nanoseconds / 1_000_000)
                for word in ring.row(number) { put(word) }
            }
        }
        return bytes
    }

    /// Takes from what was kept what this one does not know. False: the wall clock stands before
    /// the moment at which it was, so it has not been set yet, and another attempt may do; the last
    /// one takes what was before the present. What is not understood is left out.
    public mutating func fill(
        from kept: [UInt8], _ snapshot: Snapshot, isLastAttempt: Bool = false
    ) -> Bool {
        var reader = ByteReader(rest: kept.dropFirst(History.mark.count))
        guard History.isKept(kept), let moment = reader.number(Int64.self),
            History.moments.contains(moment)
        else { return true }
        let wall = Duration.nanoseconds(snapshot.wall.nanoseconds)
        guard isLastAttempt || wall >= .milliseconds(moment) else { return false }
        while let step = reader.number(Int32.self), let count = reader.number(Int32.self) {
            let index = rings.firstIndex { $0.step == Int(step) }
            for _ in 0..<max(0, count) {
                guard let time = reader.number(Int64.self), (0...moment).contains(time),
                    let row = reader.words(SampleRing.width)
                else { return true }
                guard let index, .milliseconds(time) <= wall else { continue }
                // Its middle is in the step that has most of it: steps of another boot lie elsewhere.
                let middle = Duration.milliseconds(time) + .seconds(Int(step)) / 2
                let number = min(
                    rings[index].number(of: snapshot.time - (wall - middle)),
                    rings[index].number(of: snapshot.time))
                // A step that begins before 1970 could not be kept again.
                let start = snapshot.wallTime(of: rings[index].start(of: number))
                if start.nanoseconds >= 0 { rings[index].fill(row, at: number) }
            }
        }
        return true
    }
}

private struct ByteReader {
    var rest: ArraySlice<UInt8>

    /// Nil: the bytes do not reach so far.
    mutating func number<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        let bytes = rest.prefix(MemoryLayout<Number>.size)
        guard bytes.count == MemoryLayout<Number>.size else { return nil }
        rest = rest.dropFirst(bytes.count)
        return bytes.withUnsafeBytes {
            Number(littleEndian: $0.loadUnaligned(as: Number.self))
        }
    }

    mutating func words(_ count: Int) -> [Int16]? {
        let words = (0..<count).compactMap { _ in number(Int16.self) }
        return words.count == count ? words : nil
    }
}
