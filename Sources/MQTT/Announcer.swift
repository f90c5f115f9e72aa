// What Home Assistant is told, where and when: the discovery document, or that there is none any
// more. A value, used by the publisher's thread.

import Report
import UPS

struct Announcer {
    struct Message {
        let topic: String
        /// Empty: Home Assistant forgets what it was told there.
        let payload: String
    }

    /// What the document depends on.
    private struct Told: Equatable {
        let identity: Identity
        let name: String
    }

    private let settings: Publisher.Settings
    private let topics: HomeAssistantTopics
    private let remember: @Sendable (HomeAssistantRecord) -> Void
    private var record: HomeAssistantRecord
    private var told: Told?
    private var resendAt: BootTime?
    private var resent: BootTime?

    /// Of many starts of Home Assistant within this time, one is answered.
    static let pause = Duration.seconds(10)

    init(
        _ settings: Publisher.Settings, remember: @escaping @Sendable (HomeAssistantRecord) -> Void
    ) {
        self.settings = settings
        self.remember = remember
        topics = HomeAssistantTopics(prefix: settings.discoveryPrefix)
        record = settings.record
    }

    /// Nil: Home Assistant does not matter.
    var birthTopic: String? { settings.announces ? topics.birth : nil }

    /// On a new connection: the broker may have forgotten the document.
    mutating func reset() {
        told = nil
        resendAt = nil
    }

    // MARK: Home Assistant has started

    /// The delay, 1 to 4 s, keeps the many that hear it apart.
    mutating func born(at now: BootTime, delay: Duration) {
        let earliest = resent.map { max(now, $0 + Announcer.pause) } ?? now
        resendAt = resendAt ?? earliest + delay
    }

    /// True once when everything is to be sent again; the document then is due.
    mutating func takeResend(at now: BootTime) -> Bool {
        guard let due = resendAt, now >= due else { return false }
        reset()
        resent = now
        return true
    }

    // MARK: The document

    /// To be published retained, in this order.
    mutating func due(_ snapshot: Snapshot) -> [Message] {
        settings.announces ? announcement(snapshot) : farewell()
    }

    private mutating func announcement(_ snapshot: Snapshot) -> [Message] {
        guard let identity = record.known(in: snapshot),
            let identifier = record.identifier(of: identity, in: snapshot)
        else { return [] }
        let present = Told(identity: identity, name: snapshot.rating.name)
        guard present != told else { return [] }
        told = present
        let topic = topics.document(of: identifier)
        let document = HomeAssistantDocument(
            identifier: identifier, topics: settings.topics,
            acceptsCommands: settings.acceptsCommands, url: settings.url)
        // Of another UPS or prefix: Home Assistant would keep a device that is not there any more.
        let former = record.topic == topic ? nil : record.topic
        note { $0.note(identity, as: identifier, announcedAt: topic) }
        return (former.map { [Message(topic: $0, payload: "")] } ?? [])
            + [Message(topic: topic, payload: document.json(identity, in: snapshot))]
    }

    private mutating func farewell() -> [Message] {
        guard let former = record.topic else { return [] }
        note { $0.topic = nil }
        return [Message(topic: former, payload: "")]
    }

    private mutating func note(_ change: (inout HomeAssistantRecord) -> Void) {
        let former = record
        change(&record)
        if record != former { remember(record) }
    }
}
