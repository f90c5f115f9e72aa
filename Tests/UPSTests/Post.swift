// A watch with a device at the other end of the line, in virtual time. For the watch's tests.

import Testing

@testable import UPS

final class Post {
    private(set) var watch: Watch
    private(set) var now = BootTime(.seconds(1000))
    private(set) var actions: [Watch.Action] = []
    /// What the device answers, where the usual will not do; no payload: it is unsupported.
    var payloads: [Request: [UInt8]] = [
        .deviceStatus: [0x0C], .charge: [100], .capacitance: [25, 0],
        .batteryVoltage: [0xA0, 0x28], .inputVoltage: [0x38, 0x31], .outputVoltage: [0xD4, 0x30],
        .outputCurrent: [100, 0], .monitorStatus: [0x00, 0x02],
        .maximumBackupTime: [],
    ]
    var isMute = false
    private var asked: [Request] = []
    private var tickets: Ticket = 0

    init(_ setup: Watch.Setup = Watch.Setup(), answering payloads: [Request: [UInt8]] = [:]) {
        self.payloads.merge(payloads) { $1 }
        let installation = Installation(host: "host", version: "1", started: now)
        watch = Watch(setup, installation: installation, boot: Decision.boot, at: now)
        watch.portOpened(at: now)
        run(for: .seconds(1))
        actions = []
    }

    /// Goes on for a time; every answer takes 4 ms.
    func run(for duration: Duration) {
        let end = now + duration
        while now < end {
            watch.advance(to: now)
            collect()
            while let request = asked.popLast(), !isMute {
                now = now + .milliseconds(4)
                watch.received(answer(to: request).bytes, at: now)
                collect()
            }
            guard let wake = watch.nextWake(at: now), wake < end else { break }
            now = max(now, wake)
        }
        now = max(now, end)
    }

    private func collect() {
        let isLeft = watch.poller.hasOutcomes
        #expect(!isLeft, "nothing that was found out waits for the next turn")
        while let action = watch.nextAction() {
            actions.append(action)
            guard case .send(let bytes) = action else { continue }
            asked += Request.allCases.filter { $0.frame.bytes == bytes }
        }
    }

    private func answer(to request: Request) -> Frame {
        guard let payload = payloads[request] else { return Line.frame(request) }
        guard !payload.isEmpty else { return Frame.unsupported }
        return Frame(index: request.index, command: request.command, payload: payload)
    }

    func submit(_ verb: Command.Verb, id: String? = nil) -> CommandResult? {
        tickets += 1
        watch.submit(Command(verb, from: .control, id: id), tickets, at: now)
        collect()
        return watch.snapshot(at: now, wall: WallTime(nanoseconds: 0)).answers.result(for: tickets)
    }

    /// Bytes that arrive at this moment; nothing else is done.
    func receive(_ bytes: [UInt8], at moment: BootTime) {
        now = moment
        watch.received(bytes, at: now)
        collect()
    }

    func openPort() {
        watch.portOpened(at: now)
        collect()
    }

    func closePort() {
        watch.portClosed(at: now)
        collect()
    }

    func reconfigure(_ setup: Watch.Setup) {
        watch.reconfigure(setup, at: now)
        collect()
    }

    func forget() { actions = [] }

    var requestCount: Int {
        actions.count { if case .send = $0 { true } else { false } }
    }

    var snapshot: Snapshot { watch.snapshot(at: now, wall: WallTime(nanoseconds: 0)) }

    var events: [Event] {
        actions.compactMap { if case .record(let event) = $0 { event } else { nil } }
    }

    var names: [String] { events.map(\.name.rawValue) }
}
