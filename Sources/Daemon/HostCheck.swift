// What this host lacks for the day on which it counts: looked at when the daemon starts, and by
// `ups-server check`. Looks and changes nothing; may take its time.

import Configuration
import Glibc
import UPS

struct HostCheck {
    let configuration: Configuration
    /// systemd starts the daemon and ends this host.
    let hasSystemd: Bool

    /// What the daemon itself does not find out in its first seconds.
    func problems() -> [String] {
        programs() + [lateHook()].compactMap { $0 }
    }

    /// For a host on which the daemon need not run: what it would find out.
    func problemsBeforeStart() -> [String] {
        let before = [serialLine(), serialHolder(), runtimeDirectory(), powerOff()]
        return before.compactMap { $0 } + problems()
    }

    // MARK: Powering off

    private func programs() -> [String] {
        ([configuration.host.command] + configuration.host.escalation).compactMap { words in
            guard let program = words.first, program.hasPrefix("/"), access(program, X_OK) != 0
            else { return nil }
            return "\(SystemError(errno, "The shutdown command \(program) cannot be run"))"
        }
    }

    private static let pathUnit = "ups-server-poweroff.path"

    private func powerOff() -> String? {
        guard configuration.host.command.isEmpty else { return nil }
        guard hasSystemd else {
            return "systemd does not run here: this host needs shutdown.command to be powered off"
        }
        let code = runToEnd(["systemctl", "--quiet", "is-enabled", HostCheck.pathUnit])
        guard code != 0 else { return nil }
        return "\(HostCheck.pathUnit) is missing or masked: this host cannot be powered off"
    }

    private static let hook = "/usr/lib/systemd/system-shutdown/ups-server"

    /// It runs when everything but the root file system and /usr is unmounted.
    private func lateHook() -> String? {
        let terms = configuration.lateTerms
        let isWanted = terms.cut != .never || terms.rebootsIfPowerReturned
        guard isWanted, !configuration.policy.dryRun, hasSystemd else { return nil }
        let wish = "cutOutput and rebootIfPowerReturned have no effect"
        guard let program = realpath(HostCheck.hook, nil) else {
            return "\(HostCheck.hook) is missing: \(wish)"
        }
        defer { free(program) }
        // Of its folder: an overlay numbers files otherwise.
        let path = String(cString: program)
        let home = device(of: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) + "/")
        guard ["/", "/usr"].contains(where: { device(of: $0) == home }) else {
            return "\(HostCheck.hook) leads to a file system that is unmounted before: \(wish)"
        }
        guard configuration.server.runtimeDirectory == RuntimeFolder.ofPackage else {
            return "runtimeDirectory is not \(RuntimeFolder.ofPackage): \(wish)"
        }
        return nil
    }

    private func device(of path: String) -> dev_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_dev : nil
    }

    // MARK: As the user of the daemon would meet it

    /// The configured user, else the package's where root asks, else who asks.
    private var user: (id: uid_t, group: gid_t) {
        let configured = UserAccount.user(configuration.server.user)
        let package = geteuid() == 0 ? UserAccount.user(.name("ups-server")) : nil
        return configured ?? package ?? (geteuid(), getegid())
    }

    private func mayWrite(_ status: stat) -> Bool {
        let user = user
        if user.id == 0 { return true }
        if status.st_uid == user.id { return status.st_mode & S_IWUSR != 0 }
        let isMember = UserAccount.groups(of: user.id, user.group).contains(status.st_gid)
        return status.st_mode & (isMember ? S_IWGRP : S_IWOTH) != 0
    }

    private func serialLine() -> String? {
        let path = configuration.server.serial
        var status = stat()
        guard stat(path, &status) == 0 else { return "\(SerialPortError(path, code: errno))" }
        guard status.st_mode & S_IFMT == S_IFCHR else {
            return "\(SerialPortError(path, .notSerial))"
        }
        guard mayWrite(status) else {
            let error = SerialPortError(path, .noPermission(group: status.st_gid))
            return error.explained()
        }
        return nil
    }

    /// The daemon itself may hold it.
    private func serialHolder() -> String? {
        let path = configuration.server.serial
        guard let holder = SerialPortHolder.find(path), holder.name != "ups-server" else {
            return nil
        }
        return "\(path) is in use: \(holder.description) holds it"
    }

    /// One that is not there will be made.
    private func runtimeDirectory() -> String? {
        let path = configuration.server.runtimeDirectory
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard mayWrite(status) else {
            return "\(path) belongs to another user: no control socket, no kept state"
        }
        return KeptStore.doubt(of: path)
    }
}
