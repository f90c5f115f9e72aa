// What systemd is told (sd_notify(3)). The Monitor alone feeds the watchdog; nothing here waits.

import Glibc
import UPS

public final class ServiceNotifier: Sendable {
    /// The watchdog wants to be fed at least this often; nil: there is none.
    public let watchdogLimit: Duration?

    private let socket: CInt
    private let address: LocalAddress

    /// Nil: not started by systemd as a service that notifies.
    public static func fromEnvironment() -> ServiceNotifier? {
        ServiceNotifier { name in getenv(name).map { String(cString: $0) } }
    }

    init?(environment value: (String) -> String?) {
        guard let path = value("NOTIFY_SOCKET"), ["@", "/"].contains(path.first) else { return nil }
        var name = Array(path.utf8)
        // An @ in front stands for the NUL of a name in the abstract space.
        if path.first == "@" { name[0] = 0 }
        guard let address = LocalAddress(name) else { return nil }
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return nil }
        (socket, self.address) = (descriptor, address)
        watchdogLimit = ServiceNotifier.watchdogLimit(
            microseconds: value("WATCHDOG_USEC"), process: value("WATCHDOG_PID"))
    }

    deinit { close(socket) }

    public func ready(status: String) {
        send("READY=1\n" + line(status))
    }

    public func status(_ text: String) {
        send(line(text))
    }

    /// Called several times a second, so it allocates nothing.
    public func feedWatchdog() {
        let message: StaticString = "WATCHDOG=1\n"
        send(UnsafeRawBufferPointer(start: message.utf8Start, count: message.utf8CodeUnitCount))
    }

    /// Followed by `ready` when the new configuration holds.
    public func reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=\(BootClock.monotonicMicroseconds())\n")
    }

    public func stopping(status: String) {
        send("STOPPING=1\n" + line(status))
    }

    /// Nil: none, or it is meant for another process.
    static func watchdogLimit(
        microseconds: String?, process: String?, own: pid_t = getpid()
    ) -> Duration? {
        guard let limit = microseconds.flatMap({ Int64($0) }), limit > 0 else { return nil }
        if let process, pid_t(process) != own { return nil }
        return .microseconds(limit)
    }

    private func line(_ status: String) -> String {
        "STATUS=" + status.map { $0.isNewline ? " " : String($0) }.joined() + "\n"
    }

    /// A message that the queue of systemd does not take is dropped.
    private func send(_ message: String) {
        Array(message.utf8.prefix(4096)).withUnsafeBytes { send($0) }
    }

    private func send(_ message: UnsafeRawBufferPointer) {
        let flags = CInt(MSG_DONTWAIT | MSG_NOSIGNAL)
        _ = address.withPointer {
            sendto(socket, message.baseAddress, message.count, flags, $0, $1)
        }
    }
}
