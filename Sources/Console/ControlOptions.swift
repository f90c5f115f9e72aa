// The subcommands that talk to a running daemon through its control socket.

public import ArgumentParser
import Configuration
import Glibc
import Host
import Report
import UPS

/// All subcommands that do, in the order in which they are listed.
public let controlCommands: [any ParsableCommand.Type] = [
    StatusCommand.self, WatchCommand.self, EventsCommand.self, OutagesCommand.self,
    CancelCommand.self, DelayCommand.self, MeasureCommand.self, DrillCommand.self, SetCommand.self,
]

/// A length of time as people write it: 300, 90s, 5m, 1h.
public struct Seconds: ExpressibleByArgument {
    public let count: Int

    public init?(argument: String) {
        let units = ["s": 1, "m": 60, "h": 3600]
        let unit = argument.last.flatMap { units[$0.lowercased()] }
        guard let number = Int(unit == nil ? argument : String(argument.dropLast())),
            case let (count, isTooLong) = number.multipliedReportingOverflow(by: unit ?? 1),
            !isTooLong
        else { return nil }
        self.count = count
    }
}

/// Where the daemon is found.
struct ControlOptions: ParsableArguments {
    @OptionGroup var file: ConfigurationOption

    @Option(help: ArgumentHelp("The control socket of the daemon.", valueName: "PATH"))
    var socket: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    static let exitCodes = "Exit code: 0, 3 no daemon, 4 it cannot be asked."
    static let exitCodesOfCommands =
        "Exit code: 0 done, 1 refused, 3 no daemon, 4 it cannot be asked."

    func client() throws -> ControlClient {
        if let socket { return ControlClient(socket: socket) }
        // Only root and the service's group read the package's file; who may ask, may all.
        if file.path == PackagePath.configuration, access(file.path, R_OK) != 0 {
            return ControlClient(socket: "\(PackagePath.runtimeFolder)/control.sock")
        }
        do throws(ConfigurationError) {
            let configuration = try Configuration.read(path: file.path).configuration
            let folder = configuration.server.runtimeDirectory
            return ControlClient(socket: "\(folder)/control.sock")
        } catch {
            printError("\(error), or name the socket of the daemon with --socket")
            throw ExitCode(4)
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

struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Show the last events, oldest first.",
        discussion: "For example `ups-server events -n 5`. \(ControlOptions.exitCodes)")

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

struct OutagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outages", abstract: "Show the past outages, oldest first.",
        discussion: "For example `ups-server outages -n 5`. \(ControlOptions.exitCodes)")

    @OptionGroup var options: ControlOptions

    @Option(
        name: .short,
        help: ArgumentHelp("How many, 1 to \(OutageBook.capacity).", valueName: "N"))
    var number = 20

    func validate() throws {
        let most = OutageBook.capacity
        guard (1...most).contains(number) else {
            throw ValidationError("-n takes a number from 1 to \(most), not \(number)")
        }
    }

    func run() throws {
        let request = #"{"cmd":"outages","limit":\#(number)}"#
        guard case .array(let outages) = try options.ask(request, for: "outages") else { return }
        let ordered = Array(outages.reversed())
        guard !options.json else { return printLine(JSONValue.array(ordered).json) }
        if ordered.isEmpty { printLine("No outage has been seen.") }
        printInked(ordered.map { OutageText.line($0) })
    }
}

struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel the shutdown timer of this outage.",
        discussion: """
            Low charge, low runtime and the UPS's own timer still count: the answer says what \
            holds. \(ControlOptions.exitCodesOfCommands)
            """)

    @OptionGroup var options: ControlOptions

    func run() throws { try options.command(#"{"cmd":"cancel"}"#) }
}

struct DelayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay",
        abstract: "Set the time to the shutdown, or the delay of the next outage.",
        discussion: """
            For example `ups-server delay 300`, `ups-server delay 5m`. The answer says what \
            holds: the UPS's own timer may leave less. \(ControlOptions.exitCodesOfCommands)
            """)

    @OptionGroup var options: ControlOptions

    @Argument(
        help: """
            From now in an outage, else from its beginning: 1 to 86400 seconds, also as 90s, 5m \
            or 1h.
            """)
    var seconds: Seconds

    func run() throws {
        try options.command(#"{"cmd":"delay","seconds":\#(seconds.count)}"#)
    }
}

struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measure capacitance and ESR of the capacitors.",
        discussion: """
            Takes minutes, in which the UPS does not charge; once an hour, with full capacitors, \
            while there is power. With --wait the exit code is 1 as well when it fails. \
            \(ControlOptions.exitCodesOfCommands)
            """)

    @OptionGroup var options: ControlOptions

    @Flag(help: "Wait for the result, and tell it.")
    var wait = false

    /// A measurement that has not ended by then never will: the daemon gives it up after 15 min.
    private static let longest = 1000
    private static let ends: Set = ["measurement_done", "warning"]

    func run() throws {
        let before = wait ? try events() : []
        try options.command(#"{"cmd":"measure"}"#)
        guard wait else { return }
        for _ in 0..<MeasureCommand.longest {
            sleep(1)
            let new = try events().prefix { $0 != before.first }
            let end = new.last { event in
                MeasureCommand.ends.contains(event["event"]?.string ?? "")
                    && event["text"]?.string?.contains("easurement") == true
            }
            guard let end else { continue }
            let text = end["text"]?.string ?? ""
            if end["event"]?.string == "measurement_done" { return printLine(text) }
            printError(text)
            throw ExitCode(1)
        }
        printError("the measurement has not ended")
        throw ExitCode(1)
    }

    /// Newest first.
    private func events() throws -> [[String: JSONValue]] {
        let request = #"{"cmd":"events","limit":100}"#
        guard case .array(let events) = try options.ask(request, for: "events") else { return [] }
        return events.compactMap { if case .object(let members) = $0 { members } else { nil } }
    }
}

struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Play an outage; nothing is shut down.",
        discussion: """
            For example `ups-server drill` or `ups-server drill 30`. \
            \(ControlOptions.exitCodesOfCommands)
            """)

    @OptionGroup var options: ControlOptions

    @Argument(
        help: "Its length in seconds, also as 90s or 5m; without it the delay and 5 s.")
    var seconds: Seconds?

    func run() throws {
        let length = seconds.map { #","seconds":\#($0.count)"# } ?? ""
        try options.command(#"{"cmd":"drill"\#(length)}"#)
    }
}
