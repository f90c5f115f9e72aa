// Appends lines to a file that may be anything: on a full disk, missing, a folder, a pipe without
// reader. The Recorder's thread alone calls it. A line that cannot be written is lost and counted.

import Glibc
import Host
import Platform

struct RecordFile {
    /// A line for the log.
    typealias Notice = (priority: LogPriority, text: String)

    /// For the notices: "The event log".
    let name: String
    private var lost = 0

    init(name: String) {
        self.name = name
    }

    /// Says something when trouble begins and when it ends, and nothing between. `header` comes
    /// before the first line of an empty file.
    mutating func append(
        _ line: String, header: String = "", to path: String, isSynced: Bool
    ) -> Notice? {
        do throws(SystemError) {
            try RecordFile.append(line, header: header, to: path, isSynced: isSynced)
        } catch {
            lost += 1
            guard lost == 1 else { return nil }
            return (.error, "\(name) does not work, its lines are lost: \(error)")
        }
        guard lost > 0 else { return nil }
        defer { lost = 0 }
        return (.notice, "\(name) works again; lines lost: \(lost)")
    }

    /// Opened for each line: then a file that was rotated away or deleted is simply a new one.
    private static func append(
        _ line: String, header: String, to path: String, isSynced: Bool
    ) throws(SystemError) {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let file = open(path, flags, mode_t(0o644))
        guard file >= 0 else { throw SystemError(errno, "cannot open \(path)") }
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        let isEmpty = status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
        let bytes = Array((isEmpty ? header + line : line).utf8)
        let count = write(file, bytes, bytes.count)
        let code = count < 0 ? errno : ENOSPC
        guard count == bytes.count else {
            // Half a line would spoil the next one as well.
            if count > 0 { ftruncate(file, status.st_size) }
            throw SystemError(code, "cannot write to \(path)")
        }
        // Pipes and devices cannot be synced, which is EINVAL.
        if isSynced, fdatasync(file) != 0, errno != EINVAL {
            throw SystemError(errno, "cannot sync \(path)")
        }
    }
}
