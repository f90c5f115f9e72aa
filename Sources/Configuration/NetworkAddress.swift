// A numeric IPv4 or IPv6 address. Asks no resolver, so it never waits.

internal import Glibc

struct NetworkAddress: Hashable {
    /// 4 or 16, in network order.
    private let bytes: [UInt8]

    /// nil: no numeric address.
    init?(_ text: String) {
        var buffer = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &buffer) == 1 {
            bytes = Array(buffer.prefix(4))
        } else if inet_pton(AF_INET6, text, &buffer) == 1 {
            bytes = buffer
        } else {
            return nil
        }
    }

    var isLoopback: Bool {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        if bytes.count == 4 { return bytes[0] == 127 }
        return bytes == [UInt8](repeating: 0, count: 15) + [1]
            || (bytes.starts(with: mapped) && bytes[12] == 127)
    }
}
