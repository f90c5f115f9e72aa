// The topics of one UPS on the broker, by name. Used by the MQTT room and by what describes them to
// Home Assistant.

/// Everything lies below `PREFIX/ID`, for example `ups/workhorse`.
public struct MQTTTopics: Equatable, Sendable {
    public let base: String

    public init(prefix: String, id: String) {
        base = "\(prefix)/\(id)"
    }

    /// `online` or `offline`: the daemon and the broker. Retained, and the will.
    public var availability: String { "\(base)/availability" }
    /// What happened, in order. Not retained.
    public var event: String { "\(base)/event" }
    /// Received here.
    public var command: String { "\(base)/command" }
    /// The answers. Not retained.
    public var commandResult: String { "\(base)/command/result" }

    /// Retained.
    public func state(_ topic: MQTTStateTopic) -> String { "\(base)/\(topic.name)" }
}
