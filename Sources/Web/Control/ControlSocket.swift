// The file of the control socket: made for its group only, and removed at the end. No other user
// may use it at any moment, whatever the umask is. Made and removed by WebContext.

internal import Glibc
internal import Platform

struct ControlSocket {
    let path: String
    let socket: Int32
    private let device: dev_t
    private let inode: ino_t

    /// A file that is left over from a daemon that is gone is replaced; one that answers is an
    /// error.
    init(_ path: String, group: UInt32?) throws(WebError) {
        func failure(_ reason: String) -> WebError { .controlSocket(path: path, reason: reason) }
        guard let address = LocalAddress(path.utf8), !path.utf8.contains(0) else {
            let limit = LocalAddress.longest
            throw failure("cannot be made: its path may have at most \(limit) bytes")
        }
        if let obstacle = ControlSocket.obstacle(at: path, address) { throw failure(obstacle) }
        let socket = ControlSocket.newSocket()
        guard socket >= 0 else { throw failure("cannot be made: \(ControlSocket.error)") }
        // Linux gives the file the mode of the socket, so it is the owner's alone from the start;
        // no client can connect before `listen`.
        guard fchmod(socket, 0o600) == 0,
            address.withPointer({ bind(socket, $0, $1) }) == 0
        else {
            let reason = ControlSocket.error
            close(socket)
            throw failure("cannot be made: \(reason)")
        }
        var status = stat()
        guard group.map({ chown(path, .max, $0) == 0 }) ?? true, chmod(path, 0o660) == 0,
            lstat(path, &status) == 0, listen(socket, 16) == 0
        else {
            let reason = ControlSocket.error
            close(socket)
            unlink(path)
            throw failure("cannot be given to its group: \(reason)")
        }
        self.path = path
        self.socket = socket
        device = status.st_dev
        inode = status.st_ino
    }

    /// It will not be listened on after all.
    func abandon() {
        close(socket)
        removeFile()
    }

    /// Removes the file if it is still this one.
    func removeFile() {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else {
            return
        }
        unlink(path)
    }

    private static var error: String { SystemError.text(of: errno) }

    private static func newSocket() -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        return Glibc.socket(AF_UNIX, Int32(kind), 0)
    }

    /// Removes the file of a daemon that is gone. Nil: there is no file any more.
    private static func obstacle(at path: String, _ address: LocalAddress) -> String? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            return "cannot be made: there is a file of that name that is not a socket"
        }
        let probe = newSocket()
        guard probe >= 0 else { return "cannot be made: \(error)" }
        defer { close(probe) }
        // EAGAIN: another process listens and is busy.
        let isAnswered =
            address.withPointer { connect(probe, $0, $1) } == 0 || errno == EAGAIN
        guard !isAnswered else { return "is in use: another ups-server answers on it" }
        return unlink(path) == 0 ? nil : "cannot be replaced: \(error)"
    }
}
