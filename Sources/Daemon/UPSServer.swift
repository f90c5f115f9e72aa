// The command line of ups-server: without a subcommand it is the daemon.

import ArgumentParser
import Configuration
import Console
import Host
import Poweroff

@main
struct UPSServer: ParsableCommand {
    static let version = "1.0.0~dev"

    static let configuration = CommandConfiguration(
        commandName: "ups-server",
        abstract: "Watch a Bicker DC UPS and power this host off in time.",
        version: version,
        subcommands: [RunCommand.self, CheckCommand.self, DemoCommand.self, SimulateCommand.self]
            + controlCommands
            + [PurgeCommand.self, PerformPoweroffCommand.self, MQTTClientCommand.self],
        defaultSubcommand: RunCommand.self,
        helpNames: [.short, .long, .customShort("?")])

    /// By the name of its link in system-shutdown it is the late hook, which has no command line.
    static func main() {
        let arguments = CommandLine.arguments
        if let program = arguments.first, LateHook.isCalled(as: program) {
            return LateHook.run(arguments.dropFirst().first) {
                Configuration.hasOwnProgram(PackagePath.configuration)
            }
        }
        let words = Array(arguments.dropFirst())
        if let refusal = refusal(ofSubcommand: words.first) {
            printError(refusal)
            exit(withError: ExitCode.validationFailure)
        }
        main(negativeNumbersLast(words))
    }

    /// What does not begin with a dash can only be a subcommand.
    private static func refusal(ofSubcommand word: String?) -> String? {
        guard let word, !word.hasPrefix("-"), word != "help" else { return nil }
        let all = configuration.subcommands.map { $0.configuration }
        guard !all.contains(where: { $0.commandName == word }) else { return nil }
        let names = all.filter(\.shouldDisplay).compactMap(\.commandName)
        let nearest = NearestName.find(word, among: names).map { ", did you mean \($0)?" } ?? "."
        return "there is no command \(word)\(nearest) There are \(names.joined(separator: ", "))"
    }

    /// `-5` is a value for us and an option for the parser, unless `--` stands before it.
    private static func negativeNumbersLast(_ words: [String]) -> [String] {
        let isNegative = { (word: String) in
            word.first == "-" && word.dropFirst().first?.isNumber == true
        }
        guard !words.contains("--"), words.contains(where: isNegative) else { return words }
        return words.filter { !isNegative($0) } + ["--"] + words.filter(isNegative)
    }
}
