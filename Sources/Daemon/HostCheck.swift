// What would keep the daemon or a shutdown from working on this host: looked at when the daemon
// starts, and by `ups-server check`. Changes nothing, and may wait.

import Configuration
import Glibc
import Host
import Platform
import Poweroff
import Records
import SerialLine
import UPS

struct HostCheck {
    let configuration: Configuration
    /// systemd starts the daemon and ends this host.
    let hasSystemd: Bool

    /// What the daemon itself does not find out in its first seconds.
    func problems() -> [String] {
        programs().map(\.text) + [lateHook()].compactMap { $0 }
    }

    /// For a host on which the daemon need not run: what it would find out, but for `programs`.
    func problemsBeforeStart() -> [String] {
        let before = [
            serialLine(), serialHolder(), runtimeDirectory(), powerOff(), lateHook(), dashboard(),
        ]
        return before.compactMap { $0 } + folders()
    }

    // MARK: Powering off

    /// Those of the shutdown that cannot be run, with their keys.
    func programs() -> [(key: String, text: String)] {
        let commands =
            [("shutdown.command", configuration.host.command)]
            + configuration.host.escalation.map { ("shutdown.escalation", $0) }
        return commands.compactMap { key, words in
            guard let program = words.first, let code = HostCheck.failure(toRun: program) else {
                return nil
            }
            let what = "The shutdown command \(program) cannot be run"
            return (key, "\(SystemError(code, what))")
        }
    }

    /// The error of the start; nil: it can be run. Without a slash it is looked for on PATH.
    private static func failure(toRun program: String) -> Int32? {
        guard !program.contains("/") else { return failure(of: program) }
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let codes = path.split(separator: ":").map { failure(of: "\($0)/\(program)") }
        return codes.contains(nil) ? nil : codes.contains(EACCES) ? EACCES : ENOENT
    }

    private static func failure(of path: String) -> Int32? {
        guard let status = fileStatus(path), access(path, X_OK) == 0 else { return errno }
        // Root may "execute" a folder.
        return status.st_mode & S_IFMT == S_IFREG ? nil : EACCES
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
        let home = fileStatus(HostCheck.folder(of: path))?.st_dev
        guard ["/", "/usr"].contains(where: { fileStatus($0)?.st_dev == home }) else {
            return "\(HostCheck.hook) leads to a file system that is unmounted before: \(wish)"
        }
        guard configuration.server.runtimeDirectory == PackagePath.runtimeFolder else {
            return "runtimeDirectory is not \(PackagePath.runtimeFolder): \(wish)"
        }
        return nil
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    }

    // MARK: What is secret

    /// What every user here may read. A file that is not there is told by what reads it.
    func openSecrets() -> [String] {
        let broker = configuration.broker
        let files = [
            ("server.controlTokenFile", configuration.server.controlTokenFile),
            ("mqtt.passwordFile", broker?.passwordFile ?? ""),
            ("mqtt.tls.keyFile", broker?.tls?.keyFile ?? ""),
        ]
        return files.compactMap { key, path in
            guard let status = fileStatus(path), status.st_mode & S_IROTH != 0 else { return nil }
            return "\(key): \(path) can be read by every user of this host (chmod o= \(path))"
        }
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
        guard let status = fileStatus(path) else {
            return "\(SerialPortError(path, code: errno))"
        }
        guard status.st_mode & S_IFMT == S_IFCHR else {
            return "\(SerialPortError(path, .notSerial))"
        }
        guard mayWrite(status) else {
            let error = SerialPortError(path, .noPermission(group: status.st_gid))
            return error.explained()
        }
        return nil
    }

    /// The line is there, and the user who asks may open it. Whether it is free is seen then.
    var mayAskUPS: Bool {
        serialLine() == nil && serialHolder() == nil
            && access(configuration.server.serial, R_OK | W_OK) == 0
    }

    /// The daemon itself may hold it.
    private func serialHolder() -> String? {
        let path = configuration.server.serial
        guard let holder = SerialPortHolder.find(path), holder.name != "ups-server" else {
            return nil
        }
        return "\(path) is in use: \(holder.description) holds it"
    }

    private func dashboard() -> String? {
        let www = configuration.server.www
        guard access("\(www)/index.html", R_OK) != 0 else { return nil }
        return "server.www: there is no dashboard: \(SystemError(errno, "\(www)/index.html"))"
    }

    /// Those in which the daemon keeps what it has seen. A service's systemd makes their default.
    private func folders() -> [String] {
        let server = configuration.server
        let folders = [
            ("server.eventLog", HostCheck.folder(of: server.eventLog), "events are not logged"),
            (
                "server.logDirectory", server.logToFile ? server.logDirectory : "",
                "measurements are not logged"
            ),
            (
                "server.stateDirectory", server.stateDirectory,
                "what is learnt about the UPS and this host is forgotten at each start"
            ),
        ]
        return folders.compactMap { key, path, effect in
            guard !path.isEmpty else { return nil }
            guard let status = fileStatus(path) else {
                return "\(key): \(SystemError(errno, path)): \(effect)"
            }
            guard status.st_mode & S_IFMT == S_IFDIR else {
                return "\(key): \(SystemError(ENOTDIR, path)): \(effect)"
            }
            return mayWrite(status) ? nil : "\(key): \(path) cannot be written: \(effect)"
        }
    }

    /// One that is not there will be made.
    private func runtimeDirectory() -> String? {
        let path = configuration.server.runtimeDirectory
        guard let status = fileStatus(path) else { return nil }
        guard mayWrite(status) else {
            return "\(path) belongs to another user: no control socket, no kept state"
        }
        return KeptStore.warning(of: path)
    }
}
