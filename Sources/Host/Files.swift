// Small files and looks at the file system, each with a limit. Called by every room that may wait.

public import Glibc
public import Platform

/// The beginning of a file as text. Nil: it cannot be read.
public func readSmallFile(_ path: String, limit: Int) -> String? {
    readBytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
}

/// The beginning of a file. Nil: it cannot be read.
public func readBytes(_ path: String, limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
        let taken = bytes.withUnsafeMutableBytes {
            read(file, $0.baseAddress! + count, limit - count)
        }
        guard taken >= 0 else { return nil }
        guard taken > 0 else { break }
        count += taken
    }
    bytes.removeSubrange(count...)
    return bytes
}

/// What stat(2) tells, links followed. Nil: it failed, with `errno`.
public func fileStatus(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
}

/// The names in a folder; none when it cannot be read.
public func names(in folder: String, limit: Int) -> [String] {
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

public func linkTarget(_ path: String) -> String? {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { buffer in
        let count = readlink(path, buffer.baseAddress!, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// The new contents appear whole or not at all.
public func replaceFile(_ path: String, with text: String) throws(SystemError) {
    try replaceFile(path, with: Array(text.utf8))
}

public func replaceFile(_ path: String, with bytes: [UInt8]) throws(SystemError) {
    let draft = "\(path).new"
    unlink(draft)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let file = open(draft, flags, mode_t(0o600))
    guard file >= 0 else { throw SystemError(errno, "cannot create \(draft)") }
    let count = write(file, bytes, bytes.count)
    let code = count < 0 ? errno : ENOSPC
    close(file)
    guard count == bytes.count else { throw SystemError(code, "cannot write \(draft)") }
    guard rename(draft, path) == 0 else { throw SystemError(errno, "cannot create \(path)") }
}
