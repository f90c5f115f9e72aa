// The end of a shutdown that hangs: the store is nearly empty, so what still runs is killed, and
// systemd unmounts and powers off. Called by `perform-poweroff`, as root.

import CSystem
import Glibc

enum ForcedPoweroff {
    private static let processLimit = 100_000
    /// For the journal, which goes with the others, to write that down. (µs)
    private static let journalTime: UInt32 = 100_000
    /// What systemd is given to unmount; a dead disk would hold it up for minutes. (s)
    private static let unmountLimit: UInt32 = 8

    static func run(say: (String) -> Void) {
        say("This host is still up and the store is nearly empty: everything is ended by force")
        usleep(journalTime)
        // Else systemd would wait for those that do not end by themselves, up to 90 s.
        endEverything()
        let code = runToEnd(["systemctl", "--force", "poweroff"])
        if code != 0 { say("systemctl --force poweroff failed with exit code \(code)") }
        sleep(unmountLimit)
        // No sync: it would wait for the disk that has held up the rest.
        _ = system_power_off()
    }

    private static func endEverything() {
        let own = getpid()
        for process in names(in: "/proc", limit: processLimit).compactMap({ pid_t($0) })
        where process > 1 && process != own && !isSpared(process) {
            kill(process, SIGKILL)
        }
    }

    /// Threads of the kernel, and what stores the root file system: by agreement with systemd the
    /// first word of its command line begins with @.
    private static func isSpared(_ process: pid_t) -> Bool {
        guard let words = readSmallFile("/proc/\(process)/cmdline", limit: 16) else { return true }
        return words.isEmpty || words.hasPrefix("@")
    }
}
