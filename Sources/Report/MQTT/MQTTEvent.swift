// The payload of the topic `event`. Called by the publisher.

public import UPS

public enum MQTTEvent {
    /// The snapshot tells where its clock stands. The values are in %, V and V.
    public static func json(_ event: Event, in snapshot: Snapshot) -> String {
        JSON.object([
            ("time", .string(snapshot.wallTime(of: event.time).rfc3339)),
            ("event", .string(event.name.rawValue)),
            ("incident", .string(event.incident?.description)),
            ("text", .string(event.text)),
            (
                "values",
                .object([
                    ("charge", .integer(event.charge)),
                    ("batteryVoltage", .decimal(event.batteryVoltage?.volts, 3)),
                    ("inputVoltage", .decimal(event.inputVoltage?.volts, 3)),
                ])
            ),
        ]).text
    }
}
