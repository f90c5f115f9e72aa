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

    /// Asks, and ends the program with 3 when there is no daemon, with 1 when it cannot be asked.
    func ask(_ request: String) throws -> [String: JSONValue] {
        let client = try client()
        do throws(ControlError) {
            return try client.ask(request)
        } catch {
            printError("\(error)")
            throw ExitCode(error.isAbsent ? 3 : 1)
        }
    }

    /// Sends a command and tells its answer; a refusal ends the program with 1.
    func command(_ request: String) throws {
        let result = try ask(request)
        let message = result["message"]?.string ?? ""
        guard case .bool(true)? = result["ok"] else {
            printError(message)
            throw ExitCode(1)
        }
        printLine(message)
    }
}

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the state of the UPS.",
        discussion: "Exit code: 0 on line, 1 on battery, 2 link lost, 3 no daemon.")

    @OptionGroup var options: ControlOptions

    @Flag(help: "Print the status object as JSON.")
    var json = false

    func run() throws {
        let result = try options.ask(#"{"cmd":"status"}"#)
        guard let status = result["status"], case .object(let values) = status else {
            printError(result["message"]?.string ?? "the answer has no status")
            throw ExitCode(3)
        }
        if json {
            printLine(status.json)
        } else {
            StatusTable(values).lines.forEach(printLine)
        }
        throw ExitCode(StatusTable(values).exitCode)
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
        let result = try options.ask(#"{"cmd":"events","limit":\#(number)}"#)
        guard case .array(let events)? = result["events"] else {
            printError(result["message"]?.string ?? "the answer has no events")
            throw ExitCode(1)
        }
        for case .object(let event) in events.reversed() {
            let text = ["time", "event", "text"].compactMap { event[$0]?.string }
            printLine(text.joined(separator: "  "))
        }
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
