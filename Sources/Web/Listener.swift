// Sockets that listen, bound here and not by libwebsockets: it takes an address for the name of an
// interface and, when that fails, listens on every address. Called at the start; never waits.

internal import CWebSockets
internal import Glibc
internal import Platform

/// One listening socket and, once libwebsockets watches it, its wsi.
final class Listener {
    enum Kind {
        case port, nut, control
    }

    let socket: Int32
    let kind: Kind
    var wsi: OpaquePointer?

    init(socket: Int32, kind: Kind) {
        self.socket = socket
        self.kind = kind
    }

    private static let backlog: Int32 = 1024
    /// Bytes that the kernel keeps for a client that does not read (it doubles the number).
    private static let sendBuffer: Int32 = 65536

    /// One for each address. Port 0 is chosen by the kernel for the first and taken by the others.
    static func listeners(
        addresses: [String], port: Int
    ) throws(WebError) -> (listeners: [Listener], port: Int) {
        var listeners: [Listener] = []
        var port = port
        do throws(WebError) {
            guard !addresses.isEmpty else { throw .library("there is no address to listen on") }
            for address in addresses {
                let socket = try listen(on: address, port: port)
                listeners.append(Listener(socket: socket, kind: .port))
                if port == 0 { port = boundPort(of: socket) }
            }
        } catch {
            for listener in listeners { close(listener.socket) }
            throw error
        }
        return (listeners, port)
    }

    static func listen(on address: String, port: Int) throws(WebError) -> Int32 {
        func failure(_ reason: String) -> WebError {
            .listening(address: address, port: port, reason: reason)
        }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard (0...65535).contains(port), getaddrinfo(address, String(port), &hints, &found) == 0,
            let found
        else { throw failure("cannot be used: it is not an IPv4 or IPv6 address and a port") }
        defer { freeaddrinfo(found) }
        let family = found.pointee.ai_family
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let listener = Glibc.socket(family, kind, 0)
        guard listener >= 0 else { throw failure(reason(errno)) }
        setOption(listener, SOL_SOCKET, SO_REUSEADDR, 1)
        // Linux hands these on to every connection.
        setOption(listener, SOL_SOCKET, SO_KEEPALIVE, 1)
        setOption(listener, SOL_SOCKET, SO_SNDBUF, sendBuffer)
        setOption(listener, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        // An IPv6 address means that address, not IPv4 as well.
        if family == AF_INET6 { setOption(listener, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        guard bind(listener, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            Glibc.listen(listener, backlog) == 0
        else {
            let reason = reason(errno)
            close(listener)
            throw failure(reason)
        }
        return listener
    }

    private static func reason(_ error: Int32) -> String {
        switch error {
        case EADDRINUSE: "is in use"
        case EADDRNOTAVAIL: "cannot be used: this host does not have that address"
        case EACCES: "cannot be used: that needs a privilege (ports below 1024 do)"
        default: "cannot be used: \(SystemError.text(of: error))"
        }
    }

    private static func boundPort(of socket: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutableBytes(of: &storage) { bytes in
            let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            _ = getsockname(socket, address, &length)
        }
        // The port stands at the same place for both families.
        return withUnsafeBytes(of: storage) { Int($0[2]) << 8 | Int($0[3]) }
    }
}

private func setOption(_ socket: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
    var value = value
    setsockopt(socket, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
}
