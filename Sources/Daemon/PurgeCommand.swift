// `ups-server mqtt-purge`: removes what this UPS has left on the broker, after the daemon was
// stopped for good or before it gets another name there.

import ArgumentParser
import Configuration
import Console
import MQTT

struct PurgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mqtt-purge",
        abstract: "Remove every retained topic of this UPS from the MQTT broker.")

    /// There is no default, so that nothing is purged by accident.
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("The configuration file.", valueName: "FILE"))
    var path: String

    func run() throws {
        let configuration = try ConfigurationOption.read(path).configuration
        do throws(StartError) {
            printLine(try purge(configuration))
        } catch {
            printError("\(error)")
            throw ExitCode(1)
        }
    }

    private func purge(_ configuration: Configuration) throws(StartError) -> String {
        guard let broker = configuration.broker else {
            throw StartError(description: "\(path): there is no group mqtt")
        }
        let server = configuration.server
        guard !isRunning(server) else {
            throw StartError(
                description: "ups-server is running and would publish it all again: stop it first")
        }
        let settings = broker.settings(server: server, warn: printError)
        do throws(Purge.Failure) {
            let count = try Purge(settings).run()
            let base = "\(settings.prefix)/\(settings.id)"
            return count > 0
                ? "Removed \(count) retained topics of \(base)"
                : "Saw no retained topic of \(base); cleared those that this version publishes"
        } catch {
            throw StartError(description: "\(error)")
        }
    }

    private func isRunning(_ server: Configuration.Server) -> Bool {
        do throws(ControlError) {
            let client = ControlClient(socket: "\(server.runtimeDirectory)/control.sock")
            _ = try client.ask(#"{"cmd":"status"}"#)
            return true
        } catch {
            return !error.isAbsent
        }
    }
}
