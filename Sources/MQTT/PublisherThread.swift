// The publisher's thread: connects, publishes what is due, and tries again when the broker is gone.
// Sleeps until it is woken, the broker sends something, or a second is over.

import Platform
import Report
import UPS

final class PublisherThread {
    private let shared: Publisher.Shared
    private let settings: Publisher.Settings
    private let uplink: Uplink
    private let topics: MQTTTopics
    private var filter = MQTTPublishFilter()
    private var isOnlineDue = false
    private var events: MQTTEventQueue
    private var commands: CommandQueue
    private var announcer: Announcer
    private var journal: BrokerJournal
    private var backoff: Backoff
    private var isVersion5 = true
    /// Another daemon had our name when we looked last.
    private var hasRival = false
    /// Since when it keeps us away.
    private var rivalSince: ContinuousClock.Instant?
    /// Every client that may write our topics can pretend to be one: it keeps us away for
    /// `rivalPatience`, and not again before this has passed.
    private static let rivalPause = Duration.seconds(3600)

    init(_ shared: Publisher.Shared) {
        self.shared = shared
        settings = shared.settings
        uplink = shared.uplink
        topics = settings.topics
        events = MQTTEventQueue(after: shared.state.withLock { $0.delivered })
        commands = CommandQueue(acceptsCommands: settings.acceptsCommands, uplink: uplink)
        announcer = Announcer(settings, remember: shared.remember)
        journal = BrokerJournal(address: settings.address, uplink: uplink)
        backoff = Backoff(isLoopback: settings.isLoopback)
    }

    func run() {
        while shared.stop == nil {
            guard let failure = attempt() else { break }
            journal.lost(failure.reason)
            let jitter = Double.random(in: 0.8...1.2)
            rest(backoff.next(afterRefusal: failure.isRefusal, jitter: jitter))
        }
        shared.ended.wake()
    }

    /// Until the next attempt or the stop. Events go on being collected.
    private func rest(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        while shared.stop == nil, ContinuousClock.now < end {
            shared.wakeup.wait(atMost: end - ContinuousClock.now)
            shared.wakeup.clear()
            events.take(from: uplink.latest().events)
        }
    }

    // MARK: One connection

    /// Nil: stopped.
    private func attempt() -> BrokerFailure? {
        if hasRival, let rival = rival() { return rival }
        isVersion5 = true
        var failure = connectAndServe()
        if failure?.wantsOlderVersion == true {
            isVersion5 = false
            failure = connectAndServe()
        }
        guard let failure, failure.isEndByBroker else { return failure }
        // It has taken our place by now, if there is one.
        rest(.milliseconds(200))
        return rival() ?? failure
    }

    /// A client that connects ends the connection of another one of its name. So the other one is
    /// only looked at, and the newer one stays: for a while, because every client may have written
    /// what is seen of it.
    private func rival() -> BrokerFailure? {
        let now = ContinuousClock.now
        if let since = rivalSince, now - since >= PublisherThread.rivalPause { rivalSince = nil }
        hasRival = false
        if let since = rivalSince, now - since >= settings.rivalPatience { return nil }
        guard let rival = Lookout(shared: shared, isVersion5: isVersion5).rival() else {
            return nil
        }
        hasRival = true
        rivalSince = rivalSince ?? now
        let text = "\(rival) uses \(topics.base) too; each UPS needs its own mqtt.id"
        return BrokerFailure(text, isRefusal: true)
    }

    /// Nil: stopped.
    private func connectAndServe() -> BrokerFailure? {
        do throws(BrokerFailure) {
            let role = BrokerRole(will: topics.availability)
            return serve(try shared.connection(role, isVersion5: isVersion5))
        } catch {
            return error
        }
    }

    private func serve(_ connection: any BrokerClient) -> BrokerFailure? {
        var isGreeted = false
        let connected = ContinuousClock.now
        while connection.failure == nil {
            if connection.isConnected, !isGreeted {
                count {
                    $0.isConnected = true
                    $0.connections += 1
                }
                greet(connection)
                isGreeted = true
            }
            if let stop = shared.stop {
                farewell(connection, stop)
                return nil
            }
            publishDue(connection)
            turn(connection, .seconds(1))
        }
        count { $0.isConnected = false }
        // One that is thrown out again and again must not come back at full speed.
        if isGreeted, ContinuousClock.now - connected > .seconds(10) { backoff.reset() }
        return connection.failure
    }

    /// Sleeps until there is something to do, and does it.
    private func turn(_ connection: any BrokerClient, _ longest: Duration) {
        if connection.wait(longest, or: shared.wakeup.descriptor) { shared.wakeup.clear() }
        let arrived = connection.takeArrivals()
        for number in arrived.acknowledged { events.acknowledge(number) }
        let delivered = events.delivered
        shared.state.withLock { $0.delivered = delivered }
        for warning in arrived.warnings { journal.warn(warning) }
        guard !arrived.messages.isEmpty else { return }
        let snapshot = uplink.latest()
        for message in arrived.messages { take(message, snapshot) }
    }

    private func take(_ message: BrokerMessage, _ snapshot: Snapshot) {
        switch message.topic {
        case topics.command: commands.take(message, snapshot)
        case announcer.birthTopic where message.payload == Array("online".utf8):
            // One that is retained was there before, and what it would ask for has just been sent.
            guard !message.isRetained else { return }
            let delay = Duration.milliseconds(Int.random(in: 1000...4000))
            announcer.born(at: snapshot.time, delay: delay)
        default: break
        }
    }

    // MARK: What is published

    private func greet(_ connection: any BrokerClient) {
        connection.subscribe(topics.command)
        if let birth = announcer.birthTopic { connection.subscribe(birth, isLive: true) }
        announcer.reset()
        events.rewind()
        begin(connection)
    }

    /// Everything retained is due.
    private func begin(_ connection: any BrokerClient) {
        announce(connection, uplink.latest())
        filter.resetAll()
        isOnlineDue = true
    }

    /// Last: a client that sees `online` before the rest takes what is retained from before for the
    /// present, perhaps a shutdown that is long over.
    private func sayOnline(_ connection: any BrokerClient) {
        guard isOnlineDue, filter.hasSentAll, connection.room > 0 else { return }
        connection.publish(topics.availability, "online", retain: true)
        isOnlineDue = false
    }

    private func announce(_ connection: any BrokerClient, _ snapshot: Snapshot) {
        guard connection.room > 1 else { return }
        for message in announcer.due(snapshot) {
            connection.publish(message.topic, message.payload, retain: true)
        }
    }

    private func publishDue(_ connection: any BrokerClient) {
        let snapshot = uplink.latest()
        events.take(from: snapshot.events)
        commands.collect(snapshot)
        guard connection.isConnected else { return }
        journal.connected()
        if commands.takeClearing(at: snapshot.time) {
            connection.publish(topics.command, "", retain: true)
        }
        if announcer.takeResend(at: snapshot.time) { begin(connection) }
        announce(connection, snapshot)
        for topic in filter.due(snapshot, room: connection.room) {
            let payload = topic.payload(snapshot, url: settings.url)
            connection.publish(topics.state(topic), payload, retain: true)
        }
        sayOnline(connection)
        while connection.room > 0, let result = commands.nextResult() {
            connection.publish(topics.commandResult, result, retain: false)
        }
        while connection.room > 0, let event = events.next() {
            let payload = MQTTEvent.json(event, in: snapshot)
            connection.publish(topics.event, payload, retain: false, number: event.number)
        }
        let lost = events.takeLost()
        if lost > 0 { count { $0.eventsDropped += lost } }
        journal.eventsGone(lost)
    }

    private func count(_ change: (inout BrokerCounters) -> Void) {
        shared.state.withLock { change(&$0.counters) }
    }

    /// The last words: what is due, then `offline`, each acknowledged if there is time for it.
    private func farewell(_ connection: any BrokerClient, _ stop: Publisher.Shared.Stop) {
        guard connection.isConnected else { return }
        repeat {
            publishDue(connection)
            waitForAcknowledgement(connection, until: stop.farewell)
        } while !events.isEmpty && connection.failure == nil && ContinuousClock.now < stop.farewell
        connection.publish(topics.availability, "offline", retain: true)
        waitForAcknowledgement(connection, until: stop.end)
        connection.disconnect()
    }

    private func waitForAcknowledgement(
        _ connection: any BrokerClient, until end: ContinuousClock.Instant
    ) {
        while !connection.isAllAcknowledged, connection.failure == nil {
            let left = end - ContinuousClock.now
            guard left > .zero else { return }
            turn(connection, min(left, .seconds(1)))
        }
    }
}
