// The clocks of this host. The Monitor and the Recorder ask here; the pure rooms are told.

import Glibc
import UPS

enum BootClock {
    /// The clock that decides. No system call: the kernel maps it into the process.
    static func now() -> BootTime {
        BootTime(read(CLOCK_BOOTTIME))
    }

    /// The wall clock, for display only.
    static func wall() -> WallTime {
        let (seconds, attoseconds) = read(CLOCK_REALTIME).components
        return WallTime(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    /// CLOCK_MONOTONIC, by which systemd dates a reload. (µs)
    static func monotonicMicroseconds() -> Int64 {
        let (seconds, attoseconds) = read(CLOCK_MONOTONIC).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// How far the local time is ahead of UTC at a moment. (s)
    ///
    /// The first call of the process reads the time zone from a file: main makes it, at start.
    static func utcOffset(at wall: WallTime) -> Int {
        var seconds = time_t(wall.nanoseconds / 1_000_000_000)
        var local = tm()
        guard localtime_r(&seconds, &local) != nil else { return 0 }
        return local.tm_gmtoff
    }

    /// As systemd tells it to its services, else as the kernel does. Nil: neither, as where /proc
    /// is missing.
    static func bootID() -> BootID? {
        if let text = getenv("UPS_BOOT_ID"), let boot = BootID(String(cString: text)) {
            return boot
        }
        return readSmallFile("/proc/sys/kernel/random/boot_id", limit: 64)
            .flatMap { BootID($0.filter { !$0.isWhitespace }) }
    }

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return Duration(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }
}

extension BootID {
    /// As the kernel writes it: 32 hexadecimal digits in five groups.
    var text: String {
        let digits = [high, low].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        let all = Array(digits.joined())
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(all[$0]) }
            .joined(separator: "-")
    }
}
