// The discovery document: one JSON text that tells Home Assistant everything about the UPS. Called
// by the publisher; pure.

public import UPS

public struct HomeAssistantDocument: Sendable {
    /// Of the device; the beginning of every unique id.
    private let identifier: String
    private let topics: MQTTTopics
    private let acceptsCommands: Bool
    /// The dashboard's address; nil: there is none that others could open.
    private let url: String?

    public init(identifier: String, topics: MQTTTopics, acceptsCommands: Bool, url: String?) {
        self.identifier = identifier
        self.topics = topics
        self.acceptsCommands = acceptsCommands
        self.url = url
    }

    /// `identity` is what to say of the UPS; of the snapshot only what a person has configured.
    public func json(_ identity: Identity, in snapshot: Snapshot) -> String {
        let version = JSON.string(snapshot.installation.version)
        return JSON.object([
            ("device", device(identity, in: snapshot)),
            ("origin", .object([("name", .string("ups-server")), ("sw_version", version)])),
            ("availability", availability(of: .ups)),
            ("availability_mode", .string("all")),
            ("qos", .integer(1)),
            ("components", .object(components)),
        ]).text
    }

    // MARK: The device

    private func device(_ identity: Identity, in snapshot: Snapshot) -> JSON {
        let hardware = [identity.hardwareRevision, identity.firmware.map { "firmware \($0)" }]
        let hardwareText = hardware.compactMap { $0 }.joined(separator: ", ")
        let model = [identity.series, identity.batteryType].compactMap { $0 }
        let modelText = model.joined(separator: " with ")
        let members: [(String, String?)] = [
            ("name", deviceName(snapshot.rating.name)),
            ("manufacturer", "Bicker Elektronik"),
            ("model", modelText.isEmpty ? nil : modelText),
            ("serial_number", identity.serial),
            ("hw_version", hardwareText.isEmpty ? nil : hardwareText),
            ("sw_version", "ups-server \(snapshot.installation.version)"),
            ("configuration_url", url),
        ]
        let known = members.compactMap { name, value in value.map { (name, JSON.string($0)) } }
        return .object([("identifiers", .array([.string(identifier)]))] + known)
    }

    /// The configured one, else one by the id. Home Assistant puts it before the names of the
    /// entities, none of which may begin with it.
    private func deviceName(_ configured: String) -> String {
        let name = configured.isEmpty ? "UPS \(topics.id)" : configured
        let entities = MQTTStateTopic.all.compactMap(\.entity?.name)
        let isBeginning = entities.contains { $0.lowercased().hasPrefix(name.lowercased()) }
        return isBeginning ? "\(name) (\(topics.id))" : name
    }

    // MARK: The components

    private var components: [(String, JSON)] {
        let states = MQTTStateTopic.all.compactMap { topic in
            topic.entity.map { (topic.name, component(topic.name, $0.state(from: topic.name))) }
        }
        return states + [("event", component("event", .upsEvent))] + commands
    }

    /// Reduced to their platform when they are not there: then Home Assistant forgets them.
    private var commands: [(String, JSON)] {
        let senders = Command.Name.allCases.compactMap { name in
            name.entity.map { (name.rawValue, $0) }
        }
        return (senders + [("command_result", .commandResult)]).map { key, entity in
            let platform = JSON.string(entity.platform.rawValue)
            let reduced = JSON.object([("platform", platform)])
            return (key, acceptsCommands ? component(key, entity) : reduced)
        }
    }

    /// `key` must never change: with another one the entity would be another one.
    private func component(_ key: String, _ entity: HomeAssistantEntity) -> JSON {
        let platform = entity.platform.rawValue
        let defaultID = "\(platform).\(topics.entityPrefix)_\(key)"
        var members: [(String, JSON)] = [
            ("platform", .string(platform)),
            ("unique_id", .string("\(identifier)_\(key)")),
            ("default_entity_id", .string(defaultID)),
            ("name", .string(entity.name)),
        ]
        if entity.isCommand { members.append(("command_topic", .string(topics.command))) }
        for (option, topic) in [
            ("state_topic", entity.state), ("json_attributes_topic", entity.attributes),
        ] {
            if let topic { members.append((option, .string("\(topics.base)/\(topic)"))) }
        }
        members += entity.options
        if entity.source == .daemon { members.append(("availability", availability(of: .daemon))) }
        return .object(members)
    }

    private func availability(of source: HomeAssistantEntity.Source) -> JSON {
        let daemon = JSON.object([("topic", .string(topics.availability))])
        let ups = JSON.object([("topic", .string("\(topics.base)/link"))])
        return .array(source == .daemon ? [daemon] : [daemon, ups])
    }
}
