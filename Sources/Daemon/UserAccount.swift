// The user and the group that the daemon is configured to run as. Called at start, as root.

import Configuration
import Glibc
import Platform

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
        let user = numbers(of: server.user)
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
    ) -> (id: uid_t, group: gid_t)? {
        if let user = user(account) { return user }
        if case .id(let id) = account { return (id, getegid()) }
        return nil
    }
}
