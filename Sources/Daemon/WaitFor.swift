// The one call that sleeps in a loop of ours. Called by the Monitor and the simulator's loop.

import CSystem
import Glibc
import UPS

/// Returns when a descriptor is ready or the time is over, whichever comes first; a time below 0
/// does not wait. The results stand in `revents`. False: nobody knows what is ready.
@discardableResult
func waitFor(_ descriptors: inout [pollfd], atMost limit: Duration) -> Bool {
    let (seconds, attoseconds) = max(.zero, limit).components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    if system_poll(&descriptors, descriptors.count, nanoseconds) >= 0 { return true }
    // One that fails at once, as under a limit of very few open files, must not make a loop spin.
    usleep(useconds_t(min(nanoseconds / 1000, napAfterFailure)))
    // What stands in `revents` is not from this call.
    for index in descriptors.indices { descriptors[index].revents = 0 }
    return false
}

/// (µs)
private let napAfterFailure: Int64 = 10_000
