// Makes connections to the broker: in a process of their own, or by the library in this one. Used by
// the publisher's thread.

public import Glibc

extension Publisher {
    /// Starts the program of the client, `ups-server mqtt-client`, with the socket as its standard
    /// input; the socket stays the caller's.
    public typealias ClientSpawner = @Sendable (_ socket: Int32) throws -> pid_t
}

struct BrokerDialer {
    let settings: Publisher.Settings
    /// Nil: in this process.
    let spawn: Publisher.ClientSpawner?
    private var tls: TLSContext?

    init(_ settings: Publisher.Settings, spawn: Publisher.ClientSpawner?) {
        (self.settings, self.spawn) = (settings, spawn)
    }

    /// On its way, but not there yet. May block where it is made in this process.
    mutating func connection(
        _ role: BrokerRole, isVersion5: Bool
    ) throws(BrokerFailure) -> any BrokerClient {
        let connection = try made(role, isVersion5: isVersion5)
        try connection.open()
        return connection
    }

    private mutating func made(
        _ role: BrokerRole, isVersion5: Bool
    ) throws(BrokerFailure) -> any BrokerClient {
        if let spawn {
            return try ClientProcess(settings, role, isVersion5: isVersion5, spawn: spawn)
        }
        if tls == nil { tls = try settings.tlsContext() }
        return try BrokerConnection(settings, role, tls: tls, isVersion5: isVersion5)
    }

    /// Files that were corrected, or renewed, are read again.
    mutating func forgetFiles() {
        tls = nil
    }
}
