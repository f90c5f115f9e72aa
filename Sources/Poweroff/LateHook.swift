// The last program of a host that goes down: systemd runs it by its link in system-shutdown, as
// root, when all processes are ended and the file systems unmounted or read-only. It trusts nothing
// that it reads, and is over within 2 s.

import Bicker
import CSystem
import Glibc
public import Host
import Platform
import SerialLine
import Synchronization
import UPS

public enum LateHook {
    /// Of systemd: every program in there is run at the end.
    private static let folder = "system-shutdown"
    private static let limit = Duration.seconds(2)
    private static let syncLimit = Duration.milliseconds(200)

    /// True when systemd started this program by its link.
    public static func isCalled(as program: String) -> Bool {
        program.split(separator: "/").dropLast().last == folder[...]
    }

    /// `verb` is what this host is about to do: poweroff, halt, reboot or kexec. `hasOwnProgram`
    /// tells whether root has configured a program that powers off.
    public static func run(
        _ verb: String?, runtimeDirectory: String = PackagePath.runtimeFolder,
        hasOwnProgram: () -> Bool
    ) {
        guard verb == "poweroff" || verb == "halt" else { return }
        // A driver that hangs cannot be interrupted: only a process can be left behind.
        let child = system_fork()
        guard child == 0 else { return wait(for: child) }
        alarm(UInt32(limit.components.seconds))
        if let folder = try? OwnedFolder(runtimeDirectory) {
            act(in: folder, KernelLog(), hasOwnProgram)
        }
        _exit(0)
    }

    private static func wait(for child: pid_t) {
        let end = BootClock.now() + limit
        while child > 0, waitpid(child, nil, WNOHANG) == 0, BootClock.now() < end {
            usleep(5000)
        }
    }

    private static func act(
        in folder: OwnedFolder, _ log: KernelLog, _ hasOwnProgram: () -> Bool
    ) {
        do {
            guard let order = try accepted(in: folder, log, hasOwnProgram), !order.plan.isEmpty
            else { return }
            // A forged order opens nothing that its author could not open without it.
            let port = try withRights(of: folder.owner) { try SerialPort.open(order.terms.serial) }
            let result = converse(order.plan, on: port, log)
            let time = BootClock.now().sinceBoot.components.seconds - order.time
            log.write(
                .notice, "Down \(time) s after the command (\(order.incident)): \(result.text)")
            guard result.reboots else { return }
            syncBriefly()
            _ = system_restart()
            throw SystemError(errno, "cannot reboot")
        } catch {
            log.write(.warning, "\(error)")
        }
    }

    private static func accepted(
        in folder: OwnedFolder, _ log: KernelLog, _ hasOwnProgram: () -> Bool
    ) throws(SystemError) -> LateOrder? {
        func refuse(_ why: String) -> LateOrder? {
            log.write(.warning, "The late order is not \(why)")
            return nil
        }
        guard let lines = try folder.take(LateOrder.name) else { return nil }
        guard let order = LateOrder(lines), let boot = ThisHost.bootID() else {
            return refuse("complete: nothing is done")
        }
        if let refusal = order.refusal(boot: boot, at: BootClock.now()) {
            return refuse("acted on: \(refusal)")
        }
        return isBacked(order, of: folder.owner) || hasOwnProgram()
            ? order : refuse("acted on: this power-off is not the daemon's")
    }

    /// What a daemon without rights has left counts behind its request, which root has carried out:
    /// else it could turn another user's power-off into a reboot. Where root has configured a
    /// program that powers off there is no request, and the order alone counts.
    private static func isBacked(_ order: LateOrder, of owner: uid_t) -> Bool {
        owner == 0 || order.isBehind(PoweroffMark(in: PoweroffMark.ofPackage))
    }

    private static func converse(
        _ plan: LastExchange.Plan, on port: SerialPort, _ log: KernelLog
    ) -> LastExchange.Result {
        var exchange = LastExchange(plan, at: BootClock.now())
        while true {
            let now = BootClock.now()
            do throws(SerialPortError) {
                switch exchange.step(at: now) {
                case .finished(let result): return result
                case .send(let bytes): try port.write(bytes)
                case .wait(let until):
                    var descriptors = PollSet([port.descriptor])
                    descriptors.wait(atMost: until - now)
                    if descriptors.isReady(0) {
                        exchange.receive(try port.read(), at: BootClock.now())
                    }
                }
            } catch {
                log.write(.warning, "\(error)")
                return exchange.result
            }
        }
    }

    /// Everything was written out before; a disk that hangs is not waited for.
    private static func syncBriefly() {
        let isDone = Atomic<Bool>(false)
        try? PlainThread.start("sync") {
            sync()
            isDone.store(true, ordering: .releasing)
        }
        let end = BootClock.now() + syncLimit
        while !isDone.load(ordering: .acquiring), BootClock.now() < end { usleep(1000) }
    }
}

extension LastExchange.Result {
    /// For the kernel log.
    fileprivate var text: String {
        let power = powerPresent.map { $0 ? "there is power" : "there is no power" }
        let end = reboots ? "rebooting" : "going down"
        return "\(power ?? "the UPS does not say whether there is power"), "
            + "the order to cut the output was \(cut.rawValue), \(end)"
    }
}

/// Runs the body with the rights of that user, where this process is root. Only while the process
/// has one thread.
private func withRights<Result>(of user: uid_t, _ body: () throws -> Result) throws -> Result {
    guard geteuid() == 0, user != 0 else { return try body() }
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name else {
        throw SystemError(ENOENT, "there is no user \(user)")
    }
    let group = entry.pointee.pw_gid
    guard initgroups(name, group) == 0, setegid(group) == 0, seteuid(user) == 0 else {
        throw SystemError(errno, "cannot become the user \(user)")
    }
    defer {
        seteuid(0)
        setegid(0)
    }
    return try body()
}

/// Nothing else is left to log to.
private struct KernelLog {
    private let descriptor = open("/dev/kmsg", O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY)

    func write(_ priority: LogPriority, _ text: String) {
        let bytes = oneLine("<\(priority.rawValue)>ups-server: \(text)", limit: 500)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}
