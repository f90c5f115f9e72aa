// The clock that decides, read for rates and time limits of connections.

internal import Glibc
internal import UPS

extension BootTime {
    static var now: BootTime {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return BootTime(Duration(seconds: time.tv_sec, nanoseconds: time.tv_nsec))
    }
}
