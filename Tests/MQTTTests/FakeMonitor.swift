// What the publisher is wired to in the tests: a snapshot that a test changes, and answers to
// commands as a controller would give them.

import Glibc
import Synchronization

@testable import MQTT
@testable import UPS

final class FakeMonitor: Sendable {
    struct State {
        var snapshot: Snapshot
        var ticket: Ticket = 0
        var commands: [Command] = []
        var notes: [String] = []
        var isFull = false
        var wake: (@Sendable () -> Void)?
    }

    let state: Mutex<State>

    init() {
        var snapshot = Snapshot(
            time: BootTime(.seconds(1000)), wall: WallTime(nanoseconds: 1_795_359_600_000_000_000),
            installation: Installation(
                host: "workhorse", version: "2.0.0", started: BootTime(.zero)),
            rating: Rating(), policy: ShutdownPolicy())
        snapshot.link = .ok
        snapshot.status = .online
        snapshot.powerPresent = true
        snapshot.reading.inputVoltage = Voltage(millivolts: 12_590)
        snapshot.reading.batteryCharge = 100
        snapshot.shutdown.delay = .seconds(15)
        state = Mutex(State(snapshot: snapshot))
    }

    var uplink: Uplink {
        let start = ContinuousClock.now
        return Uplink(
            latest: { [self] in
                var snapshot = state.withLock { $0.snapshot }
                snapshot.time = snapshot.time + (ContinuousClock.now - start)
                return snapshot
            },
            submit: { [self] in take($0) })
    }

    private func take(_ submission: Submission) -> Ticket? {
        state.withLock { state in
            guard !state.isFull else { return nil }
            state.ticket += 1
            switch submission {
            case .note(let name, let text): state.notes.append("\(name.rawValue): \(text)")
            case .problems: break
            case .command(let command):
                state.commands.append(command)
                let result = CommandResult.accepted("Done: \(command.name).")
                state.snapshot.answers.post(result, for: state.ticket)
                state.wake?()
            }
            return state.ticket
        }
    }

    func change(_ change: (inout Snapshot) -> Void) {
        let wake = state.withLock { state in
            change(&state.snapshot)
            return state.wake
        }
        wake?()
    }

    func announce(_ count: Int) {
        change { snapshot in
            for _ in 0..<count {
                let number = snapshot.events.newest + 1
                snapshot.events.append(
                    Event(number: number, name: .warning, time: snapshot.time, text: "e\(number)"))
            }
        }
    }

    var commands: [Command] { state.withLock { $0.commands } }
    var notes: [String] { state.withLock { $0.notes } }

    func publisher(
        port: Int, eventsAfter number: UInt64 = 0,
        _ adjust: (inout Publisher.Settings) -> Void = { _ in }
    ) -> Publisher {
        var settings = Publisher.Settings(id: "workhorse")
        settings.port = port
        adjust(&settings)
        do {
            let publisher = try Publisher(settings, uplink: uplink, eventsAfter: number)
            state.withLock { $0.wake = { [weak publisher] in publisher?.wake() } }
            try publisher.start()
            return publisher
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
