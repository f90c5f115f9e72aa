// The MQTT sink as it is now: none, or a Publisher that a reload may replace. Wakes may come from
// any thread.

import Configuration
import Host
import MQTT
import Platform
import Records
import Report
import Synchronization
import UPS

final class BrokerLink: Sendable {
    private static let replaceLimit = Duration.seconds(1)

    private struct State {
        var publisher: Publisher?
        /// The last event that the publishers before have delivered.
        var delivered: UInt64 = 0
        /// What they have counted.
        var counters = BrokerCounters()
    }

    private let uplink: Uplink
    private let recorder: Recorder
    private let state = Mutex(State())

    init(uplink: Uplink, recorder: Recorder) {
        self.uplink = uplink
        self.recorder = recorder
    }

    func wake() {
        state.withLock { $0.publisher }?.wake()
    }

    func stop(within limit: Duration) {
        state.withLock { $0.publisher }?.stop(within: limit)
    }

    /// Ends the present connection and makes the configured one, if any. May wait.
    func replace(with broker: Configuration.Broker?, server: Configuration.Server) {
        endPresent()
        guard let broker else { return }
        let store = HomeAssistantStore(folder: server.stateDirectory)
        let settings = broker.settings(server: server) { warn($0) }
        do throws(SystemError) {
            let publisher = try Publisher(
                settings, uplink: uplink, eventsAfter: state.withLock { $0.delivered },
                spawn: MQTTClientCommand.start, remember: { self.keep($0, in: store) })
            state.withLock { $0.publisher = publisher }
            try publisher.start()
        } catch {
            warn("There is no MQTT: \(error)")
        }
    }

    /// Without a publisher nothing is forgotten: what happens now is sent by the next one.
    private func endPresent() {
        guard let former = state.withLock({ $0.publisher }) else { return }
        former.stop(within: BrokerLink.replaceLimit)
        state.withLock { state in
            state = State(
                delivered: former.delivered, counters: state.counters.adding(former.counters))
        }
    }

    /// Nil: there is no MQTT.
    var counters: BrokerCounters? {
        let (publisher, before) = state.withLock { ($0.publisher, $0.counters) }
        return publisher.map { before.adding($0.counters) }
    }

    private func warn(_ text: String) {
        _ = uplink.submit(.note(.warning, Message(text)))
    }

    private func keep(_ record: HomeAssistantRecord, in store: HomeAssistantStore) {
        _ = recorder.work("Keeping what Home Assistant knows") {
            do throws(SystemError) {
                try store.write(record)
            } catch {
                self.warn("What Home Assistant was told is not kept: \(error)")
            }
        }
    }
}

extension BrokerCounters {
    /// Whether there is a connection, only the later one knows.
    fileprivate func adding(_ later: BrokerCounters) -> BrokerCounters {
        var sum = later
        sum.connections += connections
        sum.eventsDropped += eventsDropped
        return sum
    }
}
