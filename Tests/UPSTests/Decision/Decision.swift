// A shutdown controller and its clock, as the tests of the rules drive it.

@testable import Decision
@testable import Monitoring
@testable import UPS

final class Decision {
    static let boot = BootID(high: 0x1F0C_8B52_0000_0000, low: 0)
    static let present: DeviceStatus = [.powerPresent, .batteryPresent]
    static let absent: DeviceStatus = [.batteryPresent, .discharging]

    private(set) var controller: ShutdownController
    var now: BootTime
    private(set) var actions: [ShutdownController.Action] = []
    private var tickets: Ticket = 0

    /// At 1000 s after boot, with the defaults: 15 s of delay, 35 s before the UPS's own timer.
    init(at seconds: Double = 1000, _ change: (inout ShutdownPolicy) -> Void = { _ in }) {
        var policy = ShutdownPolicy()
        change(&policy)
        now = BootTime(seconds: seconds)
        controller = ShutdownController(
            policy: policy, statusInterval: .milliseconds(100), boot: Decision.boot, at: now)
    }

    /// As above, and power is known to be present since a moment ago.
    static func onLine(_ change: (inout ShutdownPolicy) -> Void = { _ in }) -> Decision {
        let decision = Decision(at: 999.9, change)
        decision.good(2, every: .milliseconds(50))
        decision.now = BootTime(.seconds(1000))
        decision.actions = []
        return decision
    }

    /// As above, and it has failed: readings at 1000 s and 8 ms later.
    static func onBattery(_ change: (inout ShutdownPolicy) -> Void = { _ in }) -> Decision {
        let decision = onLine(change)
        decision.failing(2, every: .milliseconds(8))
        decision.now = BootTime(.milliseconds(1_000_008))
        decision.actions = []
        return decision
    }

    // MARK: Inputs

    func take(_ input: ShutdownController.Input) {
        actions += controller.handle(input, at: now)
    }

    /// So many readings, the first one now.
    func status(_ status: DeviceStatus, _ count: Int = 1, every: Duration = .milliseconds(8)) {
        for _ in 0..<count {
            take(.reading(status))
            now = now + every
        }
    }

    func good(_ count: Int = 1, every: Duration = .milliseconds(8)) {
        status(Decision.present, count, every: every)
    }

    func failing(_ count: Int = 1, every: Duration = .milliseconds(8)) {
        status(Decision.absent, count, every: every)
    }

    func command(
        _ verb: Command.Verb, from origin: Origin = .control, id: String? = nil,
        incident: String? = nil
    ) -> CommandResult? {
        tickets += 1
        take(.command(Command(verb, from: origin, id: id, incident: incident), tickets))
        for case .answer(tickets, let result) in actions { return result }
        return nil
    }

    /// Readings every 100 ms up to this moment, and one at it.
    func stay(_ status: DeviceStatus = Decision.absent, until seconds: Double) {
        let end = BootTime(seconds: seconds)
        while now < end {
            take(.reading(status))
            now = min(now + .milliseconds(100), end)
        }
        take(.reading(status))
    }

    /// Nothing is read; the controller is called whenever it asks for it.
    func silence(until seconds: Double) {
        let end = BootTime(seconds: seconds)
        var turns = 0
        while turns < 10_000, let wake = controller.nextWake(at: now), wake <= end {
            now = max(now, wake)
            take(.tick)
            turns += 1
        }
        now = end
        take(.tick)
    }

    /// The daemon ends and is started again after this time.
    func restart(after duration: Duration, boot: BootID = Decision.boot) {
        var kept = KeptState(boot: controller.boot)
        controller.keep(in: &kept)
        let answers = controller.answers
        now = now + duration
        controller = ShutdownController(
            policy: controller.configured, statusInterval: controller.statusInterval,
            boot: boot, at: now)
        let record = kept.encoded(sequence: 1)
        guard let state = KeptState.newest(of: [record], boot: boot)?.state else { return }
        controller.answers = answers
        actions += controller.restore(state, at: now)
    }

    func reconfigure(_ change: (inout ShutdownPolicy) -> Void) {
        var policy = controller.configured
        change(&policy)
        controller.configured = policy
    }

    /// The UPS has told a limit of its own, as the Watch hands it on.
    func learn(limit: Duration) {
        reconfigure { policy in
            policy.maximumBackupTime = policy.maximumBackupTime.map { min($0, limit) } ?? limit
        }
        controller.shorten(to: limit)
    }

    func forget() { actions = [] }

    // MARK: What came of it

    var phase: Phase { controller.phase(at: now) }
    var deadline: Deadline? { controller.deadline(at: now) }
    /// Of the deadline, in seconds since boot.
    var deadlineSeconds: Double? { deadline?.time.sinceBoot.inSeconds }
    var asksStatus: Bool { actions.contains(.askStatus) }

    /// What was announced or done, in order; that the status is asked is not in it.
    var events: [String] {
        actions.compactMap { action in
            switch action {
            case .announce(let name, _): name.rawValue
            case .runShutdown(let step): "run(\(step))"
            case .withdrawShutdown: "withdraw"
            case .sync: "sync"
            case .askStatus, .answer: nil
            }
        }
    }

    var texts: [String] {
        actions.compactMap { if case .announce(_, let text) = $0 { text.text } else { nil } }
    }

    /// The seconds since boot of the commit.
    var commitSeconds: Double? { controller.commit?.time.sinceBoot.inSeconds }
    var commitReason: Reason? { controller.commit?.reason }
}

extension BootTime {
    /// To the millisecond.
    init(seconds: Double) {
        self.init(.milliseconds(Int((seconds * 1000).rounded())))
    }
}
