// The command topic with a real broker: what reaches the Monitor, and what is answered.

import Glibc
import Testing

@testable import MQTT
@testable import UPS

struct CommandTests {
    private let monitor = FakeMonitor()
    private let base = "ups/workhorse"

    private func result(
        _ command: String?, id: String? = nil, isAccepted: Bool, _ message: String
    ) -> String {
        func text(_ value: String?) -> String { value.map { "\"\($0)\"" } ?? "null" }
        return "{\"id\":\(text(id)),\"command\":\(text(command)),\"ok\":\(isAccepted),"
            + "\"message\":\"\(message)\",\"deadline\":null}"
    }

    @Test func aCommandIsHandedUpAndAnswered() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/power", "ON"))
        broker.publish("\(base)/command", "cancel")
        let results = "\(base)/command/result"
        #expect(
            subscriber.receives(results, result("cancel", isAccepted: true, "Done: cancel.")))
        broker.publish(
            "\(base)/command", #"{"command":"delay","seconds":300,"id":"a","incident":"b-1"}"#)
        #expect(
            subscriber.receives(
                results, result("delay", id: "a", isAccepted: true, "Done: delay.")))
        #expect(
            monitor.commands == [
                Command(.cancel, from: .mqtt),
                Command(.delay(seconds: 300), from: .mqtt, id: "a", incident: "b-1"),
            ])
        broker.publish("\(base)/command", "explode")
        let unknown = "A command is one of cancel, delay SECONDS, measure."
        #expect(subscriber.receives(results, result(nil, isAccepted: false, unknown)))
        #expect(monitor.commands.count == 2)
        #expect(monitor.notes.last == "command_refused: Refused a command from MQTT: \(unknown)")
        #expect(
            subscriber.lines.filter { $0.contains("command/result") }
                .allSatisfy { $0.hasPrefix("0 ") })
    }

    @Test func aRetainedCommandIsRefusedAndCleared() {
        let broker = Broker()
        broker.publish("\(base)/command", "cancel", "-r")
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        let note =
            "command_refused: Refused cancel from MQTT: "
            + "A retained command is not carried out; it is removed."
        #expect(eventually { monitor.notes.contains(note) })
        #expect(subscriber.receives("\(base)/power", "ON"))
        #expect(eventually { broker.subscribe("\(base)/#").messages("\(base)/command").isEmpty })
        // One that arrives live: the broker tells, because it was asked for retain-as-published.
        broker.publish("\(base)/command", "measure", "-r")
        #expect(eventually { monitor.notes.filter { $0.contains("retained") }.count == 2 })
        #expect(eventually { broker.subscribe("\(base)/#").messages("\(base)/command").isEmpty })
        #expect(monitor.commands.isEmpty)
        broker.publish("\(base)/command", "measure")
        #expect(eventually { monitor.commands.count == 1 })
    }

    @Test func hostilePayloads() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/command/result")
        #expect(broker.subscribe("\(base)/#").receives("\(base)/power", "ON"))
        let results = "\(base)/command/result"
        broker.publish("\(base)/command", String(repeating: "x", count: 5000))
        let long = "A command has at most 4096 bytes."
        #expect(subscriber.receives(results, result(nil, isAccepted: false, long)))
        // More than the largest packet: the broker does not even send it.
        broker.publish("\(base)/command", String(repeating: "x", count: 100_000))
        broker.publish("\(base)/command", "cancel")
        #expect(
            subscriber.receives(results, result("cancel", isAccepted: true, "Done: cancel.")))
        #expect(subscriber.messages(results).count == 2)
        #expect(monitor.commands.count == 1)
    }

    @Test func switchedOff() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port) { $0.acceptsCommands = false }
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/power", "ON"))
        broker.publish("\(base)/command", "cancel")
        let off = "Commands over MQTT are switched off."
        #expect(
            subscriber.receives(
                "\(base)/command/result", result("cancel", isAccepted: false, off)))
        #expect(monitor.commands.isEmpty)
    }

    @Test func theQueueIsFull() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/power", "ON"))
        monitor.state.withLock { $0.isFull = true }
        broker.publish("\(base)/command", "cancel")
        let busy = "The daemon is busy; send the command again."
        #expect(
            subscriber.receives(
                "\(base)/command/result", result("cancel", isAccepted: false, busy)))
    }

    @Test func aFloodReachesNobody() {
        let broker = Broker()
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        let subscriber = broker.subscribe("\(base)/#")
        #expect(subscriber.receives("\(base)/power", "ON"))
        let begin = ContinuousClock.now
        broker.publishLines(
            "\(base)/command", [String](repeating: "cancel", count: 1500) + ["measure"])
        monitor.change { $0.powerPresent = false }
        #expect(subscriber.receives("\(base)/power", "OFF"))
        #expect(eventually { monitor.notes.contains { $0.hasPrefix("warning: ") } })
        let seconds = (ContinuousClock.now - begin).inSeconds
        #expect(Double(monitor.commands.count) <= 20 + 20 * seconds + 1)
        #expect(subscriber.messages("\(base)/command/result").count <= monitor.commands.count)
        #expect(monitor.notes.filter { $0.hasPrefix("warning: ") }.count == 1)
    }
}
