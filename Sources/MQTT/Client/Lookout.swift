// Looks whether another daemon publishes under our name, because not every broker says why it ended
// a connection. Used by the publisher's thread after that; must not end the other's connection.

import Report
import UPS

struct Lookout {
    /// To be let in.
    private static let answerLimit = Duration.seconds(2)
    /// Retained messages come at once, if they come at all.
    private static let patience = Duration.milliseconds(500)

    let shared: Publisher.Shared
    let isVersion5: Bool
    private var topics: MQTTTopics { shared.settings.topics }

    /// The other daemon. Nil: there is none, or that is not known.
    func rival() -> String? {
        let role = BrokerRole(suffix: "-lookout")
        guard let connection = try? shared.connection(role, isVersion5: isVersion5) else {
            return nil
        }
        let found = look(connection)
        connection.disconnect()
        guard found[topics.availability] == "online", let info = found[topics.info] else {
            return nil
        }
        return MQTTInfo.other(info, than: shared.uplink.latest(), url: shared.settings.url)
    }

    private func look(_ connection: any BrokerClient) -> [String: String] {
        var found: [String: String] = [:]
        var end = ContinuousClock.now + Lookout.answerLimit
        var hasAsked = false
        while connection.failure == nil, found.count < 2, ContinuousClock.now < end,
            shared.stop == nil
        {
            connection.wait(.milliseconds(50))
            for message in connection.takeArrivals().messages {
                found[message.topic] = String(decoding: message.payload, as: UTF8.self)
            }
            guard connection.isConnected, !hasAsked else { continue }
            connection.subscribe(topics.availability)
            connection.subscribe(topics.info)
            hasAsked = true
            end = .now + Lookout.patience
        }
        return found
    }
}
