// Small looks at the file system, each with a limit. What is not there is nothing, not an error.

import Glibc

/// The beginning of a file that the kernel makes up, as under /proc. Nil: it cannot be read.
func readSmallFile(_ path: String, limit: Int) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
        let taken = bytes.withUnsafeMutableBytes {
            read(file, $0.baseAddress! + count, limit - count)
        }
        guard taken > 0 else { break }
        count += taken
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
}

/// The names in a folder; none when it cannot be read.
func names(in folder: String, limit: Int) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < limit, let entry = readdir(stream) {
        names.append(
            withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            })
    }
    return names
}

func linkTarget(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { buffer in
        let count = readlink(path, buffer.baseAddress!, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}
