// Reads a configuration file. Called by `read` and for each included file; may wait for a disk,
// never for a pipe or a device.

internal import Glibc

enum SourceFile {
    /// Of one file, in bytes.
    static let sizeLimit = 256 * 1024

    /// Why a file cannot be read, in words.
    struct Unreadable: Error {
        let reason: String
    }

    /// At most one byte more than the limit.
    static func read(_ path: String) throws(Unreadable) -> [UInt8] {
        // O_NONBLOCK: opening a pipe would wait for its writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw unreadable() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw unreadable() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Unreadable(reason: "it is not a regular file")
        }
        return try bytes(of: file)
    }

    private static func bytes(of file: Int32) throws(Unreadable) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: sizeLimit + 1)
        var count = 0
        while count < bytes.count {
            let wanted = bytes.count - count
            let got = bytes.withUnsafeMutableBytes {
                Glibc.read(file, $0.baseAddress! + count, wanted)
            }
            if got == 0 { break }
            if got < 0 {
                guard errno == EINTR else { throw unreadable() }
                continue
            }
            count += got
        }
        return Array(bytes.prefix(count))
    }

    private static func unreadable() -> Unreadable {
        Unreadable(reason: String(cString: strerror(errno)))
    }
}
