// The simulated UPS of the demo, on a thread of its own.

import Console
import Glibc
import Platform
import Synchronization

/// Runs the simulated UPS until it is told to end.
final class SimulatorThread: @unchecked Sendable {
    // The loop is touched by the one thread that runs it; it is handed over before that starts.
    private let loop: SimulatorLoop
    private let wakeup: WakeDescriptor
    private let hasEnded = Atomic<Bool>(false)

    init(_ loop: SimulatorLoop, until wakeup: WakeDescriptor) {
        self.loop = loop
        self.wakeup = wakeup
    }

    func start() throws(SystemError) {
        try PlainThread.start("simulator") {
            do throws(SystemError) {
                try self.loop.run(until: self.wakeup.descriptor)
            } catch {
                printError("\(error)")
            }
            self.hasEnded.store(true, ordering: .releasing)
        }
    }

    /// Waits for its last turn, at most a second.
    func end() {
        wakeup.wake()
        for _ in 0..<100 where !hasEnded.load(ordering: .acquiring) { usleep(10_000) }
    }
}
