// `ups-server perform-poweroff`: what ups-server-poweroff.service runs as root when the daemon has
// left a request.

import ArgumentParser
import Host
import Poweroff

struct PerformPoweroffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perform-poweroff",
        abstract: "Act on the daemon's request to power off (for ups-server-poweroff.service).",
        shouldDisplay: false)

    @Option(help: ArgumentHelp("The runtime directory of the daemon.", valueName: "PATH"))
    var folder = PackagePath.runtimeFolder

    @Option(help: ArgumentHelp("Where root remembers what it has done.", valueName: "PATH"))
    var marks = PoweroffMark.ofPackage

    func run() throws {
        guard PoweroffPerformer(folder: folder, marks: marks).run() else { throw ExitCode(1) }
    }
}
