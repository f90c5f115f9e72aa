// What the publisher is told about its broker. Made by the Daemon from the configuration.

public import Report

extension Publisher {
    public struct Settings: Equatable, Sendable {
        public var host = "127.0.0.1"
        public var port = 1883
        /// With `id` the base of all topics, and the client's name.
        public var prefix = "ups"
        public var id: String
        /// Nil: anonymous.
        public var username: String?
        public var password: String?
        /// False: every command is refused.
        public var acceptsCommands = true
        /// False: Home Assistant is told nothing.
        public var announces = true
        /// Home Assistant's own.
        public var discoveryPrefix = "homeassistant"
        /// What Home Assistant knows already.
        public var record = HomeAssistantRecord()
        /// Between two signs of life. (s)
        public var keepalive = 30
        /// Nil: no TLS.
        public var tls: TLS?
        /// The dashboard's address, as `info` tells it.
        public var url: String?

        /// From CONNECT to its answer, TLS included.
        var answerLimit = Duration.seconds(10)
        /// How long another daemon with our name may keep us away.
        var rivalPatience = Duration.seconds(60)

        public init(id: String) {
            self.id = id
        }

        var clientID: String { "\(prefix)-\(id)" }
        var topics: MQTTTopics { MQTTTopics(prefix: prefix, id: id) }
        var address: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
        var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }
    }

    /// Files are PEM.
    public struct TLS: Equatable, Sendable {
        /// The authorities that are trusted.
        public var caFile: String
        /// The client's certificate and key: both or neither.
        public var certFile: String?
        public var keyFile: String?
        /// The name in the broker's certificate is not compared with the host.
        public var isInsecure = false

        public init(caFile: String) {
            self.caFile = caFile
        }
    }
}
