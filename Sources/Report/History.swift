// The last 15 minutes by the second, the last 24 hours in steps of 10 s, and the outages in them,
// in a fixed amount of memory. Kept by Web, made anew from the measurement log by the Daemon.

public import UPS

public struct History: Sendable {
    /// One outage; nil: it goes on.
    struct Outage: Equatable, Sendable {
        var from: BootTime
        var to: BootTime?
    }

    /// The longest time that can be asked for. (s)
    public static let longest = 86400
    static let mostOutages = 500

    private(set) var fine = SampleRing(step: 1, capacity: 900)
    private(set) var coarse = SampleRing(step: 10, capacity: 8640)
    /// Oldest first.
    private(set) var outages: [Outage] = []

    public init() {}

    /// Whether a reading of that moment would be kept: for those that are expensive to make.
    public func wants(_ moment: BootTime, now: BootTime) -> Bool {
        let age = (now - moment).inSeconds
        let ring = age < Double(fine.step * fine.capacity) ? fine : coarse
        return ring.isEmpty(ring.number(of: moment))
    }

    public mutating func add(_ reading: Reading, at moment: BootTime) {
        fine.add(reading, at: fine.number(of: moment))
        coarse.add(reading, at: coarse.number(of: moment))
    }

    /// The last outage as it is now.
    public mutating func note(_ power: PowerHistory) {
        guard let from = power.lastFailure else { return }
        let end = power.lastReturn
        if let open = outages.last, open.from < from, open.to == nil {
            outages[outages.count - 1].to = min(end ?? from, from)
        }
        let to = end.flatMap { $0 >= from ? $0 : nil }
        if outages.last?.from == from {
            outages[outages.count - 1].to = to
        } else if outages.last.map({ $0.from < from }) ?? true {
            append(from: from, to: to)
        }
    }

    public mutating func addOutage(from: BootTime, to: BootTime) {
        append(from: from, to: to)
    }

    /// Takes from an older one what this one does not know. What overlaps with an outage that this
    /// one knows is the same outage.
    public mutating func fill(from older: History) {
        fine.fill(from: older.fine)
        coarse.fill(from: older.coarse)
        let known = outages
        let margin = Duration.seconds(5)
        outages = older.outages.filter { other in
            known.allSatisfy { outage in
                (other.to ?? other.from) + margin < outage.from
                    || outage.to.map { $0 + margin < other.from } ?? false
            }
        }
        for outage in known { append(from: outage.from, to: outage.to) }
    }

    private mutating func append(from: BootTime, to: BootTime?) {
        if outages.count == History.mostOutages { outages.removeFirst() }
        outages.append(Outage(from: from, to: to))
    }
}
