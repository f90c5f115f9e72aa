// `ups-server perform-poweroff`: what ups-server-poweroff.service runs as root when the daemon has
// left a request. It trusts nothing that it reads, and takes no longer than the store lasts.

import ArgumentParser
import Glibc
import UPS

struct PerformPoweroffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perform-poweroff",
        abstract: "Act on the daemon's request to power off (for ups-server-poweroff.service).",
        shouldDisplay: false)

    @Option(help: ArgumentHelp("The runtime directory of the daemon.", valueName: "PATH"))
    var folder = RuntimeFolder.ofPackage

    func run() throws {
        guard let folder = try? OwnedFolder(folder), let request = accepted(in: folder) else {
            return
        }
        switch request.action {
        case .rehearse:
            say(.info, "The daemon rehearses: its request arrived, nothing is done")
            answer(0, to: request, in: folder)
        case .poweroff:
            say(.notice, "ups-server asked for it: powering this host off (\(request.incident))")
            let code = runToEnd(ShutdownStep.systemctl)
            answer(code, to: request, in: folder)
            guard code == 0 else { throw ExitCode(1) }
            wait(until: BootTime(.seconds(request.time + request.grace)))
            ForcedPoweroff.run { say(.error, $0) }
        }
    }

    /// Removed before anything is done about it, so that it can never act twice.
    private func accepted(in folder: OwnedFolder) -> PoweroffRequest? {
        do throws(SystemError) {
            guard let lines = try folder.take(PoweroffRequest.name) else { return nil }
            guard let request = PoweroffRequest(lines), let boot = BootClock.bootID() else {
                say(.warning, "The request is not complete: nothing is done")
                return nil
            }
            if let refusal = request.refusal(boot: boot, at: BootClock.now()) {
                say(.warning, "The request is not acted on: \(refusal)")
                return nil
            }
            return request
        } catch {
            say(.warning, "The request is not acted on: \(error)")
            return nil
        }
    }

    private func answer(_ code: Int, to request: PoweroffRequest, in folder: OwnedFolder) {
        let lines = KeyLines(["ACTION": request.action.rawValue, "EXIT_CODE": "\(code)"])
        do throws(SystemError) {
            try folder.write(lines, to: PoweroffRequest.answerName, mode: 0o644)
        } catch {
            say(.warning, "The daemon is not told: \(error)")
        }
    }

    private func wait(until end: BootTime) {
        while case let left = end - BootClock.now(), left > .zero {
            usleep(useconds_t(min(left, .seconds(1)).inMillisecondsRoundedUp * 1000))
        }
    }

    /// For the journal, which reads the number as a priority.
    private func say(_ priority: LogPriority, _ text: String) {
        printLine("<\(priority.rawValue)>\(text)")
    }
}

/// The exit code; 127 when it cannot be started, 128 when a signal ended it.
func runToEnd(_ arguments: [String]) -> Int {
    guard let process = try? spawn(arguments, environment: []) else { return 127 }
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 {
        guard errno == EINTR else { return 127 }
    }
    guard case .exited(let code) = HaltReport.Ending(status: status) else { return 128 }
    return Int(code)
}
