// One retained topic: its name, its value, when it is published, and how Home Assistant shows it.
// The table of all of them is in MQTTStateTopic+Table.

public import UPS

public struct MQTTStateTopic: Sendable {
    enum Pace: Equatable, Sendable {
        case atOnce
        /// On a change by so many of the last decimal at least, and at most once a second.
        case measured(deadband: Int)
    }

    /// Below the base.
    public let name: String
    let pace: Pace
    /// Nil: it is only beside the state of another topic.
    let entity: HomeAssistantEntity?
    let value: @Sendable (Snapshot) -> MQTTStateValue

    init(
        _ name: String, _ pace: Pace, _ entity: HomeAssistantEntity?,
        _ value: @escaping @Sendable (Snapshot) -> MQTTStateValue
    ) {
        self.name = name
        self.pace = pace
        self.entity = entity
        self.value = value
    }

    /// `url` is the dashboard's address, as `info` tells it.
    public func payload(_ snapshot: Snapshot, url: String?) -> String {
        value(snapshot).text(in: snapshot, url: url)
    }
}
