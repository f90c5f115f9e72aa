// What a purge removes from a real broker, and what it leaves.

import Glibc
import Report
import Testing

@testable import MQTT
@testable import UPS

struct PurgeTests {
    private let monitor = FakeMonitor()
    private let base = "ups/workhorse"
    private let topic = "homeassistant/device/ups_A1B2/config"

    init() {
        monitor.change {
            $0.identity.serial = "A1B2"
            $0.hasIdentity = true
        }
    }

    private func settings(_ port: Int) -> Publisher.Settings {
        var settings = Publisher.Settings(id: "workhorse")
        settings.port = port
        return settings
    }

    private func retained(_ broker: Broker) -> [String] {
        broker.retained().map { String($0.prefix { $0 != " " }) }
    }

    private func publishAll(_ broker: Broker) {
        let publisher = monitor.publisher(port: broker.port)
        let count = MQTTStateTopic.all.count + 2
        #expect(eventually { Set(retained(broker)).count == count })
        publisher.stop(within: .seconds(1))
    }

    @Test func everythingOfThisUPSAndNothingElse() throws {
        let broker = Broker()
        publishAll(broker)
        let others = [
            "ups/workhorse2/power", "ups/other/power", "homeassistant/device/ups_other/config",
            "homeassistant/sensor/x/config",
        ]
        for other in others { broker.publish(other, "\"ups/other/availability\"", "-r") }
        broker.publish("\(base)/of/an/older/version", "1", "-r")
        broker.publish("homeassistant/device/ups_old/config", "\"\(base)/availability\"", "-r")
        #expect(try Purge(settings(broker.port)).run() == MQTTStateTopic.all.count + 4)
        #expect(retained(broker).sorted() == others.sorted())
        #expect(try Purge(settings(broker.port)).run() == 0)
    }

    /// It may look at its own topics only.
    @Test func theDocumentThatNobodyShowsIt() throws {
        let broker = Broker(
            ["allow_anonymous true", "acl_file @/acl"],
            files: [
                "acl": "topic readwrite ups/#\ntopic write homeassistant/#\n"
                    + "topic readwrite test/#\nuser reader\ntopic readwrite #\n"
            ])
        var settings = settings(broker.port)
        settings.record.note(Identity(), as: "ups_A1B2", announcedAt: topic)
        for name in [topic, "\(base)/power"] { broker.publish(name, "x", "-r") }
        #expect(try Purge(settings).run() == 2)
        #expect(broker.retained("#", "-u", "reader") == [])
    }

    /// It may write, not look.
    @Test func byWhatIsRemembered() throws {
        let broker = Broker(
            ["allow_anonymous true", "acl_file @/acl"],
            files: [
                "acl": "topic write ups/#\ntopic write homeassistant/#\n"
                    + "topic read test/#\ntopic write test/#\nuser reader\ntopic readwrite #\n"
            ])
        var settings = settings(broker.port)
        settings.record.note(Identity(), as: "ups_A1B2", announcedAt: topic)
        for name in [topic, "\(base)/power", "\(base)/availability"] {
            broker.publish(name, "x", "-r")
        }
        #expect(try Purge(settings).run() == 0)
        #expect(broker.retained("#", "-u", "reader") == [])
    }

    @Test func aBrokerThatForbidsIt() throws {
        let broker = Broker(
            ["allow_anonymous true", "acl_file @/acl"],
            files: ["acl": "topic read #\ntopic write test/#\nuser w\ntopic readwrite #\n"])
        broker.publish("\(base)/power", "ON", "-r", "-u", "w")
        #expect(throws: Purge.Failure.self) { try Purge(settings(broker.port)).run() }
    }

    @Test func nobodyThere() {
        let port = Listener().port
        do throws(Purge.Failure) {
            _ = try Purge(settings(port)).run()
            Issue.record("nobody is there")
        } catch {
            #expect(
                error.description == "The MQTT broker 127.0.0.1:\(port): Connection refused")
        }
    }
}
