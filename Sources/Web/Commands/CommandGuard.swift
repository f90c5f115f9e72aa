// Which clients may command through the port, from the headers of a WebSocket handshake. Asked by
// WebSocketHandshake; does no I/O.

internal import Report

struct CommandGuard {
    let commands: WebCommands

    /// What a WebSocket client may do, decided once, at its handshake. What a proxy of this host
    /// forwards comes from a connection of this host, but not from this host.
    func access(
        origin: String?, host: String?, peer: Peer, isForwarded: Bool
    ) -> CommandAccess {
        if commands == .off { return .off }
        guard let origin, let host, CommandGuard.isSame(origin: origin, host: host) else {
            return .origin
        }
        if case .token = commands { return .token }
        let isHere = peer.isLoopback && !isForwarded && CommandGuard.namesLoopback(host)
        return isHere ? .allowed : .loopback
    }

    /// An Origin of another site: a page that has no business here.
    static func isForeign(origin: String?, host: String?) -> Bool {
        guard let origin else { return false }
        guard let host else { return true }
        return !isSame(origin: origin, host: host)
    }

    /// Host and port of an Origin equal those of the Host header. Browsers leave the port of the
    /// scheme out of both.
    static func isSame(origin: String, host: String) -> Bool {
        let origin = origin.lowercased()
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return origin.dropFirst(scheme.count) == host.lowercased()
        }
        return false
    }

    static func namesLoopback(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { name in
            let host = host.lowercased()
            guard host.hasPrefix(name) else { return false }
            let rest = host.dropFirst(name.count)
            return rest.isEmpty || rest.first == ":" && UInt16(rest.dropFirst()) != nil
        }
    }
}
