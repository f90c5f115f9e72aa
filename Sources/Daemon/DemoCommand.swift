// `ups-server demo`: the whole thing without hardware. A simulated UPS on a pty, a broker, and the
// daemon on both, dry; everything in a folder of its own that goes with it.

import ArgumentParser
import Configuration
import Glibc
import MQTT
import Simulator
import Synchronization
import UPS

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Try everything without hardware: simulated UPS, broker and daemon.",
        discussion: "Understands on standard input:\n\n\(SimulatorLine.helpText)")

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
        let stop = try WakeDescriptor()
        let lines = try SimulatorLines()
        let simulator = try SimulatorLoop(
            link: link, pace: .byte, seed: UInt64.random(in: 1...99999), lines: lines,
            say: printLine)
        let simulated = SimulatorThread(simulator, until: stop)
        try simulated.start()
        defer { simulated.end() }

        let id = "demo-" + folder.mark
        let configuration = configuration(in: folder.path, serial: link, broker: address, id: id)
        let daemon = try DaemonProcess(
            (configuration, []), path: folder.path + "/none", signals: signals, simulator: lines)
        tell(address, topic: "ups/\(id)", socket: folder.path + "/control.sock")
        daemon.run()
        if child == nil { clear(configuration) }
    }

    /// On somebody else's broker nothing is left. One that does not answer is not waited for.
    private func clear(_ configuration: Configuration) {
        guard let broker = configuration.broker else { return }
        let isDone = Atomic<Bool>(false)
        let settings = broker.settings(
            host: ThisHost().name, server: configuration.server, warn: printError)
        let thread: Void? = try? PlainThread.start("purge") {
            do throws(Purge.Failure) {
                _ = try Purge(settings).run()
            } catch {
                printError("\(error)")
            }
            isDone.store(true, ordering: .releasing)
        }
        guard thread != nil else { return }
        for _ in 0..<500 where !isDone.load(ordering: .acquiring) { usleep(10_000) }
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

    private func tell(_ broker: BrokerAddress, topic: String, socket: String) {
        printLine(
            """
            Dashboard  http://127.0.0.1:\(port)/
            Broker     mqtt://\(broker.host):\(broker.port)

            Try in another terminal:
              apcaccess status 127.0.0.1:\(port)
              mosquitto_sub -h \(broker.host) -p \(broker.port) -v -t '\(topic)/#'
              ups-server status --socket \(socket)

            Here: power off, power on, load 3, help. Nothing is ever shut down. Ctrl-C ends all.

            """)
    }
}

/// HOST:PORT
struct BrokerAddress: Equatable, Sendable {
    let host: String
    let port: Int

    init(host: String, port: Int) {
        (self.host, self.port) = (host, port)
    }

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        guard !host.isEmpty, let port = Int(text[text.index(after: colon)...]) else { return nil }
        guard (1...65535).contains(port) else { return nil }
        self.init(host: String(host), port: port)
    }
}
