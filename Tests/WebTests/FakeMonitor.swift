// Stands in for the Monitor: keeps one snapshot, takes commands, answers them when told to.

import Glibc
import Synchronization
import Web

@testable import UPS

final class FakeMonitor: Sendable {
    private struct State {
        var snapshot: Snapshot
        var commands: [Command] = []
        var notes: [String] = []
        var isFull = false
        var reply: CommandResult? = .accepted("Done.")
        var wake: @Sendable () -> Void = {}
    }

    private let state: Mutex<State>

    init() {
        var snapshot = Snapshot(
            time: FakeMonitor.now, wall: WallTime(nanoseconds: 1_700_000_000_000_000_000),
            installation: Installation(
                host: "workhorse", version: "2.0.0", started: FakeMonitor.now),
            rating: Rating(), policy: ShutdownPolicy())
        snapshot.sequence = 1
        snapshot.link = .ok
        snapshot.status = .online
        snapshot.powerPresent = true
        snapshot.identity.serial = "S1"
        state = Mutex(State(snapshot: snapshot))
    }

    static var now: BootTime {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return BootTime(.seconds(time.tv_sec) + .nanoseconds(time.tv_nsec))
    }

    var uplink: Uplink {
        Uplink(latest: { self.latest }, submit: { self.take($0) })
    }

    var commands: [Command] { state.withLock { $0.commands } }

    var notes: [String] { state.withLock { $0.notes } }

    /// Nil: commands stay without an answer.
    func setReply(_ reply: CommandResult?) {
        state.withLock { $0.reply = reply }
    }

    func setWake(_ wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.wake = wake }
    }

    func setFull() {
        state.withLock { $0.isFull = true }
    }

    /// Something that nobody may learn late; the caller wakes the server.
    func change(_ body: @Sendable (inout Snapshot) -> Void) {
        state.withLock {
            body(&$0.snapshot)
            $0.snapshot.sequence += 1
            $0.snapshot.urgentSequence += 1
        }
    }

    private var latest: Snapshot {
        var snapshot = state.withLock { $0.snapshot }
        let now = FakeMonitor.now
        snapshot.wall = snapshot.wallTime(of: now)
        snapshot.time = now
        return snapshot
    }

    private func take(_ submission: Submission) -> Ticket? {
        state.withLock { state in
            guard !state.isFull else { return nil }
            if case .note(let name, let text) = submission {
                state.notes.append("\(name.rawValue): \(text)")
                return 0
            }
            guard case .command(let command) = submission else { return nil }
            state.commands.append(command)
            let ticket = Ticket(state.commands.count)
            if let reply = state.reply {
                state.snapshot.answers.post(reply, for: ticket)
                state.snapshot.sequence += 1
                state.snapshot.urgentSequence += 1
                state.wake()
            }
            return ticket
        }
    }
}
