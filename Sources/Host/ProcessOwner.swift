// Whose process it is, by files of /proc that never wait for its memory: `stat` and `status` hold
// no lock of it, unlike `cmdline` and `environ`. For the forced end of a shutdown.

public enum ProcessOwner: Equatable {
    /// A thread of the kernel.
    case kernel
    /// Root in every respect: a user who runs a setuid program has its own number among the four.
    case root
    case other

    /// PF_KTHREAD of <linux/sched.h>
    private static let kernelFlag: UInt64 = 0x0020_0000

    /// A process that cannot be looked at is taken for one of a user.
    public init(of process: Int32) {
        self.init(
            stat: readSmallFile("/proc/\(process)/stat", limit: 512) ?? "",
            status: readSmallFile("/proc/\(process)/status", limit: 1024) ?? "")
    }

    /// The text of both files.
    init(stat: String, status: String) {
        if ProcessOwner.flags(stat) & ProcessOwner.kernelFlag != 0 {
            self = .kernel
        } else {
            self = ProcessOwner.users(status) == ["0", "0", "0", "0"] ? .root : .other
        }
    }

    /// The ninth field. The second one is a name in parentheses that the process has chosen.
    private static func flags(_ stat: String) -> UInt64 {
        let bytes = stat.utf8
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return 0 }
        let fields = bytes[end...].dropFirst().split(separator: UInt8(ascii: " "))
        return fields.dropFirst(6).first.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
            ?? 0
    }

    /// The real, effective, saved and file system user. A name holds no end of a line there.
    private static func users(_ status: String) -> [String] {
        let lines = status.utf8.split(separator: UInt8(ascii: "\n"))
        let texts = lines.map { String(decoding: $0, as: UTF8.self) }
        let line = texts.first { $0.hasPrefix("Uid:\t") } ?? ""
        return line.dropFirst(5).split(separator: "\t").map { String($0) }
    }
}
