// The payloads that are JSON: `info`, `event` and `command/result`. Called by the publisher. What is
// not known is null, and the keys are sorted.

import FoundationEssentials
public import UPS

/// What does not change while the UPS and the daemon stay the same.
enum MQTTInfo {
    static func json(_ snapshot: Snapshot, url: String?) -> String {
        let identity = snapshot.identity
        return [
            "series": identity.series,
            "batteryType": identity.batteryType,
            "serial": identity.serial,
            "firmware": identity.firmware,
            "hwRevision": identity.hardwareRevision,
            "host": snapshot.installation.host,
            "version": snapshot.installation.version,
            "url": url,
        ].jsonText
    }
}

public enum MQTTEvent {
    /// The snapshot tells where its clock stands.
    public static func json(_ event: Event, in snapshot: Snapshot) -> String {
        Content(
            event: event.name.rawValue, incident: event.incident?.description, text: event.text,
            time: snapshot.wallTime(of: event.time).rfc3339,
            values: [
                "charge": event.charge.map { Double($0) },
                "batteryVoltage": event.batteryVoltage?.volts,
                "inputVoltage": event.inputVoltage?.volts,
            ]
        ).jsonText
    }

    private struct Content: Encodable {
        enum Key: String, CodingKey {
            case event, incident, text, time, values
        }

        let event: String
        let incident: String?
        let text: String
        let time: String
        /// %, V, V
        let values: [String: Double?]

        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(event, forKey: .event)
            try object.encode(incident, forKey: .incident)
            try object.encode(text, forKey: .text)
            try object.encode(time, forKey: .time)
            try object.encode(values, forKey: .values)
        }
    }
}

extension MQTTCommand {
    /// The answer, for `command/result`.
    public func resultJSON(_ result: CommandResult, in snapshot: Snapshot) -> String {
        Content(
            id: id, command: name, isAccepted: result.isAccepted, message: result.message,
            deadline: result.deadline.map { snapshot.wallTime(of: $0).rfc3339 }
        ).jsonText
    }

    private struct Content: Encodable {
        enum Key: String, CodingKey {
            case id, command, ok, message, deadline
        }

        let id: String?
        let command: String?
        let isAccepted: Bool
        let message: String
        let deadline: String?

        func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            try object.encode(id, forKey: .id)
            try object.encode(command, forKey: .command)
            try object.encode(isAccepted, forKey: .ok)
            try object.encode(message, forKey: .message)
            try object.encode(deadline, forKey: .deadline)
        }
    }
}

extension Encodable {
    /// `null` for what JSON cannot say, which none of ours contains.
    var jsonText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
