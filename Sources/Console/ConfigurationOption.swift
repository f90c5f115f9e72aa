// The option -c, on the command line of everything that reads the configuration.

public import ArgumentParser
import Host

/// The option that the daemon and everything that looks for it share.
public struct ConfigurationOption: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("The configuration file.", valueName: "FILE"))
    public var path = PackagePath.configuration

    public init() {}
}
