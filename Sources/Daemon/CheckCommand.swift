// `ups-server check`: reads the configuration and says what holds, and what this host lacks for it.

import ArgumentParser
import Configuration
import Glibc

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the configuration, print the effective values and every warning.")

    @OptionGroup var file: ConfigurationOption

    func run() throws {
        let parsed: Configuration.Parsed
        do throws(ConfigurationError) {
            parsed = try Configuration.read(path: file.path)
        } catch {
            printError("\(error)")
            throw ExitCode(1)
        }
        if let refusal = refusal(parsed.configuration) {
            printError("\(file.path): \(refusal)")
            throw ExitCode(1)
        }
        printLine(parsed.configuration.effectiveText)
        let warnings = parsed.warnings.map { "\($0)" } + hostWarnings(parsed.configuration)
        for warning in warnings { printLine("warning: \(warning)") }
    }

    /// What would end the start of the daemon, although the file is right.
    private func refusal(_ configuration: Configuration) -> String? {
        if let refusal = UserAccount.refusal(of: configuration.server) { return refusal }
        do {
            _ = try configuration.webSettings(controlSocket: "", isTicking: { true })
            return nil
        } catch let error as SystemError where error.code == EACCES && geteuid() != 0 {
            // The daemon may be allowed what this user is not.
            return nil
        } catch {
            return "\(error)"
        }
    }

    private func hostWarnings(_ configuration: Configuration) -> [String] {
        let check = HostCheck(configuration: configuration, hasSystemd: ThisHost.hasSystemd)
        var warnings = check.problemsBeforeStart()
        let server = configuration.server
        _ = configuration.broker?.settings(host: ThisHost().name, server: server) {
            warnings.append($0)
        }
        var settled = configuration
        let past = LastShutdown.load(from: server.stateDirectory)
        let measured = past?.measured(in: BootClock.bootID())
        if let note = settled.settle(shutdownTime: measured) {
            warnings += [note, settled.standingProblem].compactMap { $0 }
        }
        return warnings
    }
}
