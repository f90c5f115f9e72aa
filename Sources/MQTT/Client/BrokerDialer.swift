// Makes connections to the broker: in a process of their own, or by the library in this one. Used by
// the publisher's thread.

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
        let connection: any BrokerClient
        if let spawn {
            connection = try ClientProcess(settings, role, isVersion5: isVersion5, spawn: spawn)
        } else {
            if tls == nil { tls = try settings.tlsContext() }
            connection = try BrokerConnection(settings, role, tls: tls, isVersion5: isVersion5)
        }
        try connection.open()
        return connection
    }

    /// Files that were corrected, or renewed, are read again.
    mutating func forgetFiles() {
        tls = nil
    }
}
