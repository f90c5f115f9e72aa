// Keeps the daemon in memory, so that a dead disk or a full memory cannot stop the decision. Called
// by main at start.

import CSystem
import Glibc
import Platform

public enum MemoryLock {
    /// Called when all is set up, before the rehearsal of what is to stay in memory: what only the
    /// start has needed, a third of it all, is given back first. Returns what to warn of: a limit
    /// matters to the service, and not to a daemon that is run by hand.
    public static func take(isService: Bool) -> [String] {
        system_release_code()
        // With a limit, everything that is allocated beyond it later would fail.
        guard isUnlimited || mayLock else {
            return isService ? [warning("LimitMEMLOCK is not infinity")] : []
        }
        guard system_lock_memory() == 0 else { return [warning(SystemError.text(of: errno))] }
        return []
    }

    private static var isUnlimited: Bool {
        let lines = (readSmallFile("/proc/self/limits", limit: 4096) ?? "").split(separator: "\n")
        let line = lines.first { $0.hasPrefix("Max locked memory") }
        return line?.split(separator: " ").dropFirst(3).first == "unlimited"
    }

    /// With CAP_IPC_LOCK the limit does not count.
    private static var mayLock: Bool {
        let lines = (readSmallFile("/proc/self/status", limit: 8192) ?? "").split(separator: "\n")
        let mask = lines.first { $0.hasPrefix("CapEff:") }.flatMap {
            UInt64($0.dropFirst(8), radix: 16)
        }
        return (mask ?? 0) & (1 << 14) != 0
    }

    private static func warning(_ why: String) -> String {
        "The memory is not locked (\(why)): a dead disk could stop the daemon"
    }
}
