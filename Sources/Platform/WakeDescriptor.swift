// Ends a poll from another thread. The Monitor, the ShutdownRunner and the Recorder each wait on one.

import CSystem
import Glibc

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

    /// For a thread that waits for nothing else. Nil: without limit.
    public func wait(milliseconds: CInt? = nil) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, milliseconds ?? -1)
        clear()
    }
}
