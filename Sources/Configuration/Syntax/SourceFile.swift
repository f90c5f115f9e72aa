// Reads a configuration file. Called by `read` and for each included file; may wait for a disk,
// never for a pipe or a device.

internal import Glibc

enum SourceFile {
    /// Of one file, in bytes.
    static let sizeLimit = 256 * 1024

    /// At most one byte more than the limit. `place` is where it is included; nil: nowhere.
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
}
