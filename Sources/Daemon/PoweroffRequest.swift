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
        try replaceFile(
            "\(folder)/\(PoweroffRequest.name)", with: contents(incident: incident, at: now))
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
