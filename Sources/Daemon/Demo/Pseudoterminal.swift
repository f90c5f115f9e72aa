// A pty whose far end looks like the UPS's serial line. For `simulate`, `demo` and tests.

import CSystem
import Glibc
import Host
import Platform

/// Both sides are open as long as this lives: a far end that is not held would read as hung up.
final class Pseudoterminal: Sendable {
    /// The controlling side, non-blocking.
    let descriptor: CInt
    /// The far end, as `/dev/pts/3`.
    let path: String
    private let farEnd: CInt
    private let link: String?

    private static let readLimit = 512

    /// `link` becomes a symbolic link to the far end, for as long as this object. An older link of
    /// that name is replaced, anything else is left alone.
    init(link: String? = nil) throws(SystemError) {
        var name = [CChar](repeating: 0, count: 128)
        let descriptor = system_open_pty(&name, name.count)
        guard descriptor >= 0 else { throw SystemError(errno, "cannot open a pty") }
        let path = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let farEnd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard farEnd >= 0 else {
            let code = errno
            close(descriptor)
            throw SystemError(code, "cannot open \(path)")
        }
        var settings = termios()
        tcgetattr(farEnd, &settings)
        cfmakeraw(&settings)
        tcsetattr(farEnd, TCSANOW, &settings)
        do throws(SystemError) {
            if let link { try Pseudoterminal.place(link, to: path) }
        } catch {
            close(farEnd)
            close(descriptor)
            throw error
        }
        (self.descriptor, self.path, self.farEnd, self.link) = (descriptor, path, farEnd, link)
    }

    deinit {
        if let link, linkTarget(link) == path { unlink(link) }
        close(farEnd)
        close(descriptor)
    }

    /// What the daemon has sent; empty: nothing.
    func read() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Pseudoterminal.readLimit) { buffer, length in
            length = max(0, Glibc.read(descriptor, buffer.baseAddress, buffer.count))
        }
    }

    /// How many bytes were taken; fewer than given: the reader is far behind.
    func write(_ bytes: some Collection<UInt8>) -> Int {
        let bytes = Array(bytes)
        return max(0, Glibc.write(descriptor, bytes, bytes.count))
    }

    private static func place(_ link: String, to path: String) throws(SystemError) {
        var status = stat()
        if lstat(link, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFLNK else {
                throw SystemError(EEXIST, "cannot link \(link) to the pty")
            }
            unlink(link)
        }
        guard symlink(path, link) == 0 else {
            throw SystemError(errno, "cannot link \(link) to the pty")
        }
    }
}
