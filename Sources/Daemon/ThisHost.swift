// What the daemon has to know of its host, and the user it runs as. Called once, at start.

import Configuration
import Glibc
import UPS

struct ThisHost {
    /// The host's name, for topics and reports.
    let name: String

    init() {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        self.name = bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
    }

    static func boot() throws -> BootID {
        guard let boot = BootClock.bootID() else {
            throw StartError(description: "the kernel's boot id cannot be read")
        }
        return boot
    }

    /// systemd has booted this host (sd_booted(3)).
    static var hasSystemd: Bool { access("/run/systemd/system", F_OK) == 0 }

    /// True when systemd started this very process: only then is the built-in way of powering
    /// off used, so that nobody powers off a desk by trying things out.
    static var isStartedBySystemd: Bool {
        // A shell inside a service inherits the socket, but not the process id.
        if let process = getenv("SYSTEMD_EXEC_PID") {
            return pid_t(String(cString: process)) == getpid()
        }
        return getenv("NOTIFY_SOCKET") != nil
    }
}

/// The runtime directory; systemd has made it for a service, by hand the daemon makes it.
struct RuntimeFolder {
    /// Where the units of the package look.
    static let ofPackage = "/run/ups-server"

    let warnings: [String]
    /// Empty: there can be none.
    let socket: String

    init(_ path: String, of server: Configuration.Server) {
        mkdir(path, mode_t(0o755))
        if geteuid() == 0, let user = UserAccount.user(server.user) {
            chown(path, user.id, UserAccount.groupID(server.group) ?? user.group)
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

enum UserAccount {
    static func user(_ account: Configuration.Account) -> (id: uid_t, group: gid_t)? {
        let entry: UnsafeMutablePointer<passwd>? =
            switch account {
            case .unchanged: nil
            case .id(let id): getpwuid(id)
            case .name(let name): getpwnam(name)
            }
        return entry.map { ($0.pointee.pw_uid, $0.pointee.pw_gid) }
    }

    static func groupID(_ account: Configuration.Account) -> gid_t? {
        switch account {
        case .unchanged: nil
        case .id(let id): id
        case .name(let name): getgrnam(name)?.pointee.gr_gid
        }
    }

    /// All groups of a user; the first one alone if the user has no name.
    static func groups(of user: uid_t, _ first: gid_t) -> [gid_t] {
        guard let name = getpwuid(user)?.pointee.pw_name else { return [first] }
        var groups = [gid_t](repeating: 0, count: 256)
        var count = CInt(groups.count)
        guard getgrouplist(name, first, &groups, &count) >= 0 else { return [first] }
        return Array(groups.prefix(Int(count)))
    }

    /// Why a start as root would fail; nil: it would not.
    static func refusal(of server: Configuration.Server) -> String? {
        if server.group != .unchanged, groupID(server.group) == nil {
            return "server.group: there is no such group"
        }
        do {
            _ = try numbers(of: server.user)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Gives root's rights up for good, if others are configured.
    static func change(to server: Configuration.Server) throws {
        guard geteuid() == 0 else { return }
        if let refusal = refusal(of: server) { throw StartError(description: refusal) }
        let user = try numbers(of: server.user)
        let group = groupID(server.group) ?? user?.group
        if let group {
            guard setgid(group) == 0 else { throw SystemError(errno, "cannot change the group") }
        }
        if let user, let name = getpwuid(user.id)?.pointee.pw_name {
            guard initgroups(name, group ?? user.group) == 0 else {
                throw SystemError(errno, "cannot change the groups")
            }
        } else if let group {
            // Nothing of root's other groups stays.
            var only = group
            guard setgroups(1, &only) == 0 else {
                throw SystemError(errno, "cannot change the groups")
            }
        }
        guard let user else { return }
        guard setuid(user.id) == 0 else { throw SystemError(errno, "cannot change the user") }
    }

    private static func numbers(
        of account: Configuration.Account
    ) throws -> (id: uid_t, group: gid_t)? {
        guard account != .unchanged else { return nil }
        if let user = user(account) { return user }
        if case .id(let id) = account { return (id, getegid()) }
        throw StartError(description: "server.user: there is no such user")
    }
}
