// The events that the broker has not acknowledged yet, and their payload. A value, owned by the
// publisher; it sends nothing itself.

public import UPS

/// In order, at most 1,000; of more the oldest go, and are counted.
public struct MQTTEventQueue: Sendable {
    static let capacity = 1000

    private var events: [Event] = []
    /// How many of them are on their way on this connection.
    private var sent = 0
    private var newest: UInt64
    private var lost = 0

    /// `number` is the last event that need not be sent any more.
    public init(after number: UInt64 = 0) {
        newest = number
    }

    /// Up to here everything has been acknowledged, or has gone.
    public var delivered: UInt64 { events.first.map { $0.number - 1 } ?? newest }

    /// Every event has been acknowledged.
    public var isEmpty: Bool { events.isEmpty }

    /// Takes what is new in the log.
    public mutating func take(from log: EventLog) {
        let fresh = log.events(after: newest)
        guard let first = fresh.first else { return }
        lost += Int(clamping: first.number - newest - 1)
        events += fresh
        newest = log.newest
        let excess = events.count - MQTTEventQueue.capacity
        guard excess > 0 else { return }
        events.removeFirst(excess)
        sent = max(0, sent - excess)
        lost += excess
    }

    /// The next event to send on this connection.
    public mutating func next() -> Event? {
        guard sent < events.count else { return nil }
        defer { sent += 1 }
        return events[sent]
    }

    public mutating func acknowledge(_ number: UInt64) {
        guard let index = events.prefix(sent).firstIndex(where: { $0.number == number }) else {
            return
        }
        events.remove(at: index)
        sent -= 1
    }

    /// A new connection: what was on its way may have been lost.
    public mutating func rewind() {
        sent = 0
    }

    /// How many were given up since this was asked last.
    public mutating func takeLost() -> Int {
        defer { lost = 0 }
        return lost
    }
}

/// The payload of the topic `event`.
public enum MQTTEvent {
    /// The snapshot tells where its clock stands. The values are in %, V and V.
    public static func json(_ event: Event, in snapshot: Snapshot) -> String {
        let values = JSON.object([
            ("charge", .integer(event.charge)),
            ("batteryVoltage", .decimal(event.batteryVoltage?.volts, 3)),
            ("inputVoltage", .decimal(event.inputVoltage?.volts, 3)),
        ])
        return JSON.object(EventsObject.members(event, snapshot) + [("values", values)]).text
    }
}
