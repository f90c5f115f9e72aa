// Where the daemon runs and as whom: the first step of its start, and the end of root's rights.

import Configuration
import Glibc
import Host
import Platform
import Records
import UPS

struct DaemonPlace {
    let boot: BootID
    let control: RuntimeFolder
    let recorder: Recorder

    /// From here on this process runs as the configured user.
    init(_ configuration: Configuration) throws {
        guard let boot = ThisHost.bootID() else {
            throw StartError(description: "the kernel's boot id cannot be read")
        }
        self.boot = boot
        let server = configuration.server
        control = RuntimeFolder(server.runtimeDirectory, of: server)
        try UserAccount.change(to: server)
        recorder = try Recorder(
            eventLog: server.eventLog,
            measurementFolder: server.logToFile ? server.logDirectory : nil)
    }
}

/// The runtime directory; systemd has made it for a service, by hand the daemon makes it.
struct RuntimeFolder {
    let warnings: [String]
    /// Empty: there can be none.
    let socket: String

    init(_ path: String, of server: Configuration.Server) {
        mkdir(path, mode_t(0o755))
        if geteuid() == 0, let user = UserAccount.user(server.user) {
            // Where it lies in a folder of others, they may have put a link there.
            lchown(path, user.id, UserAccount.groupID(server.group) ?? user.group)
        }
        if access(path, W_OK) == 0 {
            warnings = []
            socket = "\(path)/control.sock"
        } else {
            let why = SystemError.text(of: errno)
            warnings = ["\(path) cannot be written (\(why)): no control socket, no kept state"]
            socket = ""
        }
    }
}
