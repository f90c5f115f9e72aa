// A connection of which too few bytes have come to tell its protocol. libwebsockets watches it as a
// file: nothing of it is read before it is known who reads.

internal import CWebSockets
internal import Glibc

final class UndecidedClient: Client {
    /// As libwebsockets has it for the headers of a request. (s)
    static let patience: Int32 = 10

    /// Bytes that were there when it was looked at last.
    private var seen = 0
    /// It goes on as a client of another kind.
    var isDecided = false

    /// Nil: the connection is over.
    func firstBytes(of socket: Int32) -> FirstBytes? {
        var bytes = [UInt8](repeating: 0, count: FirstBytes.most)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_PEEK))
        guard count > 0 else { return count < 0 && errno == EAGAIN ? .undecided : nil }
        let first = FirstBytes(bytes.prefix(count))
        // Its end has come, or it would not be readable again.
        if first == .undecided, count <= seen { return .other }
        seen = count
        return first
    }

    /// With what is there already it would be readable all the time.
    func waitForMore(_ socket: Int32) {
        UndecidedClient.wake(seen + 1, socket)
    }

    /// The socket is readable once it has so many bytes.
    static func wake(_ count: Int, _ socket: Int32) {
        var count = Int32(count)
        setsockopt(socket, SOL_SOCKET, SO_RCVLOWAT, &count, socklen_t(MemoryLayout<Int32>.size))
    }
}
