// A folder for the files of a demo, which removes it at its end.

import Glibc
import Host
import Platform

/// A folder in memory, where that can be had, that only its maker may enter.
struct TemporaryFolder {
    let path: String

    init(_ name: String) throws(SystemError) {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(base)/\(name)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SystemError(errno, "cannot make a folder in \(base)")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The part of the name that no other folder has.
    var mark: String { String(path.suffix(6)).lowercased() }

    /// The files in it, and it.
    func remove() {
        for name in names(in: path, limit: .max) { unlink("\(path)/\(name)") }
        rmdir(path)
    }
}
