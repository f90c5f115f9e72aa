// `ups-server check`: reads the configuration and says what holds.

import ArgumentParser
import Configuration

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration, print the effective values and every warning.")

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        do throws(ConfigurationError) {
            let (configuration, warnings) = try Configuration.read(path: file.path)
            printLine(configuration.effectiveText)
            for warning in warnings { printLine("warning: \(warning)") }
        } catch {
            printError("\(error)")
            throw ExitCode(1)
        }
    }
}
