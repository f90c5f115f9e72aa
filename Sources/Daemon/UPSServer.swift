// The command line of ups-server: without a subcommand it is the daemon.

import ArgumentParser

@main
struct UPSServer: ParsableCommand {
    static let version = "1.0.0~dev"

    static let configuration = CommandConfiguration(
        commandName: "ups-server",
        abstract: "Watch a Bicker DC UPS and power this host off in time.",
        version: version,
        subcommands: [
            RunCommand.self, CheckCommand.self, DemoCommand.self, SimulateCommand.self,
            StatusCommand.self, WatchCommand.self, EventsCommand.self, CancelCommand.self,
            DelayCommand.self,
            MeasureCommand.self, DrillCommand.self, SetCommand.self, PurgeCommand.self,
            PerformPoweroffCommand.self,
        ],
        defaultSubcommand: RunCommand.self,
        helpNames: [.short, .long, .customShort("?")])

    /// By the name of its link in system-shutdown it is the late hook, which has no command line.
    static func main() {
        let arguments = CommandLine.arguments
        if let program = arguments.first, LateHook.isCalled(as: program) {
            return LateHook.run(arguments.dropFirst().first)
        }
        main(nil)
    }
}

/// The option that the daemon and everything that looks for it share.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp("The configuration file.", valueName: "FILE"))
    var path = "/etc/default/ups-server.cfg"
}
