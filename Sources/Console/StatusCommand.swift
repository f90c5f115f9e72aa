// `ups-server status`: the state of the UPS for people and for scripts.

public import ArgumentParser
package import Configuration
import Host
import Report

public struct StatusCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the state of the UPS.",
        discussion: """
            Exit code: 0 on line, 1 on battery, 2 link lost, 3 no daemon, 4 it cannot be asked.
            """)

    @OptionGroup var options: ControlOptions

    @Flag(name: .shortAndLong, help: "Everything there is, the settings of the UPS included.")
    var all = false

    public init() {}

    public func run() throws {
        let status = try options.ask(#"{"cmd":"status"}"#, for: "status")
        guard case .object(let values) = status else { throw ExitCode(4) }
        let table = StatusTable(values)
        if options.json {
            printLine(status.json)
        } else {
            printInked(table.lines + (all ? FullTable(values).lines : []) + dashboard)
        }
        throw ExitCode(table.exitCode)
    }

    /// Where it is seen; empty: that is not known, because the configuration may not be read.
    private var dashboard: [InkedLine] {
        guard options.socket == nil,
            let server = try? Configuration.read(path: options.file.path).configuration.server
        else { return [] }
        let address = server.openAddress ?? server.addresses[0]
        let from =
            server.openAddress == nil
            ? "for this host; from another: ssh -L \(server.port):localhost:\(server.port) "
                + ThisHost.name
            : "open to everybody who reaches it"
        return [StatusTable.dashboard(server.url(at: address), from)]
    }
}

extension Configuration.Server {
    /// Of the dashboard, for a client that reaches this address.
    package func url(at address: String) -> String {
        let name = ["0.0.0.0", "::"].contains(address) ? ThisHost.name : address
        return "http://\(name.contains(":") ? "[\(name)]" : name):\(port)/"
    }
}
