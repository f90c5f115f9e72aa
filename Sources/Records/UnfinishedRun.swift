// A file in the runtime directory for as long as a daemon runs, removed by an orderly end: where a
// start finds it, the run before did not end in order. Used by main at the start and at the end.

import Host
public import UPS

/// What ended the process may end it again: through a defect in what reads its bytes, a client of
/// the port could keep the daemon from deciding. So each run that follows a disorderly end decides
/// for a while before the port is served, longer each time.
public struct UnfinishedRun {
    static let name = "running"
    private static let first = Duration.seconds(1)
    private static let longest = Duration.seconds(60)
    /// A run that has lasted so long ended for another reason than the ones before it.
    private static let longRun = Duration.seconds(600)

    private let folder: String
    private let boot: BootID
    private let began: BootTime
    /// How many runs in a row have not ended in order.
    public let count: Int64

    /// Looks at what the run before has left.
    public init(folder: String, boot: BootID, at now: BootTime) {
        (self.folder, self.boot, began) = (folder, boot, now)
        let former = (try? OwnedFolder(folder).read(UnfinishedRun.name)) ?? nil
        count = former.map { UnfinishedRun.count($0, boot: boot, at: now) } ?? 0
    }

    /// Notes that this run has begun. A start that fails is none.
    public func begin() {
        let lines = KeyLines([
            "BOOT_ID": boot.text, "BOOTTIME": "\(began.sinceBoot.components.seconds)",
            "UNFINISHED": "\(count)",
        ])
        try? OwnedFolder(folder).write(lines, to: UnfinishedRun.name)
    }

    private static func count(_ former: KeyLines, boot: BootID, at now: BootTime) -> Int64 {
        guard former["BOOT_ID"] == boot.text, let began = former.number("BOOTTIME"),
            let before = former.number("UNFINISHED")
        else { return 0 }
        let wasLong = now - BootTime(.seconds(began)) >= longRun
        return wasLong ? 1 : min(max(before, 0), 100) + 1
    }

    /// Before the port is served.
    public var pause: Duration {
        guard count > 0 else { return .zero }
        return min(UnfinishedRun.first * (1 << min(count - 1, 10)), UnfinishedRun.longest)
    }

    /// The run ends in order.
    public func end() {
        (try? OwnedFolder(folder))?.remove(UnfinishedRun.name)
    }
}
