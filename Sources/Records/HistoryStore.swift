// The file in the state directory that keeps the history. Read once after the start and written
// whole, both on the Recorder's thread.

import Glibc
import Host
import Platform
import Report
import Synchronization
import UPS

public final class HistoryStore: Sendable {
    public static let name = "history"
    /// Some times what the fullest history takes.
    private static let longest = 4 * 1024 * 1024

    private let path: String
    private let recorder: Recorder
    private let waiting = Mutex<[UInt8]?>(nil)

    /// The state directory.
    public init(folder: String, recorder: Recorder) {
        path = "\(folder)/\(HistoryStore.name)"
        self.recorder = recorder
    }

    /// Returns at once. The body is not called when there is something that cannot be read: then it
    /// must not be replaced.
    public func load(_ body: @escaping @Sendable ([UInt8]) -> Void) {
        _ = recorder.work("Reading the history") { [self] in
            if let bytes = readBytes(path, limit: HistoryStore.longest) {
                if !History.isKept(bytes) {
                    recorder.log(.warning, "\(path) is no history and is begun anew")
                }
                body(bytes)
            } else if errno == ENOENT {
                body([])
            } else {
                let error = SystemError(errno, "cannot read \(path)")
                recorder.log(.warning, "The history is not kept: \(error)")
            }
        }
    }

    /// Returns at once. Only the newest waits for a disk that hangs.
    public func keep(_ bytes: [UInt8]) {
        let waited = waiting.withLock { waiting in
            defer { waiting = bytes }
            return waiting != nil
        }
        guard !waited else { return }
        recorder.work("Keeping the history", failure: "The history is not kept") { [self] in
            guard let bytes = waiting.withLock({ $0.take() }) else { return }
            try replaceFile(path, with: bytes)
        }
    }
}
