// The payloads that are JSON: `info`, `event` and `command/result`. Called by the publisher. What is
// not known is null.

public import UPS

/// What does not change while the UPS and the daemon stay the same.
enum MQTTInfo {
    static func json(_ snapshot: Snapshot, url: String?) -> String {
        let identity = snapshot.identity
        return JSON.object([
            ("series", .string(identity.series)),
            ("batteryType", .string(identity.batteryType)),
            ("serial", .string(identity.serial)),
            ("firmware", .string(identity.firmware)),
            ("hwRevision", .string(identity.hardwareRevision)),
            ("host", .string(snapshot.installation.host)),
            ("version", .string(snapshot.installation.version)),
            ("url", .string(url)),
        ]).text
    }
}

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

extension MQTTCommand {
    /// The answer, for `command/result`.
    public func resultJSON(_ result: CommandResult, in snapshot: Snapshot) -> String {
        JSON.object([
            ("id", .string(id)),
            ("command", .string(name)),
            ("ok", .bool(result.isAccepted)),
            ("message", .string(result.message)),
            ("deadline", .string(result.deadline.map { snapshot.wallTime(of: $0).rfc3339 })),
        ]).text
    }
}
