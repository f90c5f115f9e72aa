// How many bytes a connection has brought so far, as the kernel counts them. Asked by
// HTTPConnection to tell a request that was there too early, and by WebSocketClient to tell a
// flood.

internal import CWebSockets
internal import Glibc

enum ReceivedBytes {
    /// Where Linux has `tcpi_bytes_received` in its `tcp_info`; glibc's own one ends before it.
    private static let place = 128

    /// Nil: the kernel does not say, as on a connection that is over.
    static func count(of socket: Int32) -> UInt64? {
        var info = [UInt64](repeating: 0, count: place / 8 + 1)
        var length = socklen_t(place + 8)
        guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0,
            length == place + 8
        else { return nil }
        return info[place / 8]
    }
}
