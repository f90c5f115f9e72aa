// The subcommands that talk to a running daemon through its control socket.

import ArgumentParser
import Configuration
import Glibc
import Report

/// Where the daemon is found.
struct ControlOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationOption

    @Option(help: ArgumentHelp("The control socket of the daemon.", valueName: "PATH"))
    var socket: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func client() throws -> ControlClient {
        if let socket { return ControlClient(socket: socket) }
        do throws(ConfigurationError) {
            let (configuration, _) = try Configuration.read(path: file.path)
            let folder = configuration.server.runtimeDirectory
            return ControlClient(socket: "\(folder)/control.sock")
        } catch {
            printError("\(error)")
            throw ExitCode(3)
        }
    }

    /// Asks, and ends the program with 3 when there is no daemon, with 4 when it cannot be asked.
    func ask(_ request: String) throws -> [String: JSONValue] {
        let client = try client()
        do throws(ControlError) {
            return try client.ask(request)
        } catch {
            printError("\(error)")
            throw ExitCode(error.isAbsent ? 3 : 4)
        }
    }

    /// A member of the answer, which is there when the daemon understands the request.
    func ask(_ request: String, for member: String) throws -> JSONValue {
        let result = try ask(request)
        guard let value = result[member], value != .null else {
            printError(result["message"]?.string ?? "the answer has no \(member)")
            throw ExitCode(4)
        }
        return value
    }

    /// Sends a command and tells its answer; a refusal ends the program with 1.
    func command(_ request: String) throws {
        let result = try ask(request)
        let message = result["message"]?.string ?? ""
        let isAccepted = result["ok"] == .bool(true)
        if json {
            printLine(JSONValue.object(result).json)
        } else if isAccepted {
            printLine(message)
        } else {
            printError(message)
        }
        if !isAccepted { throw ExitCode(1) }
    }
}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the state of the UPS.",
        discussion: """
            Exit code: 0 on line, 1 on battery, 2 link lost, 3 no daemon, 4 it cannot be asked.
            """)

    @OptionGroup var options: ControlOptions

    @Flag(name: .shortAndLong, help: "Everything there is, the settings of the UPS included.")
    var all = false

    func run() throws {
        let status = try options.ask(#"{"cmd":"status"}"#, for: "status")
        guard case .object(let values) = status else { throw ExitCode(4) }
        let table = StatusTable(values)
        if options.json {
            printLine(status.json)
        } else {
            printInked(table.lines + (all ? FullTable(values).lines : []))
        }
        throw ExitCode(table.exitCode)
    }
}

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show the last events, oldest first.")

    @OptionGroup var options: ControlOptions

    @Option(name: .short, help: ArgumentHelp("How many, 1 to 1000.", valueName: "N"))
    var number = 20

    func validate() throws {
        guard (1...1000).contains(number) else {
            throw ValidationError("-n takes a number from 1 to 1000, not \(number)")
        }
    }

    func run() throws {
        let request = #"{"cmd":"events","limit":\#(number)}"#
        guard case .array(let events) = try options.ask(request, for: "events") else { return }
        let ordered = Array(events.reversed())
        guard !options.json else { return printLine(JSONValue.array(ordered).json) }
        printInked(ordered.map { EventText.line($0) })
    }
}

struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel the shutdown timer of this outage.")

    @OptionGroup var options: ControlOptions

    func run() throws { try options.command(#"{"cmd":"cancel"}"#) }
}

struct DelayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay",
        abstract: "Set the time to the shutdown, or the delay of the next outage.")

    @OptionGroup var options: ControlOptions

    @Argument(help: "From now in an outage, else from its beginning.")
    var seconds: Int

    func run() throws { try options.command(#"{"cmd":"delay","seconds":\#(seconds)}"#) }
}

struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure capacitance and ESR of the capacitors.")

    @OptionGroup var options: ControlOptions

    func run() throws { try options.command(#"{"cmd":"measure"}"#) }
}

struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Play an outage; nothing is shut down.")

    @OptionGroup var options: ControlOptions

    @Argument(help: "Its length; without it the delay and 5 s.")
    var seconds: Int?

    func run() throws {
        let length = seconds.map { #","seconds":\#($0)"# } ?? ""
        try options.command(#"{"cmd":"drill"\#(length)}"#)
    }
}
