// Decides which retained topics are worth a message now. A value, owned by the publisher; it
// publishes nothing itself.

public import UPS

/// States go out at once; measurements by their deadband, at most once a second each; and at rest
/// all measurements together cost the broker less than one message a second.
public struct MQTTPublishFilter: Sendable {
    private struct Sent {
        var value: MQTTStateValue
        var time: BootTime
    }

    static let interval = Duration.seconds(1)
    static let flagInterval = Duration.seconds(4)
    private static let topics = MQTTStateTopic.all
    private static let power = topics.firstIndex { $0.name == "power" } ?? 0
    private var sent = [Sent?](repeating: nil, count: topics.count)
    /// Below 1 a second, so that there is room for states and events.
    private var atRest = RateLimit(perSecond: 0.8, burst: 10)

    public init() {}

    /// Everything is due again: the broker may have forgotten it.
    public mutating func resetAll() {
        sent = [Sent?](repeating: nil, count: sent.count)
    }

    /// Every topic has been published since.
    public var hasSentAll: Bool { sent.allSatisfy { $0 != nil } }

    /// What to publish at the snapshot's time, at most `room` topics; they count as published. What
    /// found no room stays due.
    public mutating func due(_ snapshot: Snapshot, room: Int) -> [MQTTStateTopic] {
        let now = snapshot.time
        let values = MQTTPublishFilter.topics.map { $0.value(snapshot) }
        let changed = values.indices.filter { values[$0] != sent[$0]?.value }
        let urgent = changed.filter { isUrgent(values[$0], at: $0) }
        // What charges and discharges is told by the same byte as the power, and goes with it.
        let powerChanges = urgent.contains(MQTTPublishFilter.power)
        let first = changed.filter { urgent.contains($0) || powerChanges && values[$0].isFlag }
        var due = first.prefix(max(0, room))
        var waiting = changed.filter { !first.contains($0) && isDue(values[$0], at: $0, now: now) }
        // Those that have waited longest, so that none starves.
        waiting.sort { (sent[$0]?.time ?? now) < (sent[$1]?.time ?? now) }
        // A wrong flag misleads, so it takes its share of the rate and does not wait for it; but one
        // that comes and goes all the time, as that of a charger may, waits as the others do.
        let flags = waiting.filter { index in
            values[index].isFlag
                && now - (sent[index]?.time ?? now) >= MQTTPublishFilter.flagInterval
        }.prefix(max(0, room - due.count))
        due += flags
        waiting.removeAll { flags.contains($0) }
        var allowed = room - due.count
        if snapshot.isAtRest { allowed = min(allowed, atRest.available(at: now) - flags.count) }
        let measured = waiting.prefix(max(0, allowed))
        if snapshot.isAtRest { atRest.spend(flags.count + measured.count) }
        due += measured
        for index in due { sent[index] = Sent(value: values[index], time: now) }
        return due.map { MQTTPublishFilter.topics[$0] }
    }

    /// Of one that changed: never published on this connection, a state, or a value that appeared or
    /// went.
    private func isUrgent(_ value: MQTTStateValue, at index: Int) -> Bool {
        guard let last = sent[index]?.value else { return true }
        return MQTTPublishFilter.topics[index].pace == .atOnce || value == .unknown
            || last == .unknown
    }

    /// A measurement that has changed by its deadband, a second after it was sent.
    private func isDue(_ value: MQTTStateValue, at index: Int, now: BootTime) -> Bool {
        guard case .measured(let deadband) = MQTTPublishFilter.topics[index].pace,
            let last = sent[index], now - last.time >= MQTTPublishFilter.interval
        else { return false }
        guard case .number(let new, _) = value, case .number(let old, _) = last.value else {
            return true
        }
        return abs(new - old) >= deadband
    }
}

extension Snapshot {
    /// On line power, nothing decided, and charged as far as the UPS asks for.
    fileprivate var isAtRest: Bool {
        guard powerPresent == true, shutdown.phase == .idle else { return false }
        return (reading.batteryCharge ?? 0) >= rating.powerReturnPercent
    }
}

extension MQTTStateValue {
    fileprivate var isFlag: Bool {
        if case .flag = self { true } else { false }
    }
}
