// `ups-server perform-poweroff`: what ups-server-poweroff.service runs as root when the daemon has
// left a request. It trusts nothing that it reads, and takes no longer than the store lasts.

import CSystem
import Glibc
import Host
import Platform
import UPS

public struct PoweroffPerformer {
    /// The runtime directory of the daemon.
    let folder: String
    /// Where root remembers what it has done.
    let marks: String

    public init(folder: String, marks: String) {
        (self.folder, self.marks) = (folder, marks)
    }

    /// The path unit starts this again for as long as something stands there; systemd gives up a
    /// unit that it starts too often, and a power-off must never meet that. (s)
    private static let pause: UInt32 = 1

    /// False: this host could not be powered off.
    public func run() -> Bool {
        defer { sleep(PoweroffPerformer.pause) }
        guard let folder = try? OwnedFolder(folder), let request = accepted(in: folder) else {
            return true
        }
        switch request.action {
        case .rehearse:
            say(.info, "The daemon rehearses: its request arrived, nothing is done")
            answer(0, to: request, in: folder)
            return true
        case .poweroff: return powerOff(request, in: folder)
        }
    }

    private func powerOff(_ request: PoweroffRequest, in folder: OwnedFolder) -> Bool {
        let end = request.forcedEnd(at: BootClock.now())
        // Before anything that could hang: the power goes off then, whatever becomes of the rest.
        let last = end + ForcedPoweroff.unmountLimit
        let timer = system_power_off_at(last.sinceBoot.inNanoseconds)
        say(.notice, "ups-server asked for it: powering this host off (\(request.incident))")
        let code = runToEnd(ShutdownStep.systemctl)
        answer(code, to: request, in: folder)
        guard code == 0 else {
            PoweroffMark.remove(in: marks)
            if timer > 0 { kill(timer, SIGKILL) }
            return false
        }
        wait(until: end)
        ForcedPoweroff.run(sparing: timer) { say(.error, $0) }
        return true
    }

    /// Removed before anything is done about it, and marked, so that it can never act twice.
    func accepted(in folder: OwnedFolder) -> PoweroffRequest? {
        func refuse(_ why: String) -> PoweroffRequest? {
            say(.warning, "The request is not \(why)")
            return nil
        }
        do throws(SystemError) {
            guard let lines = try folder.take(PoweroffRequest.name) else { return nil }
            guard let request = PoweroffRequest(lines), let boot = ThisHost.bootID() else {
                return refuse("complete: nothing is done")
            }
            if let refusal = request.refusal(boot: boot, at: BootClock.now()) {
                return refuse("acted on: \(refusal)")
            }
            return request.action == .rehearse || isNew(request)
                ? request : refuse("acted on: it has been already")
        } catch {
            return refuse("acted on: \(error)")
        }
    }

    /// And is not from now on.
    private func isNew(_ request: PoweroffRequest) -> Bool {
        let mark = PoweroffMark(request)
        guard PoweroffMark(in: marks) != mark else { return false }
        do throws(SystemError) {
            try mark.leave(in: marks)
        } catch {
            say(.warning, "The end of the shutdown will not know of it: \(error)")
        }
        return true
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

    /// For the journal. A journal that is stuck is not waited for.
    private func say(_ priority: LogPriority, _ text: String) {
        var log = LogStream(journal: getenv("JOURNAL_STREAM").map { String(cString: $0) })
        log.write(priority, text)
    }
}

/// The exit code; 127 when it cannot be started, 128 when a signal ended it.
public func runToEnd(_ arguments: [String]) -> Int {
    guard let process = try? spawn(arguments, environment: []) else { return 127 }
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 {
        guard errno == EINTR else { return 127 }
    }
    guard case .exited(let code) = ShutdownReport.Ending(status: status) else { return 128 }
    return Int(code)
}
