// Keeps the record of the last shutdown. Read at the start; the Monitor has it written, on the
// Recorder's thread, because the disk may be dead by then.

import Glibc
import Host
import Platform
public import UPS

public struct LastShutdown: Sendable {
    let folder: String
    let recorder: Recorder

    public init(folder: String, recorder: Recorder) {
        (self.folder, self.recorder) = (folder, recorder)
    }

    /// Nil: there was none, or it cannot be read.
    public static func load(from folder: String) -> ShutdownRecord? {
        (try? OwnedFolder(folder).read(ShutdownRecord.name)).flatMap { $0 }
            .flatMap { ShutdownRecord($0) }
    }

    /// Returns at once, as all that follow.
    public func begin(_ shutdown: CommittedShutdown, at now: BootTime) {
        write(ShutdownRecord(shutdown, at: now, wall: BootClock.wall()))
    }

    /// The daemon is stopped, as the last of the services.
    public func end(_ shutdown: CommittedShutdown, at now: BootTime) {
        var record = ShutdownRecord(shutdown, at: now, wall: BootClock.wall())
        record.duration = now - shutdown.time
        write(record)
    }

    /// This host stayed up.
    public func withdraw() {
        _ = recorder.work("The end of a shutdown") { [folder] in
            try? OwnedFolder(folder).remove(ShutdownRecord.name)
        }
    }

    public func tell(_ record: ShutdownRecord) {
        var told = record
        told.isTold = true
        write(told)
    }

    private func write(_ record: ShutdownRecord) {
        recorder.work("Keeping the shutdown", failure: "The next start will know nothing of this") {
            [folder] in
            try OwnedFolder(folder).write(record.lines, to: ShutdownRecord.name, isSynced: true)
        }
    }
}
