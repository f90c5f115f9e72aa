// The built-in way of a daemon that is not root: a file on which a root-owned path unit of the
// package powers off. Written by Halt's thread.

import Glibc
import UPS

struct PoweroffRequest: Sendable {
    static let name = "poweroff-request"

    /// The runtime directory.
    let folder: String
    let boot: BootID

    /// Appears whole or not at all, so that the path unit never reads half of it.
    func write(incident: IncidentID?, at now: BootTime) throws(SystemError) {
        let path = "\(folder)/\(PoweroffRequest.name)"
        let draft = "\(folder)/.\(PoweroffRequest.name)"
        unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = open(draft, flags, mode_t(0o600))
        guard file >= 0 else { throw SystemError(errno, "cannot create \(draft)") }
        let bytes = Array(contents(incident: incident, at: now).utf8)
        let count = Glibc.write(file, bytes, bytes.count)
        let code = count < 0 ? errno : ENOSPC
        close(file)
        guard count == bytes.count else { throw SystemError(code, "cannot write \(draft)") }
        guard rename(draft, path) == 0 else { throw SystemError(errno, "cannot create \(path)") }
    }

    /// What an earlier daemon left behind must not power anything off.
    func remove() {
        unlink("\(folder)/\(PoweroffRequest.name)")
    }

    /// A line each; the receiver checks that the boot is the present one.
    func contents(incident: IncidentID?, at now: BootTime) -> String {
        """
        BOOT_ID=\(boot.text)
        INCIDENT=\(incident?.description ?? "")
        BOOTTIME=\(now.sinceBoot.components.seconds)

        """
    }
}
