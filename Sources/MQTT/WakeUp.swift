// A signal from one thread that ends the poll of another. Used to wake the publisher's thread, and
// by that thread to say that it has ended.

import Glibc
import UPS

/// A pair of connected sockets: as many signals as you like are one wake-up.
final class WakeUp: Sendable {
    /// For `poll`; -1 when the process is out of descriptors, which `poll` ignores.
    let descriptor: Int32
    private let sender: Int32

    init() {
        var pair: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        if socketpair(AF_UNIX, Int32(kind), 0, &pair) != 0 { pair = [-1, -1] }
        descriptor = pair[0]
        sender = pair[1]
    }

    deinit {
        close(descriptor)
        close(sender)
    }

    /// Never blocks: a full socket has a wake-up in it already.
    func signal() {
        var byte: UInt8 = 1
        _ = send(sender, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while recv(descriptor, &bytes, bytes.count, 0) > 0 {}
    }

    /// Waits for a signal, so long at most.
    func wait(_ limit: Duration) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, limit.inPollMilliseconds)
    }
}

extension Duration {
    /// Rounded up, so that a wait never ends too early; a day at most.
    var inPollMilliseconds: Int32 {
        Int32(max(.zero, min(self, .seconds(86400))).inMillisecondsRoundedUp)
    }
}
