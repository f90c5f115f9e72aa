// Reads a configuration file. Called by `read` and for each included file; may wait for a disk,
// never for a pipe or a device.

internal import Glibc

enum SourceFile {
    /// Of one file, in bytes.
    static let sizeLimit = 256 * 1024

    /// Not much more than the limit. `place` is where it is included; nil: nowhere.
    static func read(
        _ path: String, from place: Place? = nil
    ) throws(ConfigurationError) -> [UInt8] {
        func unreadable(_ reason: String = String(cString: strerror(errno))) -> ConfigurationError {
            let name = place == nil ? "" : Value.text(path).shown + " "
            return ConfigurationError(
                place: place ?? Place(file: path), text: "\(name)cannot be read: \(reason)")
        }
        // O_NONBLOCK: opening a pipe would wait for its writer.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw unreadable() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw unreadable() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw unreadable("it is not a regular file")
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= sizeLimit {
            let count = Glibc.read(file, &piece, piece.count)
            if count == 0 { break }
            guard count > 0 || errno == EINTR else { throw unreadable() }
            bytes += piece[..<max(0, count)]
        }
        return bytes
    }
}
