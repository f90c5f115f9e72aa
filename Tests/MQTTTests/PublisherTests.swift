// The publisher and a real broker: what is published, and what becomes of it when the broker goes.

import Glibc
import Report
import Testing

@testable import MQTT
@testable import UPS

struct PublisherTests {
    private let monitor = FakeMonitor()
    private let base = "ups/workhorse"

    @Test func theWholeTreeIsRetained() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port) { $0.url = "http://[::1]:10024/" }
        defer { publisher.stop(within: .seconds(1)) }
        let topics = MQTTStateTopic.all
        let expected = Set(["1 \(base)/availability online"])
            .union(
                topics.map {
                    let payload = $0.payload(
                        monitor.state.withLock { $0.snapshot }, url: "http://[::1]:10024/")
                    return "1 \(base)/\($0.name) \(payload)"
                })
        let first = broker.subscribe("\(base)/#")
        #expect(eventually { first.lines.count >= expected.count + 1 })
        let late = broker.subscribe("\(base)/#")
        #expect(eventually { Set(late.lines).isSuperset(of: expected) })
        #expect(Set(late.lines) == expected.union(["1 test/ready yes"]))
    }

    @Test func aChangeReachesTheSubscriberAtOnce() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/power", "ON"))
        #expect(subscriber.receives("\(base)/input_voltage", "12.590"))
        let before = ContinuousClock.now
        monitor.change {
            $0.powerPresent = false
            $0.status = .onBattery
            $0.shutdown.phase = .pending
        }
        #expect(subscriber.receives("\(base)/power", "OFF"))
        // Nothing here waits for a tick of a second; the rest is the load of the test machine.
        #expect(ContinuousClock.now - before < .milliseconds(500))
        #expect(subscriber.receives("\(base)/status", "on_battery"))
        #expect(subscriber.receives("\(base)/shutdown_phase", "pending"))
    }

    /// Else Home Assistant would take what is retained from before for the present.
    @Test func onlineComesWhenAllTheRestIsThere() {
        let broker = Broker()
        broker.publish("\(base)/status", "shutting_down", "-r")
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/status", "shutting_down"))
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(subscriber.receives("\(base)/availability", "online"))
        let topics = subscriber.lines.map { $0.split(separator: " ")[1] }
        let before = Set(topics.prefix { !$0.hasSuffix("/availability") }.map { String($0) })
        #expect(before.isSuperset(of: MQTTStateTopic.all.map { "\(base)/\($0.name)" }))
        #expect(subscriber.messages("\(base)/status") == ["shutting_down", "online"])
    }

    @Test func everythingIsBackAfterTheBrokerWasKilled() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(broker.subscribe("\(base)/#").receives("\(base)/power", "ON"))
        broker.stop(SIGKILL)
        #expect(eventually { monitor.notes.contains { $0.hasPrefix("broker_lost: ") } })
        monitor.change { $0.powerPresent = false }
        broker.start()
        let begin = ContinuousClock.now
        let subscriber = broker.subscribe("\(base)/#")
        let count = MQTTStateTopic.all.count + 2
        #expect(eventually { subscriber.lines.count >= count })
        #expect(ContinuousClock.now - begin < .seconds(2))
        #expect(subscriber.messages("\(base)/availability") == ["online"])
        #expect(subscriber.messages("\(base)/power") == ["OFF"])
        #expect(
            eventually {
                monitor.notes.last
                    == "broker_restored: Back: the MQTT broker 127.0.0.1:\(broker.port)"
            })
        #expect(monitor.notes.count <= 4)
    }

    /// The subscriber's session outlives the broker, so that it gets whatever was published.
    @Test func eventsWaitForTheBroker() {
        let broker = Broker([
            "allow_anonymous true", "persistence true", "persistence_location @/",
            "max_queued_messages 0",
        ])
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/event", "-i", "log", "-c", "-x", "600")
        monitor.announce(3)
        #expect(eventually { subscriber.messages("\(base)/event").count == 3 })
        #expect(eventually { publisher.delivered == 3 })
        broker.stop()
        monitor.announce(200)
        broker.start()
        #expect(eventually { subscriber.messages("\(base)/event").count >= 203 })
        #expect(eventually { publisher.delivered == 203 })
        let texts = subscriber.messages("\(base)/event").map { message in
            (1...203).first { message.contains("\"text\":\"e\($0)\"") } ?? 0
        }
        #expect(texts == Array(1...203))
        #expect(
            subscriber.lines.allSatisfy { $0.hasPrefix("0 \(base)/event") || $0.contains("ready") })
    }

    /// Events that were on their way when the connection died come again.
    @Test func eventsThatWereNotAcknowledgedComeAgain() {
        let broker = Broker([
            "allow_anonymous true", "persistence true", "persistence_location @/",
            "autosave_interval 1", "autosave_on_changes true",
        ])
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/event", "-i", "log", "-c", "-x", "600")
        monitor.announce(1)
        #expect(eventually { publisher.delivered == 1 })
        broker.freeze()
        monitor.announce(3)
        usleep(200_000)
        broker.stop(SIGKILL)
        #expect(publisher.delivered == 1)
        broker.start()
        #expect(eventually { publisher.delivered == 4 })
        #expect(eventually { subscriber.messages("\(base)/event").count == 4 })
        #expect(subscriber.messages("\(base)/event").last?.contains("e4") == true)
    }

    /// Two threads of the daemon wait for its end.
    @Test func anotherStopDoesNotWait() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        publisher.stop(within: .seconds(5))
        let before = ContinuousClock.now
        publisher.stop(within: .seconds(5))
        #expect(ContinuousClock.now - before < .seconds(2))
    }

    @Test func aStopSaysWhatIsDueAndThenOffline() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/availability", "online"))
        monitor.state.withLock { $0.wake = nil }
        monitor.announce(150)
        monitor.change { $0.shutdown.phase = .committed }
        let before = ContinuousClock.now
        publisher.stop(within: .seconds(3))
        #expect(ContinuousClock.now - before < .seconds(2))
        #expect(publisher.delivered == 150)
        #expect(subscriber.receives("\(base)/availability", "offline"))
        #expect(subscriber.messages("\(base)/event").count == 150)
        #expect(subscriber.messages("\(base)/shutdown_phase").last == "committed")
        #expect(subscriber.lines.last == "0 \(base)/availability offline")
    }

    @Test func anotherPublisherGoesOnBehindTheFirst() {
        let broker = Broker()
        let first = monitor.publisher(port: broker.port)
        monitor.announce(5)
        #expect(eventually { first.delivered == 5 })
        first.stop(within: .seconds(1))
        let subscriber = broker.subscribe("ups/#")
        let second = monitor.publisher(port: broker.port, eventsAfter: first.delivered) {
            $0.id = "other"
        }
        defer { second.stop(within: .seconds(1)) }
        monitor.announce(1)
        #expect(subscriber.receives("ups/other/availability", "online"))
        #expect(eventually { subscriber.messages("ups/other/event").count == 1 })
        #expect(subscriber.messages("ups/other/event")[0].contains("e6"))
        #expect(subscriber.messages("\(base)/availability") == ["offline"])
    }

    @Test func anAbruptEndLeavesTheWill() throws {
        let broker = Broker()
        let subscriber = broker.subscribe("\(base)/#")
        var settings = Publisher.Settings(id: "workhorse")
        settings.port = broker.port
        var connection: BrokerConnection? = try BrokerConnection(
            settings, BrokerRole(will: "\(base)/availability"), isVersion5: true)
        #expect(
            eventually {
                connection?.work(isReadable: true)
                return connection?.isConnected == true
            })
        connection?.publish("\(base)/availability", "online", retain: true)
        #expect(subscriber.receives("\(base)/availability", "online"))
        connection = nil
        #expect(subscriber.receives("\(base)/availability", "offline"))
    }

    @Test func theWindow() throws {
        let broker = Broker()
        var settings = Publisher.Settings(id: "workhorse")
        settings.port = broker.port
        let connection = try BrokerConnection(
            settings, BrokerRole(will: "\(base)/availability"), isVersion5: true)
        #expect(connection.room == 0)
        #expect(
            eventually {
                connection.work(isReadable: true)
                return connection.isConnected
            })
        var published = 0
        while connection.room > 0, published < 1000 {
            published += 1
            connection.publish("x", "y", retain: false, number: UInt64(published))
        }
        #expect(published == BrokerConnection.window)
        #expect(
            eventually {
                connection.work(isReadable: true)
                return connection.isAllAcknowledged
            })
        let numbers = connection.takeArrivals().acknowledged
        #expect(numbers == Array(1...UInt64(published)))
        #expect(connection.room == BrokerConnection.window)
    }

    @Test func anotherClientOfTheSameNameThrowsItOut() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/availability")
        #expect(subscriber.receives("\(base)/availability", "online"))
        broker.publish("x", "y", "-i", "ups-workhorse")
        let lives = ["online", "offline", "online"]
        // Where the broker says why, it waits for 5 s, so that two do not throw each other out.
        let isBack = eventually(.seconds(10)) {
            subscriber.messages("\(base)/availability").suffix(3) == lives
        }
        #expect(isBack)
    }
}
