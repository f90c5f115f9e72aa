// What the Daemon tells the Web room at its start, and what can go wrong then.

public import NUT
public import Report
public import UPS

/// The clients that may command through the port.
public enum WebCommands: Equatable, Sendable {
    /// A page of this host, opened on this host.
    case loopback
    /// Every client that sends this token.
    case token(String)
    case off
}

public struct WebSettings: Sendable {
    /// IPv4 or IPv6 literals; names are not resolved.
    public var addresses = ["127.0.0.1"]
    /// 0: the kernel chooses one (for tests).
    public var port = 10024
    /// The folder of the dashboard.
    public var www = ""
    /// The path of the local control socket; empty: none.
    public var controlSocket = ""
    /// The group that may use the control socket; nil: that of the process.
    public var controlSocketGroup: UInt32?
    /// All kinds of connections on the port together.
    public var maxClients = 1200
    /// Of these, raw ones.
    public var maxRawClients = 600
    public var commands = WebCommands.loopback
    /// How NUT's clients call this UPS.
    public var nutNames = NUTNames()
    /// For NUT alone; empty: there is no such listener.
    public var nutAddresses: [String] = []
    public var nutPort = 3493
    /// True while the deciding loop runs. Called on the web thread; must return at once.
    public var isTicking: @Sendable () -> Bool = { true }
    /// Hands a line to the simulated UPS of a demo; nil: there is none. Called on the web thread;
    /// must return at once.
    public var simulator: (@Sendable (String) -> CommandResult)?

    /// Keeps what `WebServer.restore` is to be given by the next daemon. Called on the web thread; must
    /// return at once.
    public var keepHistory: @Sendable ([UInt8]) -> Void = { _ in }
    /// What the other sinks count. Called on the web thread; must return at once.
    public var otherCounters: @Sendable () -> SinkCounters = { SinkCounters() }

    public init() {}
}

public enum WebError: Error, Equatable, CustomStringConvertible {
    case listening(address: String, port: Int, reason: String)
    case controlSocket(path: String, reason: String)
    /// libwebsockets could not be set up, or there is no thread for it.
    case library(String)

    public var description: String {
        switch self {
        case .listening(let address, let port, let reason): "port \(port) on \(address) \(reason)"
        case .controlSocket(let path, let reason): "the control socket \(path) \(reason)"
        case .library(let reason): reason
        }
    }
}
