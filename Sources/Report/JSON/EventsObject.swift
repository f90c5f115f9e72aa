// The events as JSON, for `/api/events` and the control socket. Called by Web.

public import UPS

public enum EventsObject {
    /// At most `limit` events, newest first.
    public static func json(_ snapshot: Snapshot, limit: Int) -> String {
        JSON.object([("events", list(snapshot, limit: limit))]).text
    }

    static func list(_ snapshot: Snapshot, limit: Int) -> JSON {
        let newest = snapshot.events.events.suffix(max(0, limit)).reversed()
        return .array(newest.map { object($0, snapshot) })
    }

    private static func object(_ event: Event, _ snapshot: Snapshot) -> JSON {
        .object([
            ("time", .string(snapshot.wallTime(of: event.time).rfc3339)),
            ("event", .string(event.name.rawValue)),
            ("incident", .string(event.incident?.description)),
            ("text", .string(event.text)),
            ("sentence", .sentence(event.message)),
        ])
    }
}
