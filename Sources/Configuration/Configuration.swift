// The configuration as one plain value. Made by `read` or `parse`, handed out by the Daemon; it
// opens nothing that it names.

public import UPS

/// Everything that can be configured; a new value holds the defaults. The names in comments are
/// the keys of the configuration file.
public struct Configuration: Equatable, Sendable {
    public var server = Server()
    /// The group `ups`.
    public var rating = Rating()
    /// The group `poll`.
    public var intervals = PollIntervals()
    /// What the shutdown controller is told, from `server`, `shutdown` and `ups.maxBackupTime`.
    public var policy = ShutdownPolicy()
    /// What is left of the group `shutdown`.
    public var host = Host()
    /// The group `mqtt`; nil: there is no MQTT.
    public var broker: Broker?
    /// The group `nut`; nil: NUT's clients find this daemon on its own port only.
    public var nut: NUT?

    public init() {}
}

extension Configuration {
    /// The group `server` without what belongs to the shutdown policy.
    public struct Server: Equatable, Sendable {
        /// Numeric IPv4 or IPv6 addresses to listen on, each once. (`ip`)
        public var addresses = ["127.0.0.1"]
        public var port = 10024
        public var serial = "/dev/ttyUSB0"
        public var user = Account.unchanged
        public var group = Account.unchanged
        public var daemonize = false
        public var logToFile = false
        public var logDirectory = "/var/lib/ups-server"
        public var eventLog = "/var/lib/ups-server/event.log"
        public var www = "/opt/www/ups-server"
        public var runtimeDirectory = "/run/ups-server"
        public var maxClients = 1200
        /// Never more than `maxClients`.
        public var maxRawClients = 600
        public var webCommands = WebCommands.loopback
        /// Not empty if `webCommands` is `token`; what is in the file is not checked here.
        public var controlTokenFile = ""
        public var stateDirectory = "/var/lib/ups-server"

        public init() {}
    }

    /// A user or a group to change to when started as root.
    public enum Account: Equatable, Sendable {
        case unchanged
        case id(UInt32)
        case name(String)
    }

    /// The clients that may command through the port.
    public enum WebCommands: String, CaseIterable, Sendable {
        case loopback, token, off
    }

    /// How this host is powered off.
    public struct Host: Equatable, Sendable {
        /// A program and its arguments; empty: the built-in way.
        public var command: [String] = []
        /// Further commands, each a program and its arguments.
        public var escalation: [[String]] = []
        public var cutOutput = CutOutput.never
        /// A power-off becomes a reboot when power is back at its end.
        public var rebootIfPowerReturned = true

        public init() {}
    }

    /// A listener for NUT's clients alone, and how they call this UPS.
    public struct NUT: Equatable, Sendable {
        /// Numeric IPv4 or IPv6 addresses to listen on, each once. (`ip`)
        public var addresses = ["127.0.0.1"]
        public var port = 3493
        public var name = "ups"
        /// Accepted as well, but not listed.
        public var aliases: [String] = []

        public init() {}
    }

    /// The MQTT broker.
    public struct Broker: Equatable, Sendable {
        public var host = "127.0.0.1"
        public var port = 1883
        /// One topic level or several.
        public var prefix = "ups"
        /// One topic level; empty: the host name.
        public var id = ""
        public var username = ""
        public var passwordFile = ""
        public var discovery = true
        public var discoveryPrefix = "homeassistant"
        public var commands = true
        /// (s)
        public var keepalive = 30
        /// nil without `tls.caFile`: the connection is not encrypted.
        public var tls: TLS?

        public init() {}
    }

    public struct TLS: Equatable, Sendable {
        public var caFile = ""
        /// The client's certificate and key: both or neither.
        public var certFile = ""
        public var keyFile = ""
        /// The broker's certificate is not checked against its name.
        public var insecure = false

        public init() {}
    }
}
