// Lines from the dashboard of a demo, on their way to the thread of the simulated UPS. Submitted on
// the web thread; nothing here waits.

import Platform
import Simulator
import Synchronization
import UPS

final class SimulatorLines: Sendable {
    /// Lines that may wait; the thread takes them within milliseconds.
    private static let capacity = 32

    /// Wakes the thread when there is a line.
    let wakeup: WakeDescriptor
    private let waiting = Mutex<[SimulatorLine]>([])

    init() throws(SystemError) {
        wakeup = try WakeDescriptor()
    }

    func submit(_ text: String) -> CommandResult {
        do throws(SimulatorLine.Failure) {
            guard let line = try SimulatorLine.parse(text) else {
                return CommandResult.refused("The line is empty; try help.")
            }
            let isTaken = waiting.withLock { waiting in
                guard waiting.count < SimulatorLines.capacity else { return false }
                waiting.append(line)
                return true
            }
            guard isTaken else {
                return CommandResult.refused("Too many lines at once.")
            }
            wakeup.wake()
            return CommandResult.accepted("The simulated UPS was told: \(text)")
        } catch {
            return CommandResult.refused(Message(error.text))
        }
    }

    func take() -> [SimulatorLine] {
        wakeup.clear()
        return waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
