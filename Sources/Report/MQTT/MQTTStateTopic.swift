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

/// What a state topic says, before it is text: compared with what was published last.
enum MQTTStateValue: Equatable, Sendable {
    /// Published as `None`, which Home Assistant takes for unknown.
    case unknown
    case flag(Bool)
    case text(String)
    /// A number as a whole count of its last decimal: 12600 with 3 decimals is `12.600`.
    case number(Int, decimals: Int)
    /// Without what remains: that changes all the time.
    case shutdown(ShutdownState)
    case info(Identity)
    case outage(PastOutage?)

    static func flag(_ value: Bool?) -> MQTTStateValue {
        value.map { .flag($0) } ?? .unknown
    }

    static func count(_ value: Int?, decimals: Int = 0) -> MQTTStateValue {
        value.map { .number($0, decimals: decimals) } ?? .unknown
    }

    func text(in snapshot: Snapshot, url: String?) -> String {
        switch self {
        case .unknown: "None"
        case .flag(let isOn): isOn ? "ON" : "OFF"
        case .text(let text): text
        case .number(let count, let decimals): decimal(count, decimals)
        case .shutdown: StatusObject.shutdown(snapshot).text
        case .outage(let outage): OutagesObject.object(outage, snapshot).text
        case .info: MQTTInfo.json(snapshot, url: url)
        }
    }
}
