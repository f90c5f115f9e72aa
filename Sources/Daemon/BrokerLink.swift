// The MQTT outlet as it is now: none, or a Publisher that a reload may replace. Wakes may come from
// any thread.

import Configuration
import MQTT
import Synchronization
import UPS

final class BrokerLink: Sendable {
    private static let replaceLimit = Duration.seconds(1)
    private static let longestPassword = 4096

    private let uplink: Uplink
    private let present = Mutex<Publisher?>(nil)

    init(uplink: Uplink) {
        self.uplink = uplink
    }

    func wake() {
        present.withLock { $0 }?.wake()
    }

    func stop(within limit: Duration) {
        present.withLock { $0 }?.stop(within: limit)
    }

    /// Ends the present connection and makes the configured one, if any. May wait.
    func replace(
        with broker: Configuration.Broker?, host: String, server: Configuration.Server
    ) {
        let former = present.withLock { present in
            defer { present = nil }
            return present
        }
        former?.stop(within: BrokerLink.replaceLimit)
        guard let broker else { return }
        let settings = settings(broker, host: host, server: server)
        let publisher = Publisher(
            settings, uplink: uplink, eventsAfter: former?.delivered ?? 0)
        present.withLock { $0 = publisher }
        if !publisher.start() {
            _ = uplink.submit(.note(.warning, "The thread of MQTT could not be started"))
        }
    }

    private func settings(
        _ broker: Configuration.Broker, host: String, server: Configuration.Server
    ) -> Publisher.Settings {
        var settings = Publisher.Settings(id: broker.id.isEmpty ? topicLevel(host) : broker.id)
        settings.host = broker.host
        settings.port = broker.port
        settings.prefix = broker.prefix
        settings.username = broker.username.isEmpty ? nil : broker.username
        settings.password = password(in: broker.passwordFile)
        settings.acceptsCommands = broker.commands
        settings.keepalive = broker.keepalive
        settings.url = url(server)
        settings.tls = broker.tls.map { configured in
            var tls = Publisher.TLS(caFile: configured.caFile)
            tls.certFile = configured.certFile.isEmpty ? nil : configured.certFile
            tls.keyFile = configured.keyFile.isEmpty ? nil : configured.keyFile
            tls.isInsecure = configured.insecure
            return tls
        }
        return settings
    }

    private func password(in path: String) -> String? {
        guard !path.isEmpty else { return nil }
        do throws(SystemError) {
            return try Configuration.firstLine(of: path, longest: BrokerLink.longestPassword)
        } catch {
            _ = uplink.submit(.note(.warning, "mqtt.passwordFile: \(error)"))
            return nil
        }
    }

    /// The dashboard's address, where others may reach it.
    private func url(_ server: Configuration.Server) -> String? {
        guard let address = server.addresses.first else { return nil }
        let isAny = address == "0.0.0.0" || address == "::"
        let host = isAny ? ThisHost().name : address.contains(":") ? "[\(address)]" : address
        return "http://\(host):\(server.port)/"
    }

    /// A host name may hold nothing that means something in a topic.
    private func topicLevel(_ host: String) -> String {
        String(host.prefix(64).map { "/+#".contains($0) ? "-" : $0 })
    }
}
