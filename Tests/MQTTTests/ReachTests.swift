// Brokers that refuse, do not answer, speak an older version or want TLS.

import Glibc
import Testing

@testable import MQTT
@testable import UPS

struct ReachTests {
    private let monitor = FakeMonitor()
    private let base = "ups/workhorse"

    @Test func nobodyThereIsOneNote() {
        let port = Listener().port
        let publisher = monitor.publisher(port: port)
        usleep(1_200_000)
        #expect(
            monitor.notes == [
                "broker_lost: No connection to the MQTT broker 127.0.0.1:\(port): Connection refused"
            ])
        let before = ContinuousClock.now
        publisher.stop(within: .seconds(1))
        #expect(ContinuousClock.now - before < .milliseconds(500))
    }

    @Test func aNameThatDoesNotExist() {
        let publisher = monitor.publisher(port: 1883) { $0.host = "broker.invalid" }
        let text =
            "broker_lost: No connection to the MQTT broker broker.invalid:1883: "
            + "The name cannot be resolved"
        #expect(eventually(.seconds(12)) { monitor.notes == [text] })
        publisher.stop(within: .seconds(1))
    }

    @Test func passwords() {
        let folder = Folder()
        let file = folder.write("made", "")
        Program("/usr/bin/mosquitto_passwd", ["-b", file, "ups", "right"]).wait()
        let hashed = read(file)
        let broker = Broker(
            ["allow_anonymous false", "password_file @/passwords"], files: ["passwords": hashed])
        let address = "127.0.0.1:\(broker.port)"
        let wrong = monitor.publisher(port: broker.port) {
            $0.username = "ups"
            $0.password = "wrong"
        }
        let text = "No connection to the MQTT broker \(address): The broker refused: Not authorized"
        #expect(
            eventually { monitor.notes.first?.lowercased() == "broker_lost: \(text)".lowercased() })
        wrong.stop(within: .seconds(1))
        let right = monitor.publisher(port: broker.port) {
            $0.username = "ups"
            $0.password = "right"
        }
        #expect(
            eventually {
                monitor.notes.last == "broker_restored: Connected to the MQTT broker \(address)"
            })
        right.stop(within: .seconds(1))
    }

    private func read(_ path: String) -> String {
        Program("/bin/cat", [path]).text
    }

    @Test func aBrokerThatNeverAnswers() {
        let listener = Listener()
        let publisher = monitor.publisher(port: listener.port)
        let client = listener.accept()
        #expect(client >= 0)
        let before = ContinuousClock.now
        publisher.stop(within: .seconds(1))
        #expect(ContinuousClock.now - before < .milliseconds(500))
        close(client)
    }

    @Test func theAnswerHasALimit() {
        let listener = Listener()
        let publisher = monitor.publisher(port: listener.port) {
            $0.answerLimit = .milliseconds(100)
        }
        let text =
            "broker_lost: No connection to the MQTT broker 127.0.0.1:\(listener.port): "
            + "The broker does not answer"
        #expect(eventually { monitor.notes == [text] })
        publisher.stop(within: .seconds(1))
    }

    /// It gets no more than the window, however much there is to say.
    @Test func aBrokerThatAcknowledgesNothing() {
        let listener = Listener()
        let publisher = monitor.publisher(port: listener.port)
        let client = listener.accept()
        var buffer = [UInt8](repeating: 0, count: 65536)
        #expect(recv(client, &buffer, buffer.count, 0) > 0)
        let accepted: [UInt8] = [0x20, 3, 0, 0, 0]
        _ = send(client, accepted, accepted.count, Int32(MSG_NOSIGNAL))
        #expect(eventually { monitor.notes.first?.hasPrefix("broker_restored: ") == true })
        monitor.announce(500)
        usleep(200_000)
        let before = ContinuousClock.now
        publisher.stop(within: .milliseconds(400))
        #expect(ContinuousClock.now - before < .milliseconds(800))
        var received: [UInt8] = []
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 {
            received += buffer.prefix(count)
        }
        close(client)
        let text = String(decoding: received, as: UTF8.self)
        let messages = text.split(separator: "ups/workhorse/", omittingEmptySubsequences: false)
        #expect(
            (10...BrokerConnection.window + 5).contains(messages.count),
            "\(received.count) \(received)")
        #expect(publisher.delivered == 0)
    }

    @Test func aThreadThatIsStuckIsNotWaitedFor() {
        let publisher = monitor.publisher(port: 1883) { $0.host = "192.0.2.1" }
        usleep(50_000)
        let before = ContinuousClock.now
        publisher.stop(within: .milliseconds(200))
        #expect(ContinuousClock.now - before < .seconds(1))
    }

    /// The first CONNECT has version 5 and is refused as MQTT 3.1.1 prescribes; the next has 4.
    @Test func anOlderBroker() {
        let listener = Listener()
        let publisher = monitor.publisher(port: listener.port)
        defer { publisher.stop(within: .zero) }
        #expect(versionOfConnect(listener, answer: [0x20, 2, 0, 1]) == 5)
        #expect(versionOfConnect(listener, answer: [0x20, 2, 0, 0]) == 4)
        #expect(eventually { monitor.notes.first?.hasPrefix("broker_restored: ") == true })
    }

    /// What the broker says when it ends the connection (mosquitto 2.0 says nothing).
    @Test func anotherClientOfTheSameName() {
        let listener = Listener()
        let publisher = monitor.publisher(port: listener.port)
        defer { publisher.stop(within: .zero) }
        #expect(versionOfConnect(listener, answer: [0x20, 3, 0, 0, 0, 0xE0, 1, 0x8E]) == 5)
        let text =
            "broker_lost: No connection to the MQTT broker 127.0.0.1:\(listener.port): "
            + "Another client has the name ups-workhorse; each UPS needs its own mqtt.id"
        #expect(eventually { monitor.notes.last == text })
    }

    private func versionOfConnect(_ listener: borrowing Listener, answer: [UInt8]) -> UInt8? {
        let client = listener.accept()
        defer { close(client) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = recv(client, &bytes, bytes.count, 0)
        _ = send(client, answer, answer.count, Int32(MSG_NOSIGNAL))
        usleep(100_000)
        guard count > 12, let name = bytes.firstIndex(of: UInt8(ascii: "M")) else { return nil }
        return bytes[name + 4]
    }
}
