// The events as JSON, for `/api/events` and the control socket. Called by Web.

public import UPS

public enum EventsObject {
    /// At most `limit` events, newest first.
    public static func json(_ snapshot: Snapshot, limit: Int) -> String {
        JSON.object([("events", list(snapshot, limit: limit))]).text
    }

    static func list(_ snapshot: Snapshot, limit: Int) -> JSON {
        let newest = snapshot.events.events.suffix(max(0, limit)).reversed()
        return .array(
            newest.map { event in
                .object(members(event, snapshot) + [("sentence", .sentence(event.message))])
            })
    }

    /// Those that MQTT has, too.
    static func members(_ event: Event, _ snapshot: Snapshot) -> [(String, JSON)] {
        [
            ("time", .string(snapshot.wallTime(of: event.time).rfc3339)),
            ("event", .string(event.name.rawValue)),
            ("incident", .string(event.incident?.description)),
            ("text", .string(event.text)),
        ]
    }
}
