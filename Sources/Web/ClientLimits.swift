// How many connections the port takes. Asked for each new one; does no I/O.

struct ClientLimits {
    /// Places that only peers on this host get, so that nobody outside can shut them out. With a
    /// small limit, half of it.
    static let keptForLoopback = 16

    let maxClients: Int
    let maxRawClients: Int
    private(set) var clients = 0
    private(set) var rawClients = 0
    private(set) var refused = 0

    init(maxClients: Int, maxRawClients: Int) {
        self.maxClients = maxClients
        self.maxRawClients = maxRawClients
    }

    /// False: close it at once. It is counted.
    mutating func admit(isLoopback: Bool) -> Bool {
        let isAdmitted = clients < places(of: maxClients, isLoopback)
        if isAdmitted { clients += 1 } else { refused += 1 }
        return isAdmitted
    }

    /// Asked when a connection that was admitted turns out to be a raw one.
    mutating func admitRaw(isLoopback: Bool) -> Bool {
        let isAdmitted = rawClients < places(of: maxRawClients, isLoopback)
        if isAdmitted { rawClients += 1 } else { refused += 1 }
        return isAdmitted
    }

    /// Counts a connection that the kernel had no descriptor for.
    mutating func refuse() {
        refused += 1
    }

    mutating func leave(isRaw: Bool) {
        clients -= 1
        if isRaw { rawClients -= 1 }
    }

    private func places(of limit: Int, _ isLoopback: Bool) -> Int {
        isLoopback ? limit : limit - min(ClientLimits.keptForLoopback, limit / 2)
    }
}
