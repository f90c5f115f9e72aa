// What the event log is told about the broker: that it is gone and that it is back, once each. A
// value, used by the publisher's thread.

import Report
import UPS

struct BrokerJournal {
    private enum Told: Equatable {
        case nothing
        case connected
        case lost(String)
    }

    /// Reasons that take turns are not told each time.
    private static let pause = Duration.seconds(60)

    private let address: String
    private let uplink: Uplink
    private var told = Told.nothing
    private var reasonTold: ContinuousClock.Instant?
    /// A connection that comes and goes does not fill the event log.
    private var limit = RateLimit(perSecond: 1.0 / 30, burst: 6)
    private var unsentEvents = 0

    init(address: String, uplink: Uplink) {
        self.address = address
        self.uplink = uplink
    }

    /// Called as long as there is a connection.
    mutating func connected() {
        guard told != .connected else { return }
        let sentence: Sentence = told == .nothing ? .brokerConnected : .brokerBack
        tell(.brokerRestored, Message(sentence, address), .connected)
        reasonTold = nil
    }

    /// Called after every attempt that failed.
    mutating func lost(_ reason: String) {
        guard told != .lost(reason) else { return }
        if let reasonTold, ContinuousClock.now - reasonTold < BrokerJournal.pause { return }
        tell(.brokerLost, Message(.brokerLost, address, reason), .lost(reason))
        if told == .lost(reason) { reasonTold = .now }
    }

    func warn(_ text: String) {
        _ = uplink.submit(.note(.warning, "MQTT: \(text)"))
    }

    mutating func eventsGone(_ count: Int) {
        unsentEvents += count
        guard unsentEvents > 0 else { return }
        let text: Message =
            "MQTT: \(unsentEvents) events were not sent: too many since the broker was lost"
        if uplink.submit(.note(.warning, text)) != nil { unsentEvents = 0 }
    }

    /// What is not told now is told at the next occasion.
    private mutating func tell(_ name: Event.Name, _ text: Message, _ next: Told) {
        guard limit.pass(at: uplink.latest().time) else { return }
        if uplink.submit(.note(name, text)) != nil { told = next }
    }
}
