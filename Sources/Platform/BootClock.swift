// The clocks of this host. The threads ask here; the rooms that decide are told the time.

import Glibc
public import UPS

public enum BootClock {
    /// The clock that decides. No system call: the kernel maps it into the process.
    public static func now() -> BootTime {
        BootTime(read(CLOCK_BOOTTIME))
    }

    /// The wall clock, for display only.
    public static func wall() -> WallTime {
        WallTime(nanoseconds: read(CLOCK_REALTIME).inNanoseconds)
    }

    /// CLOCK_MONOTONIC, by which systemd dates a reload. (µs)
    static func monotonicMicroseconds() -> Int64 {
        read(CLOCK_MONOTONIC).inNanoseconds / 1000
    }

    /// How far the local time is ahead of UTC at a moment. (s)
    ///
    /// The first call of the process reads the time zone from a file: main makes it, at start.
    public static func utcOffset(at wall: WallTime) -> Int {
        var seconds = time_t(wall.nanoseconds / 1_000_000_000)
        var local = tm()
        guard localtime_r(&seconds, &local) != nil else { return 0 }
        return local.tm_gmtoff
    }

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        clock_gettime(clock, &time)
        return Duration(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }
}
