// The topics of one UPS on the broker, by name. Used by the MQTT room and by what describes them to
// Home Assistant.

/// Everything lies below `PREFIX/ID`, for example `ups/workhorse`.
public struct MQTTTopics: Equatable, Sendable {
    public let base: String
    let id: String

    public init(prefix: String, id: String) {
        base = "\(prefix)/\(id)"
        self.id = id
    }

    /// `online` or `offline`: the daemon and the broker. Retained, and the will.
    public var availability: String { "\(base)/availability" }
    /// Who the daemon and the UPS are. Retained.
    public var info: String { "\(base)/info" }
    /// What happened, in order. Not retained.
    public var event: String { "\(base)/event" }
    /// Received here.
    public var command: String { "\(base)/command" }
    /// The answers. Not retained.
    public var commandResult: String { "\(base)/command/result" }

    /// Retained.
    public func state(_ topic: MQTTStateTopic) -> String { "\(base)/\(topic.name)" }

    /// What the ids of the entities in Home Assistant begin with: `ups_workhorse`.
    var entityPrefix: String {
        let words = base.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
        return words.joined(separator: "_")
    }
}

/// Home Assistant's own topics, below its discovery prefix.
public struct HomeAssistantTopics: Equatable, Sendable {
    let prefix: String

    public init(prefix: String) {
        self.prefix = prefix
    }

    /// `online` when Home Assistant has started.
    public var birth: String { "\(prefix)/status" }

    /// Retained: the discovery document of a device.
    public func document(of identifier: String) -> String {
        "\(prefix)/device/\(identifier)/config"
    }

    /// The documents of all devices.
    public var documents: String { document(of: "+") }
}
