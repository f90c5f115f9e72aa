// The state of the UPS in NUT's words. Called by NUTReport. upsmon acts on them: a wrong one shuts
// other machines down. Source: NUT 2.8, clients/upsmon.c and docs/new-drivers.txt.

import UPS

/// Never ALARM, CAL, OFF or BYPASS, with which upsmon takes a lost connection for a reason to shut
/// down.
enum NUTStatus {
    /// Nil: it is not known, and no old one is shown.
    static func words(_ snapshot: Snapshot) -> String? {
        // Also without a link: who follows must see it at the worst moment. OB is for a Synology,
        // which ignores FSD alone, LB for clients that know nothing else.
        if snapshot.isShuttingDown { return "FSD OB LB DISCHRG" }
        // A dry run must not shut down those that follow.
        let isLow = snapshot.isLowBattery && !snapshot.policy.dryRun
        if snapshot.link == .lost {
            // upsmon 2.8.1 shuts down at the first error on battery.
            guard snapshot.wasOnBattery else { return nil }
            return isLow ? "OB LB DISCHRG" : "OB DISCHRG"
        }
        guard let status = snapshot.reading.deviceStatus else { return nil }
        let isOnBattery = snapshot.powerPresent == false
        let alarms = snapshot.reading.alarms ?? []
        let isWorn = snapshot.isWorn || !alarms.isDisjoint(with: [.esrHigh, .capacitanceLow])
        let words: [(String, Bool)] = [
            ("OL", !isOnBattery), ("OB", isOnBattery), ("LB", isLow && isOnBattery),
            ("CHRG", status.contains(.charging)), ("DISCHRG", status.contains(.discharging)),
            ("OVER", status.contains(.overcurrent)),
            // WinNUT keeps the former status when it does not know a word, and would miss OB.
            ("RB", isWorn && !isOnBattery),
        ]
        return words.filter(\.1).map(\.0).joined(separator: " ")
    }
}
