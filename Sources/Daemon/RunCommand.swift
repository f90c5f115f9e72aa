// `ups-server` without a subcommand: the daemon in the foreground.

import ArgumentParser
import Configuration
import Console
import Platform

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the daemon in the foreground (this is what no subcommand does).")

    @OptionGroup var file: ConfigurationOption

    @Flag(name: .customShort("V"), help: "Show the version.")
    var showsVersion = false

    func run() throws {
        guard !showsVersion else { return printLine(UPSServer.version) }
        let parsed = try ConfigurationOption.read(file.path)
        do {
            let daemon = try DaemonProcess(parsed, path: file.path, signals: SignalDescriptor())
            daemon.run()
        } catch {
            printError("\(error)")
            throw ExitCode(1)
        }
    }
}
