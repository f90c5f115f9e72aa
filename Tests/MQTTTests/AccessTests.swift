// The sample of `homeassistant/mosquitto` as it stands there: what the daemon and Home Assistant
// need is allowed, and nothing else.

import Foundation
import Report
import Testing

@testable import MQTT
@testable import UPS

struct AccessTests {
    private let monitor = FakeMonitor()
    private let authority = Authority()
    private let base = "ups/workhorse"
    private let document = "homeassistant/device/ups_A1B2C3/config"
    private let encrypted = Listener().port
    private let broker: Broker

    init() throws {
        let (certificate, key) = authority.issue("broker")
        // Only the places and the ports are other ones; the listener for the host itself is the
        // one that the broker of the tests has anyway.
        let lines = try AccessTests.sample("ups-server.conf")
            .replacingOccurrences(of: "/etc/mosquitto/certs/broker.pem", with: certificate)
            .replacingOccurrences(of: "/etc/mosquitto/certs/broker.key", with: key)
            .replacingOccurrences(of: "/etc/mosquitto/", with: "@/")
            .replacingOccurrences(of: "listener 1883 127.0.0.1\n", with: "")
            .replacingOccurrences(of: "listener 8883", with: "listener \(encrypted) 127.0.0.1")
            .components(separatedBy: "\n")
        broker = Broker(
            lines,
            files: [
                "ups-server.acl": try AccessTests.sample("ups-server.acl"),
                "passwords": AccessTests.passwords(),
            ])
        monitor.change {
            $0.identity.serial = "A1B2C3"
            $0.hasIdentity = true
        }
    }

    private static func sample(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../homeassistant/mosquitto")
        return try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    private static func passwords() -> String {
        let folder = Folder()
        let file = folder.write("passwords", "")
        for user in ["workhorse", "homeassistant", "guest"] {
            Program("/usr/bin/mosquitto_passwd", ["-b", file, user, "secret"]).wait()
        }
        return Program("/bin/cat", [file]).text
    }

    private func publisher(_ adjust: (inout Publisher.Settings) -> Void = { _ in }) -> Publisher {
        monitor.publisher(port: encrypted) {
            $0.tls = Publisher.TLS(caFile: authority.file)
            ($0.username, $0.password) = ("workhorse", "secret")
            adjust(&$0)
        }
    }

    /// What somebody sees of everything; nothing else may be told of the broker's answer.
    private func seen(by user: String) -> Program {
        Program(
            "/usr/bin/mosquitto_sub",
            ["-p", "\(broker.port)", "-u", user, "-P", "secret", "-F", "%t %p", "-t", "#"])
    }

    private func publish(by user: String, _ topic: String, _ payload: String) {
        Program(
            "/usr/bin/mosquitto_pub",
            [
                "-p", "\(broker.port)", "-u", user, "-P", "secret", "-q", "1", "-t", topic, "-m",
                payload,
            ]
        ).wait()
    }

    @Test func everythingThatIsNeeded() {
        let home = seen(by: "homeassistant")
        let publisher = publisher()
        defer { publisher.stop(within: .seconds(1)) }
        let topics =
            [document, "\(base)/availability"] + MQTTStateTopic.all.map { "\(base)/\($0.name)" }
        for topic in topics {
            #expect(eventually { home.lines.contains { $0.hasPrefix("\(topic) ") } }, "\(topic)")
        }
        publish(by: "homeassistant", "\(base)/command", "cancel")
        #expect(eventually { home.lines.contains { $0.hasPrefix("\(base)/command/result ") } })
        publish(by: "homeassistant", "homeassistant/status", "online")
        #expect(
            eventually(.seconds(8)) {
                home.lines.filter { $0.hasPrefix("\(document) ") }.count == 2
            })
        #expect(monitor.commands.count == 1)
        #expect(monitor.notes.count == 1, "\(monitor.notes)")
    }

    @Test func nothingElse() {
        let home = seen(by: "homeassistant")
        let guest = seen(by: "guest")
        let publisher = publisher()
        defer { publisher.stop(within: .seconds(1)) }
        #expect(eventually { home.lines.contains("\(base)/power ON") })
        publish(by: "guest", "\(base)/command", "cancel")
        publish(by: "homeassistant", "\(base)/power", "OFF")
        publish(by: "workhorse", "ups/spare/power", "OFF")
        publish(by: "homeassistant", "\(base)/command", "measure")
        #expect(eventually { monitor.commands.count == 1 })
        #expect(monitor.commands == [Command(.measure, from: .mqtt)])
        #expect(!home.lines.contains { $0.hasSuffix("power OFF") })
        #expect(guest.lines == [])
    }

    @Test func anotherNameThanTheListKnows() {
        let publisher = publisher { $0.id = "other" }
        defer { publisher.stop(within: .seconds(1)) }
        #expect(
            eventually {
                monitor.notes.contains {
                    $0.lowercased()
                        == "warning: mqtt: the broker refuses messages of ours: not authorized"
                }
            }, "\(monitor.notes)")
    }
}
