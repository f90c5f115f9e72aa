// What the daemon leaves in its runtime directory for the end of the shutdown that it has
// committed. The ShutdownRunner's thread writes it, the late hook judges it.

import Bicker
import Host
public import Platform
public import UPS

public struct LateOrder: Equatable, Sendable {
    static let name = "late-order"
    /// No shutdown takes longer; an older one was left behind by a shutdown that came to nothing.
    /// (s)
    static let longestAge: Int64 = 3600

    /// How this host is to end, as it is configured.
    public struct Terms: Equatable, Sendable {
        var serial: String
        public var cut: CutOutput
        public var rebootsIfPowerReturned: Bool

        public init(serial: String, cut: CutOutput, rebootsIfPowerReturned: Bool) {
            (self.serial, self.cut) = (serial, cut)
            self.rebootsIfPowerReturned = rebootsIfPowerReturned
        }
    }

    var boot: BootID
    var incident: String
    var reason: Reason
    /// When it was written, in whole seconds. (CLOCK_BOOTTIME)
    var time: Int64
    var terms: Terms

    init(_ terms: Terms, boot: BootID, shutdown: CommittedShutdown, at now: BootTime) {
        (self.terms, self.boot, reason) = (terms, boot, shutdown.reason)
        incident = "\(shutdown.incident)"
        time = now.sinceBoot.components.seconds
    }

    var lines: KeyLines {
        KeyLines([
            "BOOT_ID": boot.text, "INCIDENT": incident, "REASON": reason.rawValue,
            "BOOTTIME": "\(time)", "SERIAL": terms.serial, "CUT_OUTPUT": terms.cut.rawValue,
            "REBOOT_IF_POWER_RETURNED": terms.rebootsIfPowerReturned ? "yes" : "no",
        ])
    }

    /// Nil: that is no order.
    init?(_ lines: KeyLines) {
        guard let boot = lines["BOOT_ID"].flatMap({ BootID($0) }),
            let incident = PoweroffRequest.incident(in: lines),
            let reason = lines["REASON"].flatMap(Reason.init(rawValue:)),
            let time = lines.number("BOOTTIME"), let serial = lines["SERIAL"],
            let cut = lines["CUT_OUTPUT"].flatMap(CutOutput.init(rawValue:)),
            let reboots = lines["REBOOT_IF_POWER_RETURNED"], ["yes", "no"].contains(reboots)
        else { return nil }
        (self.boot, self.incident, self.reason, self.time) = (boot, incident, reason, time)
        terms = Terms(serial: serial, cut: cut, rebootsIfPowerReturned: reboots == "yes")
    }

    /// Why it is not acted on; nil: it is.
    func refusal(boot present: BootID, at now: BootTime) -> String? {
        guard boot == present else { return "it was written by another boot" }
        return PoweroffRequest.refusal(writtenAt: time, now: now, longestAge: Self.longestAge)
    }

    /// The mark is of the request that belongs to this order.
    func isBehind(_ mark: PoweroffMark?) -> Bool {
        mark?.boot == boot && mark?.incident == incident
    }

    /// A person who asked the UPS for a shutdown does not want the host to come back.
    var plan: LastExchange.Plan {
        LastExchange.Plan(
            cut: terms.cut, mayReboot: terms.rebootsIfPowerReturned && reason != .upsRequest)
    }

    public static func remove(in runtimeDirectory: String) throws(SystemError) {
        try OwnedFolder(runtimeDirectory).remove(name)
    }
}
