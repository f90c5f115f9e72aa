// Ends a poll of another thread, or tells others that a thread has ended. Every thread that waits
// has one.

import CSystem
import Glibc
import UPS

/// An eventfd: any thread may `wake`, one thread polls `descriptor` and then calls `clear`.
public final class WakeDescriptor: Sendable {
    public let descriptor: CInt

    public init() throws(SystemError) {
        descriptor = system_eventfd()
        guard descriptor >= 0 else { throw SystemError(errno, "cannot make an eventfd") }
    }

    deinit { close(descriptor) }

    /// Never blocks: a counter that is full has long woken its reader.
    public func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    public func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }

    /// For a thread that waits for nothing else. Nil: without limit. A signal does not end it. What
    /// has come stays there for all that wait, until one of them calls `clear`.
    public func wait(atMost limit: Duration? = nil) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let end = limit.map { BootClock.now() + $0 }
        repeat {
            let left = end.map { ($0 - BootClock.now()).inPollMilliseconds }
            if poll(&entry, 1, left ?? -1) >= 0 { break }
        } while errno == EINTR
    }
}

extension Duration {
    /// For `poll`: rounded up, so that a wait never ends too early; a day at most.
    public var inPollMilliseconds: CInt {
        CInt(max(.zero, min(self, .seconds(86400))).inMillisecondsRoundedUp)
    }
}
