// A folder whose files count only when they belong to the folder's owner. The units of the package
// read in it as root what the unprivileged daemon has left there, so no link is ever followed.

public import Glibc
public import Platform

public final class OwnedFolder {
    let path: String
    private let descriptor: CInt
    public let owner: uid_t

    public init(_ path: String) throws(SystemError) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { throw SystemError(errno, "cannot open \(path)") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw SystemError(code, "cannot look at \(path)")
        }
        (self.path, self.descriptor, owner) = (path, descriptor, status.st_uid)
    }

    deinit { close(descriptor) }

    /// Nil: there is no such file.
    public func read(_ name: String) throws(SystemError) -> KeyLines? {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let file = openat(descriptor, name, flags)
        if file < 0, errno == ENOENT { return nil }
        guard file >= 0 else { throw SystemError(errno, "cannot open \(path)/\(name)") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else {
            throw SystemError(errno, "cannot look at \(path)/\(name)")
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink == 1,
            status.st_size <= KeyLines.limit
        else { throw SystemError(EINVAL, "\(path)/\(name) is no plain file of its own") }
        guard status.st_uid == owner else {
            throw SystemError(EPERM, "\(path)/\(name) belongs to somebody else")
        }
        var bytes = [UInt8](repeating: 0, count: KeyLines.limit)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw SystemError(errno, "cannot read \(path)/\(name)") }
        guard let lines = KeyLines(String(decoding: bytes[..<count], as: UTF8.self)) else {
            throw SystemError(EBADMSG, "cannot read \(path)/\(name)")
        }
        return lines
    }

    /// As `read`; whatever it was, afterwards it is not there any more.
    public func take(_ name: String) throws(SystemError) -> KeyLines? {
        defer { remove(name) }
        return try read(name)
    }

    /// Appears whole or not at all. `isSynced`: and stays, also when power ends now.
    public func write(
        _ lines: KeyLines, to name: String, mode: mode_t = 0o600, isSynced: Bool = false
    ) throws(SystemError) {
        let draft = ".\(name)"
        remove(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = openat(descriptor, draft, flags, mode)
        guard file >= 0 else { throw SystemError(errno, "cannot create \(path)/\(draft)") }
        let bytes = Array(lines.text.utf8)
        let count = Glibc.write(file, bytes, bytes.count)
        let code = count < 0 ? errno : ENOSPC
        if isSynced { fsync(file) }
        close(file)
        guard count == bytes.count else { throw SystemError(code, "cannot write \(path)/\(draft)") }
        guard renameat(descriptor, draft, descriptor, name) == 0 else {
            throw SystemError(errno, "cannot create \(path)/\(name)")
        }
        if isSynced { fsync(descriptor) }
    }

    /// A folder with something in it is only renamed, to a name that cannot be foreseen: what root
    /// would remove with it, and how long that takes, is not known.
    public func remove(_ name: String) {
        guard unlinkat(descriptor, name, 0) != 0, errno == EISDIR,
            unlinkat(descriptor, name, AT_REMOVEDIR) != 0
        else { return }
        renameat(descriptor, name, descriptor, ".\(name).\(UInt64.random(in: 0...UInt64.max))")
    }
}
