// The other end of a connection, from its socket address. Made at each accept; does no I/O.

internal import Glibc

struct Peer: Equatable {
    let isLoopback: Bool
    /// Tells peers apart where misbehaviour is counted: an IPv4 address, or the /64 of an IPv6 one,
    /// because a host that has one address there has all of them.
    let key: UInt64

    /// The peer of a local socket.
    static let local = Peer(isLoopback: true, key: .max)
}

extension Peer {
    init(ipv4 address: UInt32) {
        self.init(isLoopback: address >> 24 == 127, key: 0xFFFF_0000_0000 | UInt64(address))
    }

    /// Of 16 bytes, the highest first. The port takes no IPv4 on its IPv6 sockets.
    init(ipv6 address: [UInt8]) {
        let isLoopback = address.dropLast().allSatisfy { $0 == 0 } && address.last == 1
        self.init(
            isLoopback: isLoopback, key: address.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    init(_ storage: sockaddr_storage) {
        self = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                Peer(ipv4: UInt32(bigEndian: bytes.load(as: sockaddr_in.self).sin_addr.s_addr))
            case AF_INET6:
                Peer(ipv6: Array(bytes[8..<24]))
            default: .local
            }
        }
    }
}
