// The discovery document on a real broker: when it is there, and when it is gone again.

import Glibc
import Report
import Testing

@testable import MQTT
@testable import UPS

struct DiscoveryTests {
    private let monitor = FakeMonitor()
    private let base = "ups/workhorse"
    private let topic = "homeassistant/device/ups_A1B2/config"

    init() {
        monitor.change {
            $0.identity.serial = "A1B2"
            $0.hasIdentity = true
        }
    }

    /// The payloads of what is retained there: one or none.
    private func retained(_ broker: Broker, _ topic: String) -> [String] {
        broker.retained(topic).map { String($0.dropFirst(topic.count + 1)) }
    }

    @Test func isRetainedBesideTheStates() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(broker.subscribe("\(base)/#").receives("\(base)/power", "ON"))
        let documents = retained(broker, topic)
        #expect(documents.count == 1)
        #expect(documents.first?.hasPrefix(#"{"device":{"identifiers":["ups_A1B2"]"#) == true)
        #expect(retained(broker, "\(base)/availability") == ["online"])
    }

    /// Whatever anybody has cleared or spoiled is there again, in an order that nobody waits for.
    @Test(arguments: [true, false])
    func everythingComesAgainWhenHomeAssistantIsBorn(isRetained: Bool) {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let count = MQTTStateTopic.all.count + 2
        #expect(eventually { broker.subscribe("#").lines.count > count })
        let subscriber = broker.subscribe("#")
        let begin = ContinuousClock.now
        broker.publish("homeassistant/status", "offline")
        let options = isRetained ? ["-r"] : []
        broker.publish("homeassistant/status", "online", options)
        func live(_ topic: String) -> [Int] {
            let lines = subscriber.lines
            return lines.indices.filter { lines[$0].hasPrefix("0 \(topic) ") }
        }
        #expect(eventually(.seconds(8)) { live("\(base)/availability").count == 1 })
        #expect(ContinuousClock.now - begin >= .seconds(1))
        let order = [topic, "\(base)/power", "\(base)/availability"].map(live)
        #expect(order.map(\.count) == [1, 1, 1])
        #expect(order.flatMap { $0 } == order.flatMap { $0 }.sorted())
    }

    /// It was there before we came: nothing is sent twice.
    @Test func anOldBirthIsNoBirth() {
        let broker = Broker()
        broker.publish("homeassistant/status", "online", "-r")
        let subscriber = broker.subscribe("#")
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(subscriber.receives("\(base)/alarms", "None"))
        usleep(4_500_000)
        #expect(subscriber.messages(topic).count == 1)
    }

    @Test func theFirstWordOfTheUPSIsWaitedFor() {
        let broker = Broker()
        monitor.change { $0.hasIdentity = false }
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("homeassistant/#", "-t", "\(base)/#")
        #expect(subscriber.receives("\(base)/alarms", "None"))
        #expect(subscriber.messages(topic).isEmpty)
        monitor.change { $0.hasIdentity = true }
        #expect(eventually { subscriber.messages(topic).count == 1 })
    }

    @Test func switchedOffItIsGone() {
        let broker = Broker()
        var record = HomeAssistantRecord()
        var identity = Identity()
        identity.serial = "A1B2"
        record.note(identity, as: "ups_A1B2", announcedAt: topic)
        broker.publish(topic, "old", "-r")
        let publisher = monitor.publisher(port: broker.port) {
            $0.announces = false
            $0.record = record
        }
        defer { publisher.stop(within: .seconds(1)) }
        #expect(broker.subscribe("\(base)/#").receives("\(base)/power", "ON"))
        #expect(eventually { retained(broker, topic).isEmpty })
    }
}
