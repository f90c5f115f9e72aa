// The payloads that are JSON: `info`, `event` and `command/result`. Called by the publisher. What
// is not known is null.

public import UPS

/// What does not change while the UPS and the daemon stay the same.
public enum MQTTInfo {
    /// Whose `info` this is, in words, if it is another daemon's or about another UPS. What is not
    /// known on both sides makes no difference.
    public static func other(_ info: String, than ours: Snapshot, url: String?) -> String? {
        guard case .object(let members)? = try? JSONValue(info.utf8),
            let host = members["host"]?.string
        else { return nil }
        func differs(_ key: String, _ own: String?) -> Bool {
            guard let own, let theirs = members[key]?.string else { return false }
            return own != theirs
        }
        guard
            differs("host", ours.installation.host) || differs("serial", ours.identity.serial)
                || differs("url", url)
        else { return nil }
        let serial = members["serial"]?.string.map { " (UPS \($0))" } ?? ""
        return "ups-server on \(host)\(serial)"
    }

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
