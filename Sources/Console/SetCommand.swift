// `ups-server set`: changes one setting of the UPS, which keeps it. Asks before it does.

public import ArgumentParser
import Glibc
import Platform
import Report
import UPS

public struct SetCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change a setting of the UPS, and read it back.",
        discussion: """
            The UPS keeps its settings without power. `status --all` shows those that it has, \
            with what is allowed.
            """)

    @OptionGroup var options: ControlOptions

    @Argument(
        help: "Which setting.",
        completion: .list(SettingName.allCases.map(\.rawValue)))
    var name: String

    @Argument(help: "A whole number, or off.")
    var value: String

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    public init() {}

    public func validate() throws {
        guard SettingName(rawValue: name) != nil else {
            let names = SettingName.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no setting \(name); there are \(names)")
        }
        guard value == "off" || UInt16(value) != nil else {
            throw ValidationError("\(name) takes a whole number or off, not \(value)")
        }
    }

    public func run() throws {
        guard let setting = SettingName(rawValue: name) else { return }
        let wanted = Int(value)
        if !yes { try confirm(setting, wanted) }
        let json = wanted.map { "\($0)" } ?? "\"off\""
        try options.command(#"{"cmd":"set","name":"\#(name)","value":\#(json)}"#)
    }

    private func confirm(_ setting: SettingName, _ wanted: Int?) throws {
        guard isatty(STDIN_FILENO) != 0 else {
            printError("set asks for confirmation; without a terminal say --yes")
            throw ExitCode(1)
        }
        let present = try present(setting).map { ", now \($0)" } ?? ""
        printPart("\(name) of the UPS\(present): set to \(setting.text(wanted))? [y/N] ")
        guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
            printError("nothing was changed")
            throw ExitCode(1)
        }
    }

    /// Nil: not known. The daemon says what that means.
    private func present(_ setting: SettingName) throws -> String? {
        guard
            case .object(let status) = try options.ask(#"{"cmd":"status"}"#, for: "status"),
            case .object(let settings)? = status["settings"],
            case .object(let members)? = settings[setting.rawValue]
        else { return nil }
        return setting.text(members["enabled"] == .bool(true) ? members["value"]?.integer : nil)
    }
}
