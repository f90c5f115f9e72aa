// The payload of the topic `command/result`. Called by the publisher.

public import UPS

extension MQTTCommand {
    /// The answer, for `command/result`.
    public func resultJSON(_ result: CommandResult, in snapshot: Snapshot) -> String {
        JSON.object([
            ("id", .string(id)),
            ("command", .string(name)),
            ("ok", .bool(result.isAccepted)),
            ("message", .string(result.message.text)),
            ("deadline", .string(result.deadline.map { snapshot.wallTime(of: $0).rfc3339 })),
        ]).text
    }
}
