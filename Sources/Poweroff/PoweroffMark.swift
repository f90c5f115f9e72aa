// What root remembers of the last request that it has carried out, in a folder that is root's alone.
// `perform-poweroff` leaves it, so that a request acts once; the late hook acts only behind one.

import Glibc
import Host
import Platform
import UPS

public struct PoweroffMark: Equatable, Sendable {
    public static let ofPackage = "/run/ups-server-poweroff"
    static let name = "carried-out"

    var boot: BootID
    var incident: String
    /// Of the request. (s, CLOCK_BOOTTIME)
    var time: Int64

    init(_ request: PoweroffRequest) {
        (boot, incident, time) = (request.boot, request.incident, request.time)
    }

    /// Nil: there is none that counts.
    init?(in path: String) {
        guard let folder = try? OwnedFolder(path), folder.owner == geteuid(),
            let lines = (try? folder.read(PoweroffMark.name)) ?? nil,
            let boot = lines["BOOT_ID"].flatMap({ BootID($0) }),
            let incident = PoweroffRequest.incident(in: lines),
            let time = lines.number("BOOTTIME")
        else { return nil }
        (self.boot, self.incident, self.time) = (boot, incident, time)
    }

    func leave(in path: String) throws(SystemError) {
        mkdir(path, 0o700)
        let lines = KeyLines([
            "BOOT_ID": boot.text, "INCIDENT": incident, "BOOTTIME": "\(time)",
        ])
        try OwnedFolder(path).write(lines, to: PoweroffMark.name)
    }

    static func remove(in path: String) {
        (try? OwnedFolder(path))?.remove(name)
    }
}
