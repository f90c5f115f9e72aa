// A poller with somebody at the other end of the line, in virtual time. For the poller's tests.

@testable import Bicker
@testable import UPS

final class Line {
    enum Answer {
        case good
        case silent
        case bytes([UInt8])
    }

    static let exchange = Duration.milliseconds(4)
    static let unsupported = Answer.bytes(Frame.unsupported.bytes)

    var poller: Poller
    var now = BootTime(.seconds(100))
    /// What was asked, and when.
    private(set) var sent: [(request: Request, time: BootTime)] = []
    private(set) var outcomes: [Poller.Outcome] = []

    /// Opened at 100 s.
    init(_ intervals: PollIntervals = PollIntervals()) {
        poller = Poller(intervals)
        poller.open(at: now)
    }

    /// Past the first status, so that the next one counts at once.
    static func settled(_ intervals: PollIntervals = PollIntervals()) -> Line {
        let line = Line(intervals)
        line.run(for: .milliseconds(500))
        _ = line.takeOutcomes()
        line.sent = []
        return line
    }

    var requests: [Request] { sent.map(\.request) }

    func takeOutcomes() -> [Poller.Outcome] {
        defer { outcomes = [] }
        return outcomes
    }

    private func takeNewOutcomes() {
        while let outcome = poller.nextOutcome() { outcomes.append(outcome) }
    }

    /// What is asked now; nil: nothing.
    func step() -> Request? {
        defer { takeNewOutcomes() }
        guard case .send(let request) = poller.step(at: now) else { return nil }
        sent.append((request, now))
        return request
    }

    /// Steps until this is asked; everything before it gets a good answer.
    func step(to wanted: Request) -> Bool {
        for _ in 0..<200 {
            guard let request = step() else {
                guard let wake = poller.nextWake else { return false }
                now = max(now, wake)
                continue
            }
            if request == wanted { return true }
            now = now + Line.exchange
            receive(Line.frame(request).bytes)
        }
        return false
    }

    func receive(_ bytes: [UInt8]) {
        poller.receive(bytes, at: now)
        takeNewOutcomes()
    }

    func receive(_ frame: Frame) {
        receive(frame.bytes)
    }

    /// Goes on for a time, as the Watch would.
    func run(for duration: Duration, answer: (Request) -> Answer = { _ in .good }) {
        let end = now + duration
        while now < end {
            if let request = step() {
                // Once for each request: the answer may depend on how often it was asked.
                switch answer(request) {
                case .silent: break
                case .good:
                    now = now + Line.exchange
                    receive(Line.frame(request))
                    continue
                case .bytes(let bytes):
                    now = now + Line.exchange
                    receive(bytes)
                    continue
                }
            }
            guard let wake = poller.nextWake, wake < end else { break }
            now = max(now, wake)
        }
        now = max(now, end)
    }

    // MARK: Answers

    static let present: DeviceStatus = [.powerPresent, .batteryPresent]

    /// A good answer; a status says that power is present.
    static func frame(_ request: Request) -> Frame {
        let payload: [UInt8] =
            switch request.form {
            case .deviceStatus: [present.rawValue]
            case .percent, .celsius, .count: [50]
            case .kelvin: [0x2B, 0x01]
            case .text: Array("text".utf8)
            case .setting: [request.command, 0, 0, 99, 0, 1, 0, 0, 1, 0]
            case .acknowledgement: []
            default: [100, 0]
            }
        return Frame(index: request.index, command: request.command, payload: payload)
    }

    static func status(_ status: DeviceStatus) -> Frame {
        let request = Request.deviceStatus
        return Frame(index: request.index, command: request.command, payload: [status.rawValue])
    }
}

extension Poller.Outcome {
    static func status(_ status: DeviceStatus) -> Poller.Outcome {
        .reply(.deviceStatus, .deviceStatus(status))
    }

    /// The status reading that this is.
    var status: DeviceStatus? {
        if case .reply(_, .deviceStatus(let status)) = self { status } else { nil }
    }
}
