// How many connections the port takes, of all kinds and of raw ones, and how many of both one
// address may hold. Asked for each new one; does no I/O.

struct ClientLimits {
    /// Places that only peers on this host get, so that clients outside cannot shut them out. With a
    /// small limit, half of it.
    static let keptForLoopback = 16

    /// One address outside gets at most a quarter of the places that are not kept, so that it
    /// cannot shut out the others; but so many in any case, which is enough for a browser and for
    /// what stands behind a small router.
    static let shares = 4
    static let leastShare = 16

    private struct Count {
        var clients = 0
        var rawClients = 0
    }

    let maxClients: Int
    let maxRawClients: Int
    private var all = Count()
    /// By `Peer.key`, of the addresses outside that hold a place.
    private var held: [UInt64: Count] = [:]
    private(set) var refused = 0

    var clients: Int { all.clients }
    var rawClients: Int { all.rawClients }
    /// Addresses that are remembered.
    var addresses: Int { held.count }

    init(maxClients: Int, maxRawClients: Int) {
        self.maxClients = maxClients
        self.maxRawClients = maxRawClients
    }

    /// False: close it at once. It is counted.
    mutating func admit(_ peer: Peer) -> Bool {
        admit(peer, as: \.clients, most: maxClients)
    }

    /// Asked when a connection that was admitted turns out to be a raw one.
    mutating func admitRaw(_ peer: Peer) -> Bool {
        admit(peer, as: \.rawClients, most: maxRawClients)
    }

    /// Counts a connection that the kernel had no descriptor for.
    mutating func refuse() {
        refused += 1
    }

    mutating func leave(_ peer: Peer, isRaw: Bool) {
        if isRaw { count(peer, as: \.rawClients, -1) }
        // The last, because with it the address is forgotten.
        count(peer, as: \.clients, -1)
    }

    private mutating func admit(
        _ peer: Peer, as kind: WritableKeyPath<Count, Int>, most limit: Int
    ) -> Bool {
        var (places, share) = (limit, limit)
        if !peer.isLoopback {
            places -= min(ClientLimits.keptForLoopback, limit / 2)
            share = max(ClientLimits.leastShare, places / ClientLimits.shares)
        }
        let own = held[peer.key]?[keyPath: kind] ?? 0
        let isAdmitted = all[keyPath: kind] < places && own < share
        if isAdmitted { count(peer, as: kind, 1) } else { refused += 1 }
        return isAdmitted
    }

    private mutating func count(
        _ peer: Peer, as kind: WritableKeyPath<Count, Int>, _ change: Int
    ) {
        all[keyPath: kind] += change
        guard !peer.isLoopback else { return }
        held[peer.key, default: Count()][keyPath: kind] += change
        if held[peer.key]?.clients == 0 { held[peer.key] = nil }
    }
}
