// Removes what one UPS has left on the broker. Called by `mqtt-purge` and at the end of a demo, on
// their thread; it waits.

import Report

/// Topics of versions before this one and documents that are not on record go as well, if the broker
/// lets us see them. (One with an access control list may show nothing and not say so.)
public struct Purge {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// Retained messages come without a pause; so long after the last one there is none left.
    private static let silence = Duration.seconds(1)
    private static let limit = Duration.seconds(30)
    /// A discovery document is the largest there may be. (bytes)
    private static let largestMessage = 1 << 20

    private let settings: Publisher.Settings
    private var topics: MQTTTopics { settings.topics }

    public init(_ settings: Publisher.Settings) {
        self.settings = settings
    }

    /// How many topics were removed. 0: none was seen, and those that this version publishes were
    /// cleared all the same.
    public func run() throws(Failure) -> Int {
        do throws(BrokerFailure) {
            let connection = try connected()
            let seen = try collect(connection)
            let hasSeen = seen.contains { isState($0) }
            // A client that may not look at the documents of others sees none at all.
            let remembered = [settings.record.topic].compactMap { $0 }
            let topics = seen.union(remembered).union(hasSeen ? [] : known)
            try clear(topics, connection)
            connection.disconnect()
            return hasSeen ? topics.count : 0
        } catch {
            throw Failure(description: "The MQTT broker \(settings.address): \(error.reason)")
        }
    }

    // MARK: The connection

    private func connected() throws(BrokerFailure) -> BrokerConnection {
        do throws(BrokerFailure) {
            return try connected(isVersion5: true)
        } catch {
            guard error.wantsOlderVersion else { throw error }
            return try connected(isVersion5: false)
        }
    }

    private func connected(isVersion5: Bool) throws(BrokerFailure) -> BrokerConnection {
        let role = BrokerRole(suffix: "-purge", largestMessage: Purge.largestMessage)
        let connection = try BrokerConnection(settings, role, isVersion5: isVersion5)
        try wait(connection) { connection.isConnected }
        return connection
    }

    private func wait(
        _ connection: BrokerConnection, until isDone: () -> Bool
    ) throws(BrokerFailure) {
        let end = ContinuousClock.now + Purge.limit
        while !isDone() {
            guard ContinuousClock.now < end else { throw BrokerFailure("It takes too long") }
            connection.wait(.milliseconds(100))
            if let failure = connection.failure { throw failure }
        }
    }

    // MARK: The topics

    private func collect(_ connection: BrokerConnection) throws(BrokerFailure) -> Set<String> {
        // That we may not look, which is a warning, is no reason not to clear.
        connection.subscribe("\(topics.base)/#")
        connection.subscribe(HomeAssistantTopics(prefix: settings.discoveryPrefix).documents)
        var found: Set<String> = []
        var quietSince = ContinuousClock.now
        try wait(connection) {
            for message in connection.takeArrivals().messages where message.isRetained {
                quietSince = ContinuousClock.now
                if isOurs(message) { found.insert(message.topic) }
            }
            return ContinuousClock.now - quietSince >= Purge.silence
        }
        return found
    }

    private func isOurs(_ message: BrokerMessage) -> Bool {
        if isState(message.topic) { return true }
        return String(decoding: message.payload, as: UTF8.self)
            .contains("\"\(topics.availability)\"")
    }

    private func isState(_ topic: String) -> Bool {
        topic.hasPrefix("\(topics.base)/")
    }

    private var known: Set<String> {
        Set(MQTTStateTopic.all.map { topics.state($0) } + [topics.availability, topics.command])
    }

    /// Home Assistant is to forget the entities before their states go.
    private func clear(
        _ topics: Set<String>, _ connection: BrokerConnection
    ) throws(BrokerFailure) {
        let documents = topics.filter { !isState($0) }
        try publishEmpty(documents, connection)
        let end = ContinuousClock.now + Purge.silence
        if !documents.isEmpty { try wait(connection) { ContinuousClock.now >= end } }
        try publishEmpty(topics.subtracting(documents), connection)
        if let refusal = connection.takeArrivals().warnings.first { throw BrokerFailure(refusal) }
    }

    private func publishEmpty(
        _ topics: Set<String>, _ connection: BrokerConnection
    ) throws(BrokerFailure) {
        var left = Array(topics)
        try wait(connection) {
            while connection.room > 0, let topic = left.popLast() {
                connection.publish(topic, "", retain: true)
            }
            return left.isEmpty && connection.isAllAcknowledged
        }
    }
}
