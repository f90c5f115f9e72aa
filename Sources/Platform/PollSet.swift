// The call that sleeps: poll over a few descriptors. Used by the deciding loop, by those of the
// commands and by the late hook.

import CSystem
import Glibc
import UPS

/// Descriptors that are waited for until there is something to read.
public struct PollSet {
    private var entries: [pollfd]

    /// Below 0: nothing is waited for in that place.
    public init(_ descriptors: [CInt]) {
        entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }

    /// What is waited for in a place from now on.
    public subscript(index: Int) -> CInt {
        get { entries[index].fd }
        set { entries[index].fd = newValue }
    }

    /// There is something to read, or the other end is gone.
    public func isReady(_ index: Int) -> Bool { entries[index].revents != 0 }

    /// Returns when a descriptor is ready or the time is over, whichever comes first; a time below 0
    /// does not wait. False: what is ready is not known.
    @discardableResult
    public mutating func wait(atMost limit: Duration) -> Bool {
        let nanoseconds = max(.zero, limit).inNanoseconds
        if system_poll(&entries, entries.count, nanoseconds) >= 0 { return true }
        // One that fails at once, as under a limit of very few open files, must not make a loop spin.
        usleep(useconds_t(min(nanoseconds / 1000, PollSet.napAfterFailure)))
        // What stands in `revents` is not from this call.
        for index in entries.indices { entries[index].revents = 0 }
        return false
    }

    /// (µs)
    private static let napAfterFailure: Int64 = 10_000
}
