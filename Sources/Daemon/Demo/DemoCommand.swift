// `ups-server demo`: the whole thing without hardware. A simulated UPS on a pty, a broker, and the
// daemon on both, dry; everything in a folder of its own, which is removed at the end.

import ArgumentParser
import Configuration
import Console
import Glibc
import Host
import MQTT
import Platform
import Simulator
import UPS

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Try everything without hardware: simulated UPS, broker and daemon.",
        discussion: """
            For example `ups-server demo --port 8080`. Understands on standard input:

            \(ownHelpText)
            \(SimulatorLine.helpText)
            """)

    private static let ownHelpText = """
        cancel                 cancel the shutdown of an outage
        delay SECONDS          set the time to it
        quit                   end the demo
        """

    @Option(help: ArgumentHelp("The port of the dashboard.", valueName: "N"))
    var port = 10024

    @Option(help: ArgumentHelp("A broker that is already there.", valueName: "HOST:PORT"))
    var broker: String?

    @Flag(help: "Announce the demo to Home Assistant on the given broker.")
    var discovery = false

    func validate() throws {
        guard (1...65535).contains(port) else {
            throw ValidationError("--port takes 1 to 65535, not \(port)")
        }
        if let broker, BrokerAddress(broker) == nil {
            throw ValidationError("--broker takes HOST:PORT, not \(broker)")
        }
    }

    func run() throws {
        let signals = try SignalDescriptor()
        let folder = try TemporaryFolder("ups-server-demo")
        defer { folder.remove() }
        let child = broker == nil ? try BrokerChild(in: folder.path) : nil
        defer { child?.stop() }
        let address = child?.address ?? broker.flatMap { BrokerAddress($0) }
        guard let address else { return }

        let link = folder.path + "/ttyUPS"
        let (stop, ended) = (try WakeDescriptor(), try WakeDescriptor())
        let lines = try SimulatorLines()
        // From the start of its thread on no other one touches it.
        nonisolated(unsafe) let simulator = try SimulatorLoop(
            link: link, pace: .byte, seed: UInt64.random(in: 1...99999), lines: lines,
            say: printLine)
        let socket = folder.path + "/control.sock"
        simulator.takesLine = { take($0, socket: socket) }
        try PlainThread.start("simulator") {
            do throws(SystemError) {
                try simulator.run(until: stop.descriptor)
            } catch {
                printError("\(error)")
            }
            ended.wake()
        }
        defer {
            stop.wake()
            ended.wait(atMost: .seconds(1))
        }

        let id = "demo-" + folder.mark
        let configuration = configuration(in: folder.path, serial: link, broker: address, id: id)
        try DemoHistory.write(to: folder.path)
        let daemon = try DaemonProcess(
            Configuration.Parsed(configuration), path: folder.path + "/none", signals: signals,
            simulator: lines)
        tell(address, topic: "ups/\(id)", socket: socket)
        daemon.run()
        if child == nil { clear(configuration) }
    }

    /// On a broker that is not the demo's nothing is left. One that does not answer is not waited for.
    private func clear(_ configuration: Configuration) {
        guard let broker = configuration.broker, let ended = try? WakeDescriptor() else { return }
        let settings = broker.settings(server: configuration.server, warn: printError)
        let thread: Void? = try? PlainThread.start("purge") {
            do throws(Purge.Failure) {
                _ = try Purge(settings).run()
            } catch {
                printError("\(error)")
            }
            ended.wake()
        }
        if thread != nil { ended.wait(atMost: .seconds(5)) }
    }

    private func configuration(
        in folder: String, serial: String, broker address: BrokerAddress, id: String
    ) -> Configuration {
        var configuration = Configuration()
        configuration.server.port = port
        configuration.server.serial = serial
        configuration.server.www = DemoCommand.www
        configuration.server.runtimeDirectory = folder
        configuration.server.stateDirectory = folder
        configuration.server.logDirectory = folder
        configuration.server.eventLog = folder + "/event.log"
        configuration.server.logToFile = true
        configuration.policy.dryRun = true
        configuration.host.command = ["true"]
        var broker = Configuration.Broker()
        broker.host = address.host
        broker.port = address.port
        broker.id = id
        broker.discovery = discovery || self.broker == nil
        configuration.broker = broker
        return configuration
    }

    /// The clone's page, else the package's.
    private static var www: String {
        let folder = linkTarget("/proc/self/exe").flatMap { path in
            path.lastIndex(of: "/").map { String(path[..<$0]) + "/www" }
        }
        let places = [folder, "www", "/opt/www/ups-server"].compactMap { $0 }
        return places.first { access($0 + "/index.html", R_OK) == 0 } ?? "/opt/www/ups-server"
    }

    /// What a person may type here besides what the simulated UPS understands.
    private func take(_ line: String, socket: String) -> Bool {
        let words = line.split { $0.isWhitespace }
        switch words.first {
        case "quit", "exit": kill(getpid(), SIGTERM)
        case "cancel": ask(#"{"cmd":"cancel"}"#, socket)
        case "delay":
            guard words.count == 2, let length = Seconds(argument: String(words[1])) else {
                printLine("delay: say a number of seconds, such as delay 60 or delay 5m")
                return true
            }
            ask(#"{"cmd":"delay","seconds":\#(length.count)}"#, socket)
        case "help": printLine("\(DemoCommand.ownHelpText)\n\(SimulatorLine.helpText)")
        default: return false
        }
        return true
    }

    private func ask(_ request: String, _ socket: String) {
        do throws(ControlError) {
            printLine(try ControlClient(socket: socket).ask(request)["message"]?.string ?? "")
        } catch {
            printLine("\(error)")
        }
    }

    private func tell(_ broker: BrokerAddress, topic: String, socket: String) {
        let program = CommandLine.arguments.first ?? "ups-server"
        var commands = ["\(program) watch --socket \(socket)"]
        // The others may not be installed where this is tried.
        if isInstalled("apcaccess") { commands.append("apcaccess status 127.0.0.1:\(port)") }
        if isInstalled("mosquitto_sub") {
            commands.append(
                "mosquitto_sub -h \(broker.host) -p \(broker.port) -v -t '\(topic)/#'")
        }
        printLine(
            """
            Dashboard  http://127.0.0.1:\(port)/
            Broker     mqtt://\(broker.host):\(broker.port)

            Try in another terminal, in this folder:
            \(commands.map { "  \($0)" }.joined(separator: "\n"))

            Here: power off, power on, load 3, cancel, delay 60, help, quit.
            Nothing is ever shut down.

            """)
    }

    private func isInstalled(_ program: String) -> Bool {
        ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"]
            .contains { access("\($0)/\(program)", X_OK) == 0 }
    }
}

/// HOST:PORT
struct BrokerAddress: Equatable, Sendable {
    let host: String
    let port: Int
}

extension BrokerAddress {
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        guard !host.isEmpty, let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        self.init(host: String(host), port: port)
    }
}
