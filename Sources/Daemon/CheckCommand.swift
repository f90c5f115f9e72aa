// `ups-server check`: reads the configuration and says what holds, and what this host lacks for it.

import ArgumentParser
import Configuration
import Console
import Glibc
import Host
import Platform
import Records

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration, print the effective values and every warning.")

    @OptionGroup var file: ConfigurationOption

    @Flag(name: .customLong("no-ups"), help: "Do not ask the UPS, also when the line is free.")
    var asksNoUPS = false

    func run() throws {
        let parsed = try ConfigurationOption.read(file.path)
        let configuration = parsed.configuration
        let check = HostCheck(configuration: configuration, hasSystemd: ThisHost.hasSystemd)
        let refusals = [refusal(configuration)].compactMap { $0 } + check.programs()
        for (key, text) in refusals {
            let place = parsed.places[key] ?? Place(file: file.path)
            printError("\(place): \(text)")
        }
        guard refusals.isEmpty else { throw ExitCode(1) }
        printLine(configuration.effectiveText)
        let warnings =
            parsed.warnings.map { "\($0)" } + hostWarnings(check, configuration)
            + upsWarnings(configuration, mayAsk: check.mayAskUPS)
        for warning in warnings { printLine("warning: \(warning)") }
        let count = warnings.count
        printLine("# \(count == 0 ? "no" : "\(count)") warning\(count == 1 ? "" : "s")")
    }

    /// What would end the start of the daemon, although the file is right.
    private func refusal(_ configuration: Configuration) -> (key: String, text: String)? {
        if let refusal = UserAccount.refusal(of: configuration.server) { return refusal }
        do {
            _ = try configuration.webSettings(controlSocket: "", isTicking: { true })
            return nil
        } catch let error as SystemError where error.code == EACCES && geteuid() != 0 {
            // The daemon may be allowed what this user is not.
            return nil
        } catch {
            return ("server.controlTokenFile", "\(error)")
        }
    }

    private func upsWarnings(_ configuration: Configuration, mayAsk: Bool) -> [String] {
        guard mayAsk, !asksNoUPS else { return [] }
        let (answer, problems) = UPSCheck(configuration: configuration).ask()
        if let answer { printLine("# The UPS answers: \(answer)") }
        return problems
    }

    private func hostWarnings(
        _ check: HostCheck, _ configuration: Configuration
    ) -> [String] {
        var warnings = check.problemsBeforeStart() + check.openSecrets()
        let server = configuration.server
        _ = configuration.broker?.settings(server: server) {
            warnings.append($0)
        }
        var settled = configuration
        let past = LastShutdown.load(from: server.stateDirectory)
        let measured = past?.measured(in: ThisHost.bootID())
        if let note = settled.settle(shutdownTime: measured) {
            warnings += [note, settled.standingProblem].compactMap { $0 }
        }
        return warnings
    }
}
