// What the daemon has to know of its host. Called at start.

import Glibc
public import UPS

public enum ThisHost {
    /// Its name when it was first asked for: topics and reports keep it until the next start.
    public static let name: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
    }()

    /// As systemd tells it to its services, else as the kernel does. Nil: neither, as where /proc
    /// is missing.
    public static func bootID() -> BootID? {
        if let text = getenv("UPS_BOOT_ID"), let boot = BootID(String(cString: text)) {
            return boot
        }
        return readSmallFile("/proc/sys/kernel/random/boot_id", limit: 64)
            .flatMap { BootID($0.filter { !$0.isWhitespace }) }
    }

    /// systemd has booted this host (sd_booted(3)).
    public static var hasSystemd: Bool { access("/run/systemd/system", F_OK) == 0 }

    /// True when systemd started this very process: only then is the built-in way of powering
    /// off used, so that a workstation is not powered off by trying things out.
    public static var isStartedBySystemd: Bool {
        // A shell inside a service inherits the socket, but not the process id.
        if let process = getenv("SYSTEMD_EXEC_PID") {
            return pid_t(String(cString: process)) == getpid()
        }
        return getenv("NOTIFY_SOCKET") != nil
    }
}

/// Where the Debian package has its files: what its units and this program agree on.
public enum PackagePath {
    public static let configuration = "/etc/default/ups-server.cfg"
    public static let runtimeFolder = "/run/ups-server"
}
