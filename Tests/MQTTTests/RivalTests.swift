// Two daemons that were given the same name on one broker.

import Glibc
import Testing

@testable import MQTT
@testable import UPS

struct RivalTests {
    private let base = "ups/workhorse"
    private let one = FakeMonitor()
    private let other = FakeMonitor()

    init() {
        one.change { $0.identity.serial = "A1" }
        other.change {
            $0.installation = Installation(host: "spare", version: "2", started: BootTime(.zero))
            $0.identity.serial = "B2"
        }
    }

    /// The older one sees whom it would throw out, says so, and waits until that is gone.
    @Test func theyDoNotThrowEachOtherOutForEver() {
        let broker = Broker()
        let first = one.publisher(port: broker.port)
        defer { first.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/availability", "online"))
        let second = other.publisher(port: broker.port)
        let text =
            "broker_lost: No connection to the MQTT broker 127.0.0.1:\(broker.port): "
            + "ups-server on spare (UPS B2) uses ups/workhorse too; "
            + "each UPS needs its own mqtt.id"
        #expect(eventually { one.notes.last == text })
        usleep(3_000_000)
        let lives = subscriber.messages("\(base)/availability")
        #expect(lives == ["online", "offline", "online"])
        #expect(subscriber.messages("\(base)/info").last?.contains("\"spare\"") == true)
        #expect(one.notes.filter { $0 == text }.count == 1)
        #expect(other.notes.count == 1)
        second.stop(within: .seconds(1))
        #expect(
            eventually(.seconds(15)) { one.notes.last?.hasPrefix("broker_restored: ") == true })
        #expect(
            eventually {
                subscriber.messages("\(base)/info").last?.contains("\"workhorse\"") == true
            })
    }

    /// It was the broker: what is retained is our own.
    @Test func noRivalAfterARestartOfTheBroker() {
        let broker = Broker([
            "allow_anonymous true", "persistence true", "persistence_location @/",
        ])
        let publisher = one.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(broker.subscribe("\(base)/#").receives("\(base)/power", "ON"))
        broker.stop()
        broker.start()
        #expect(eventually { one.notes.last?.hasPrefix("broker_restored: Back: ") == true })
        #expect(!one.notes.contains { $0.contains("mqtt.id") })
    }

    /// Whoever may write our topics, and use our name for a moment, does not silence us for good.
    @Test func whoOnlyPretendsToBeARivalKeepsUsAwayForAWhile() {
        let broker = Broker()
        let foreign = broker.subscribe("\(base)/#")
        let first = other.publisher(port: broker.port)
        #expect(foreign.receives("\(base)/availability", "online"))
        let info = foreign.messages("\(base)/info").last ?? ""
        first.stop(within: .seconds(1))
        let publisher = one.publisher(port: broker.port) { $0.rivalPatience = .seconds(3) }
        defer { publisher.stop(within: .seconds(1)) }
        #expect(foreign.receives("\(base)/availability", "online"))
        for _ in 0..<2 {
            broker.publish("\(base)/info", info, "-r")
            broker.publish("\(base)/availability", "online", "-r")
            broker.publish("test/name", "taken", "-i", "ups-workhorse")
            #expect(
                eventually(.seconds(15)) {
                    foreign.messages("\(base)/info").last?.contains("\"workhorse\"") == true
                })
            #expect(foreign.receives("\(base)/availability", "online"))
        }
    }
}
