// Who holds the serial line, and whose group it is. Looks through /proc and asks the name service,
// both of which may take long: only the Recorder's thread may call it.

public import Glibc

public struct SerialPortHolder: Equatable, CustomStringConvertible {
    let process: Int
    public let name: String?

    private static let processLimit = 32_768
    private static let descriptorLimit = 4096
    private static let locksLimit = 256 * 1024

    public var description: String { "process \(process)" + (name.map { " (\($0))" } ?? "") }

    /// Every user sees who holds a lock; only root sees the open files of other users' processes.
    public static func find(_ path: String) -> SerialPortHolder? {
        guard let status = device(path) else { return nil }
        let locks = readSmallFile("/proc/locks", limit: locksLimit) ?? ""
        let process = lockOwner(in: locks, inode: UInt64(status.st_ino)) { process in
            isOpen(status.st_rdev, in: process) ?? true
        }
        return (process ?? openers(of: status.st_rdev).first { _ in true }).map { holder($0) }
    }

    /// Another program that has it open, lock or not. A second daemon is kept out by its lock, and a
    /// simulated UPS holds its end.
    public static func findOther(_ path: String) -> SerialPortHolder? {
        guard let status = device(path) else { return nil }
        return openers(of: status.st_rdev).map { holder($0) }
            .first { $0.process != Int(getpid()) && $0.name != "ups-server" }
    }

    /// All that is no device has the same number.
    private static func device(_ path: String) -> stat? {
        fileStatus(path).flatMap { $0.st_mode & S_IFMT == S_IFCHR ? $0 : nil }
    }

    private static func holder(_ process: Int) -> SerialPortHolder {
        let name = readSmallFile("/proc/\(process)/comm", limit: 64)?.filter { !$0.isNewline }
        return SerialPortHolder(process: process, name: name)
    }

    /// Reads `1: FLOCK  ADVISORY  WRITE 4711 00:05:312 0 EOF`.
    ///
    /// The device number in there is not always that of `stat`, so that the inode has to do, and
    /// `accepts` looks closer where it can.
    static func lockOwner(
        in locks: String, inode: UInt64, accepts: (Int) -> Bool = { _ in true }
    ) -> Int? {
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", let process = Int(words[4]), process > 0,
                words[5].split(separator: ":").last.flatMap({ UInt64($0) }) == inode
            else { continue }
            if accepts(process) { return process }
        }
        return nil
    }

    private static func openers(of device: dev_t) -> some Sequence<Int> & LazySequenceProtocol {
        names(in: "/proc", limit: processLimit).lazy
            .compactMap { Int($0) }
            .filter { isOpen(device, in: $0) == true }
    }

    /// Nil: this user may not look.
    private static func isOpen(_ device: dev_t, in process: Int) -> Bool? {
        let folder = "/proc/\(process)/fd"
        guard access(folder, R_OK) == 0 else { return nil }
        return names(in: folder, limit: descriptorLimit).contains { name in
            // Only what lies under /dev is looked at: a dead network mount would never answer.
            guard linkTarget("\(folder)/\(name)")?.hasPrefix("/dev/") == true else { return false }
            return fileStatus("\(folder)/\(name)")?.st_rdev == device
        }
    }
}

public func groupName(_ group: gid_t) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16 * 1024) { buffer in
        var entry = Glibc.group()
        var found: UnsafeMutablePointer<Glibc.group>?
        let code = getgrgid_r(group, &entry, buffer.baseAddress!, buffer.count, &found)
        guard code == 0, found != nil else { return nil }
        return String(cString: entry.gr_name)
    }
}
