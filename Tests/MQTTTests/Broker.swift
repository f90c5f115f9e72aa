// A real mosquitto on a free loopback port, and its clients.

import Glibc
import Synchronization

final class Broker: Sendable {
    let folder = Folder()
    let port: Int
    private let program = Mutex<Program?>(nil)
    private let configuration: String

    /// `options` are lines for its configuration; `@` there stands for its folder.
    init(_ options: [String] = ["allow_anonymous true"], files: [String: String] = [:]) {
        port = Listener().port
        for (name, text) in files { _ = folder.write(name, text) }
        let lines = ["user root", "listener \(port) 127.0.0.1"] + options
        let text = lines.joined(separator: "\n").split(
            separator: "@", omittingEmptySubsequences: false
        ).joined(separator: folder.path)
        configuration = folder.write("mosquitto.conf", text + "\n")
        start()
    }

    func start() {
        let started = Program("/usr/sbin/mosquitto", ["-c", configuration])
        program.withLock { $0 = started }
        precondition(eventually { isListening(port) }, started.lines.joined(separator: "\n"))
    }

    func stop(_ signal: Int32 = SIGTERM) {
        program.withLock { $0 }?.end(signal)
    }

    /// Takes what is sent and answers nothing, until it is killed.
    func freeze() {
        program.withLock { $0 }?.freeze()
    }

    func publish(_ topic: String, _ payload: String, _ options: String...) {
        publish(topic, payload, options)
    }

    func publish(_ topic: String, _ payload: String, _ options: [String]) {
        let arguments = ["-p", "\(port)", "-t", topic, "-m", payload, "-q", "1"] + options
        let program = Program("/usr/bin/mosquitto_pub", arguments)
        precondition(program.wait() == 0, program.lines.joined(separator: "\n"))
    }

    /// Each line is a message.
    func publishLines(_ topic: String, _ lines: [String]) {
        let arguments = ["-p", "\(port)", "-t", topic, "-l", "-q", "1"]
        Program("/usr/bin/mosquitto_pub", arguments, input: lines.joined(separator: "\n") + "\n")
            .wait()
    }

    /// Everything that is retained, as `topic payload`.
    func retained(_ filter: String = "#", _ options: String...) -> [String] {
        let subscriber = subscribe(filter, options + ["-t", "test/end"])
        // Queued behind what is retained.
        publish("test/end", "now")
        precondition(eventually { !subscriber.messages("test/end").isEmpty })
        return subscriber.lines.filter { $0.hasPrefix("1 ") && !$0.contains(" test/") }
            .map { String($0.dropFirst(2)) }
    }

    /// Subscribed when this returns.
    func subscribe(_ filter: String, _ options: String...) -> Subscriber {
        subscribe(filter, options)
    }

    private func subscribe(_ filter: String, _ options: [String]) -> Subscriber {
        publish("test/ready", "yes", "-r")
        let subscriber = Subscriber(port, filter, options)
        precondition(
            eventually { subscriber.messages("test/ready").first == "yes" },
            subscriber.lines.joined(separator: "\n"))
        return subscriber
    }
}

final class Subscriber: Sendable {
    private let program: Program

    init(_ port: Int, _ filter: String, _ options: [String]) {
        let arguments = [
            "-p", "\(port)", "-q", "1", "-V", "5", "-F", "%r %t %p", "-t", filter, "-t",
            "test/ready",
        ]
        program = Program("/usr/bin/mosquitto_sub", arguments + options)
    }

    var lines: [String] { program.lines }

    /// All payloads of a topic so far, in order.
    func messages(_ topic: String) -> [String] {
        lines.compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            return parts.count == 3 && parts[1] == topic ? String(parts[2]) : nil
        }
    }

    /// Whether the last payload of a topic is this one, soon.
    func receives(_ topic: String, _ payload: String, within limit: Duration = .seconds(5)) -> Bool
    {
        eventually(limit) { messages(topic).last == payload }
    }
}
