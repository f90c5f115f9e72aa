// The past outages: begin, end, lowest charge and what followed. Kept by the Watch, and by the
// Daemon over restarts; decides nothing.

public struct PastOutage: Equatable, Sendable {
    /// How it ended.
    public enum End: String, CaseIterable, Sendable {
        /// Input power came back in time.
        case returned
        /// This host was shut down.
        case committed
        /// It was, and that shutdown had no end of its own.
        case forced
    }

    public var incident: String
    /// When it was confirmed. Before this boot it is negative.
    public var from: BootTime
    /// Nil: it goes on, or this host was off when it ended.
    public var to: BootTime?
    /// In percent; nil: it was never told.
    public var lowestCharge: Int?
    /// Of the shutdown; nil: there was none.
    public var reason: Reason?
    public var end: End?
    public var isDrill = false
    public var isDryRun = false

    public init(incident: String, from: BootTime) {
        (self.incident, self.from) = (incident, from)
    }
}

public struct OutageBook: Sendable {
    public static let capacity = 365

    /// With these it changes in what is to be kept.
    public static let events: Set<Event.Name> = [.powerFail, .shutdownCommitted, .powerGood]

    /// Oldest first.
    public private(set) var outages: [PastOutage] = []

    /// `outages` are those of an earlier daemon, oldest first.
    public init(_ outages: [PastOutage] = []) {
        self.outages = Array(outages.suffix(OutageBook.capacity))
    }

    /// What an event means for its outage. `reason` and `isDry` are of what is committed now, if
    /// anything is; a drill is always dry.
    public mutating func take(_ event: Event, isDrill: Bool, reason: Reason?, isDry: Bool) {
        switch event.name {
        case .powerFail:
            guard let index = index(from: event, isDrill: isDrill) else { return }
            // Of one that was there it is the same outage after a return that was none.
            outages[index].to = nil
            if outages[index].end == .returned { outages[index].end = nil }
        case .shutdownCommitted:
            guard let index = index(from: event, isDrill: isDrill) else { return }
            outages[index].reason = reason
            outages[index].end = .committed
            outages[index].isDryRun = !isDrill && isDry
        case .powerGood:
            guard let index = index(of: event.incident?.description), outages[index].to == nil
            else { return }
            outages[index].to = event.time
            outages[index].end = outages[index].end ?? .returned
        default: break
        }
    }

    /// While it goes on.
    public mutating func note(charge: Int) {
        guard let last = outages.indices.last, outages[last].to == nil,
            outages[last].lowestCharge.map({ charge < $0 }) ?? true
        else { return }
        outages[last].lowestCharge = charge
    }

    /// The daemon knows more about an outage of a former boot by now.
    public mutating func correct(_ incident: String, end: PastOutage.End) {
        guard let index = index(of: incident) else { return }
        outages[index].end = end
    }

    /// The newest of that incident.
    private func index(of incident: String?) -> Int? {
        outages.lastIndex { $0.incident == incident }
    }

    /// Where the outage of an event stands; it begins with the event if it is a new one.
    private mutating func index(from event: Event, isDrill: Bool) -> Int? {
        guard let incident = event.incident?.description else { return nil }
        if let index = index(of: incident) { return index }
        if outages.count == OutageBook.capacity { outages.removeFirst() }
        var outage = PastOutage(incident: incident, from: event.time)
        outage.isDrill = isDrill
        outage.lowestCharge = event.charge
        outages.append(outage)
        return outages.count - 1
    }
}
