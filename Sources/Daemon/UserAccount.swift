// The user and the group that the daemon is configured to run as. Called at start, as root.

import Configuration
import Glibc
import Platform

enum UserAccount {
    /// An id without an entry has no group of its own: it goes with that of this process.
    static func user(_ account: Configuration.Account) -> (id: uid_t, group: gid_t)? {
        let entry: UnsafeMutablePointer<passwd>? =
            switch account {
            case .unchanged: nil
            case .id(let id): getpwuid(id)
            case .name(let name): getpwnam(name)
            }
        if case .id(let id) = account, entry == nil { return (id, getegid()) }
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

    /// Why a start as root would fail, and the key that it is about; nil: it would not.
    static func refusal(of server: Configuration.Server) -> (key: String, text: String)? {
        if case .name(let name) = server.group, groupID(server.group) == nil {
            return ("server.group", "server.group: there is no group \(name)")
        }
        if case .name(let name) = server.user, user(server.user) == nil {
            return ("server.user", "server.user: there is no user \(name)")
        }
        return nil
    }

    /// Gives root's rights up for good, if others are configured.
    static func change(to server: Configuration.Server) throws {
        guard geteuid() == 0 else { return }
        if let refusal = refusal(of: server) { throw StartError(description: refusal.text) }
        let user = user(server.user)
        let group = groupID(server.group) ?? user?.group
        func check(_ result: CInt, _ what: String) throws {
            guard result == 0 else { throw SystemError(errno, "cannot change the \(what)") }
        }
        if let group { try check(setgid(group), "group") }
        if let user, let name = getpwuid(user.id)?.pointee.pw_name {
            try check(initgroups(name, group ?? user.group), "groups")
        } else if var group {
            // Nothing of root's other groups stays.
            try check(setgroups(1, &group), "groups")
        }
        if let user { try check(setuid(user.id), "user") }
    }
}
