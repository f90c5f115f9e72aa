// What Web, the publisher and the recorder count beside the snapshot, each on its own thread. Shown
// by `/metrics`.

/// Of the port. Web counts.
public struct PortCounters: Equatable, Sendable {
    /// Connections at this moment.
    public var clients = 0
    public var nisClients = 0
    public var nutClients = 0
    public var webSocketClients = 0
    /// Connections closed at once because there were too many.
    public var refusedClients = 0
    /// Commands and other texts that were ignored because their sender wanted no answer.
    public var ignoredCommands = 0
    /// WebSocket clients that stopped reading.
    public var droppedClients = 0

    public init() {}
}

/// Of MQTT. The publisher counts.
public struct BrokerCounters: Equatable, Sendable {
    public var isConnected = false
    public var connections = 0
    /// Given up because the broker was away for too long.
    public var eventsDropped = 0

    public init() {}
}

public struct SinkCounters: Equatable, Sendable {
    public var port = PortCounters()
    /// Nil: there is no MQTT.
    public var broker: BrokerCounters?
    /// Log lines, measurements and events that came faster than they could be written.
    public var recordsLost = 0

    public init() {}
}
