// A watch with a device at the other end of the line, in virtual time. For the watch's tests.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

final class Post {
    /// What power is like: the payload of a status answer.
    static let present: [UInt8] = [0x0C]
    static let absent: [UInt8] = [0x0A]

    private(set) var watch: Watch
    private(set) var now = BootTime(.seconds(1000))
    private(set) var actions: [Watch.Action] = []
    private(set) var events: [Event] = []
    /// Number of the newest of them.
    private var heard: UInt64 = 0
    /// What the device answers, where the usual will not do; no payload: it is unsupported.
    var payloads: [Request: [UInt8]] = [
        .deviceStatus: Post.present, .charge: [100], .capacitance: [25, 0],
        .batteryVoltage: [0xA0, 0x28], .inputVoltage: [0x38, 0x31], .outputVoltage: [0xD4, 0x30],
        .outputCurrent: [100, 0], .monitorStatus: [0x00, 0x02],
        .maximumBackupTime: [],
    ]
    /// The settings of the device; the others answer as `payloads` says.
    var settings: [SettingName: Setting] = [:]
    /// Nothing is answered at all.
    var isMute = false
    /// These are not answered.
    var mute: Set<Request> = []
    /// Called with each request before it is answered.
    var willAnswer: (Post, Request) -> Void = { _, _ in }
    /// What was asked, and when.
    private(set) var sent: [(request: Request, time: BootTime)] = []
    /// The settings that were written, and when.
    private(set) var written: [(change: SettingChange, time: BootTime)] = []
    private var asked: [Frame] = []
    private var tickets: Ticket = 0

    init(
        _ setup: Watch.Setup = Watch.Setup(), answering payloads: [Request: [UInt8]] = [:],
        settings: [SettingName: Setting] = [:]
    ) {
        self.payloads.merge(payloads) { $1 }
        self.settings = settings
        let installation = Installation(host: "host", version: "1", started: now)
        watch = Watch(setup, installation: installation, boot: Decision.boot, at: now)
        watch.portOpened(at: now)
        run(for: .seconds(1))
        forget()
    }

    /// The daemon ends and is started again at once; the device and the boot stay.
    func restart(_ setup: Watch.Setup = Watch.Setup()) {
        let record = watch.kept.encoded(sequence: 1)
        var words = KeptWords()
        watch.keptAnswers.encode(boot: Decision.boot, to: &words)
        let answers = AnswerMemory(
            words.sealed(length: AnswerMemory.length), boot: Decision.boot)
        let installation = Installation(host: "host", version: "1", started: now)
        (asked, heard) = ([], 0)
        watch = Watch(
            setup, installation: installation, boot: Decision.boot, kept: KeptState(record),
            answers: answers ?? AnswerMemory(), at: now)
        openPort()
    }

    /// How long an answer takes.
    var exchange = Duration.milliseconds(4)

    /// Goes on for a time.
    func run(for duration: Duration) {
        let end = now + duration
        while now < end {
            watch.advance(to: now)
            collect()
            while now < end, let frame = asked.popLast(), !isMute {
                let request = Request(frame)
                if let request { willAnswer(self, request) }
                guard let reply = answer(to: frame, request) else { break }
                now = now + exchange
                watch.received(reply.bytes, at: now)
                collect()
            }
            guard let wake = watch.nextWake(at: now), wake < end else { break }
            now = max(now, wake)
        }
        now = max(now, end)
    }

    /// The device was mute; until the moment at which the link is back.
    func answerAgain() {
        isMute = false
        for _ in 0..<200 where snapshot.link != .ok { run(for: .milliseconds(10)) }
        #expect(snapshot.link == .ok)
    }

    /// The daemon is not there, or was stopped.
    func skip(_ duration: Duration) {
        now = now + duration
    }

    /// From now on the device says this of power.
    func power(_ status: [UInt8], for duration: Duration) {
        payloads[.deviceStatus] = status
        run(for: duration)
    }

    private func collect() {
        let isLeft = watch.poller.hasOutcomes
        #expect(!isLeft, "nothing that was found out waits for the next turn")
        while let action = watch.nextAction() {
            actions.append(action)
            guard case .send(let bytes) = action else { continue }
            var decoder = FrameDecoder()
            decoder.append(bytes)
            guard let frame = decoder.next() else { continue }
            asked.append(frame)
            if let request = Request(frame) { sent.append((request, now)) }
            if let change = SettingChange(frame) { written.append((change, now)) }
        }
        events += watch.events.events(after: heard)
        heard = watch.events.newest
    }

    /// Nil: silence.
    private func answer(to frame: Frame, _ request: Request?) -> Frame? {
        if let change = SettingChange(frame) {
            guard let former = settings[change.name] else { return Frame.unsupported }
            settings[change.name] = Setting(
                minimum: former.minimum, maximum: former.maximum, default: former.default,
                isEnabled: change.isEnabled, value: change.value)
            return reply(to: change.name)
        }
        guard let request, !mute.contains(request) else { return nil }
        if let name = SettingName(request), settings[name] != nil { return reply(to: name) }
        guard let payload = payloads[request] else { return Line.frame(request) }
        guard !payload.isEmpty else { return Frame.unsupported }
        return Frame(index: request.index, command: request.command, payload: payload)
    }

    private func reply(to name: SettingName) -> Frame? {
        settings[name].map { setting in
            Frame(
                index: name.request.index, command: name.request.command,
                payload: setting.payload(of: name))
        }
    }

    /// The answer, if it is there at once.
    func submit(
        _ verb: Command.Verb, from origin: Origin = .control, id: String? = nil,
        incident: String? = nil
    ) -> CommandResult? {
        tickets += 1
        let command = Command(verb, from: origin, id: id, incident: incident)
        watch.submit(command, tickets, at: now)
        collect()
        return result(of: tickets)
    }

    /// Of the command that was submitted last.
    var lastTicket: Ticket { tickets }
    var lastResult: CommandResult? { result(of: tickets) }

    /// Nil: it has not been answered yet.
    func result(of ticket: Ticket) -> CommandResult? {
        snapshot.answers.result(for: ticket)
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
        asked = []
        collect()
    }

    func reconfigure(_ setup: Watch.Setup) {
        watch.reconfigure(setup, at: now)
        collect()
    }

    func forget() { (actions, events, sent, written) = ([], [], [], []) }

    // MARK: What came of it

    var requestCount: Int {
        actions.count { if case .send = $0 { true } else { false } }
    }

    func count(_ request: Request) -> Int { sent.count { $0.request == request } }

    var runs: Bool {
        actions.contains { if case .runShutdown = $0 { true } else { false } }
    }

    var snapshot: Snapshot { watch.snapshot(at: now, wall: WallTime(nanoseconds: 0)) }
    var shutdown: ShutdownState { snapshot.shutdown }

    var names: [String] { events.map(\.name.rawValue) }
    var texts: [String] { events.map(\.text) }
}
