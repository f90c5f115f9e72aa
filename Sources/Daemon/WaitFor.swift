// The one call that sleeps in a loop of ours. Called by the Monitor and the simulator's loop.

import CSystem
import Glibc
import UPS

/// Returns when a descriptor is ready or the time is over, whichever comes first; a time below 0
/// does not wait. The results stand in `revents`.
func waitFor(_ descriptors: inout [pollfd], atMost limit: Duration) {
    let (seconds, attoseconds) = max(.zero, limit).components
    let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    if system_poll(&descriptors, descriptors.count, nanoseconds) < 0 {
        // Interrupted: what stands in `revents` is not from this call.
        for index in descriptors.indices { descriptors[index].revents = 0 }
    }
}
