// The option -c, on the command line of everything that reads the configuration.

public import ArgumentParser
package import Configuration
import Host

public struct ConfigurationOption: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("The configuration file.", valueName: "FILE"))
    public var path = PackagePath.configuration

    public init() {}

    /// Ends the program with 1 when it cannot be read, and says why.
    package static func read(_ path: String) throws -> Configuration.Parsed {
        do throws(ConfigurationError) {
            return try Configuration.read(path: path)
        } catch {
            printError(error.explained)
            throw ExitCode(1)
        }
    }
}
