// The end of a shutdown that hangs: the store is nearly empty, so what still runs is killed, and
// systemd unmounts and powers off. Called by `perform-poweroff`, as root.

import CSystem
import Glibc
import Host
import Platform
import UPS

enum ForcedPoweroff {
    private static let processLimit = 100_000
    /// For the journal to write that down, before it is killed with the others. (µs)
    private static let journalTime: UInt32 = 100_000
    /// For the command lines of root's processes to be read; a dead disk may hold one back. (µs)
    private static let readingTime: UInt32 = 100_000
    /// What systemd is given to unmount; a dead disk would hold it up for minutes.
    static let unmountLimit = Duration.seconds(8)

    /// `timer` is the process that switches the power off in the end, whatever happens here.
    static func run(sparing timer: pid_t, say: (String) -> Void) {
        say("This host is still up and the store is nearly empty: everything is ended by force")
        usleep(journalTime)
        // Else systemd would wait for those that do not end by themselves, up to 90 s.
        endEverything(sparing: [getpid(), timer])
        if let error = askSystemd() { say("systemd cannot be told to power off: \(error)") }
        sleep(UInt32(unmountLimit.components.seconds))
        // No sync: it would wait for the disk that has held up the rest.
        _ = system_power_off()
    }

    /// What `systemctl --force poweroff` asks for, without a process of ours: systemd waits 10 s for
    /// one that is about to end when it counts what still runs, as it does not hear of that end.
    /// Nil: it will. (systemd(1), SIGRTMIN+14)
    private static func askSystemd() -> SystemError? {
        kill(1, __libc_current_sigrtmin() + 14) == 0 ? nil : SystemError(errno, "kill")
    }

    private static func endEverything(sparing spared: Set<pid_t>) {
        for process in names(in: "/proc", limit: processLimit).compactMap({ pid_t($0) })
        where process > 1 && !spared.contains(process) {
            switch ProcessOwner(of: process) {
            case .kernel: break
            case .root: endUnlessMarked(process)
            case .other: kill(process, SIGKILL)
            }
        }
        usleep(readingTime)
    }

    /// By agreement with systemd, what stores the root file system has a command line that begins
    /// with @. That line lies in the memory of the process, and a reader waits for what that memory
    /// waits for: so each is read by a thread of its own, which may be left behind.
    static func endUnlessMarked(_ process: pid_t) {
        try? PlainThread.start("command-line") {
            let line = readSmallFile("/proc/\(process)/cmdline", limit: 1)
            if line != "@" { kill(process, SIGKILL) }
        }
    }
}
