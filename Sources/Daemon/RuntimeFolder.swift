// Where the daemon keeps what is for this boot: made at start, for the user that it will run as.

import Configuration
import Glibc
import Platform

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
