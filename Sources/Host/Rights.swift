// Doing something as another user, for what root does in the name of the unprivileged daemon.

public import Glibc
import Platform

/// Runs the body with the rights of that user, where this process is root. Only while the process
/// has one thread.
public func withRights<Result>(of user: uid_t, _ body: () throws -> Result) throws -> Result {
    guard geteuid() == 0, user != 0 else { return try body() }
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name else {
        throw SystemError(ENOENT, "there is no user \(user)")
    }
    let group = entry.pointee.pw_gid
    guard initgroups(name, group) == 0, setegid(group) == 0, seteuid(user) == 0 else {
        throw SystemError(errno, "cannot become the user \(user)")
    }
    defer {
        seteuid(0)
        setegid(0)
    }
    return try body()
}
