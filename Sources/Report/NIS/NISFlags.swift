// The state of the UPS in apcupsd's bits and words. Called by NISStatus. Slaves and Home Assistant
// act on them: a wrong one shuts other machines down. Source: apcupsd 3.14, include/defines.h.

import UPS

struct NISFlags {
    private static let online: UInt32 = 0x0000_0008
    private static let onBattery: UInt32 = 0x0000_0010
    private static let overload: UInt32 = 0x0000_0020
    private static let batteryLow: UInt32 = 0x0000_0040
    private static let replaceBattery: UInt32 = 0x0000_0080
    private static let commLost: UInt32 = 0x0000_0100
    /// Slaves shut down at once.
    private static let shutdown: UInt32 = 0x0000_0200
    /// Into this computer, as apcupsd always has it.
    private static let pluggedIn: UInt32 = 0x0100_0000
    private static let batteryPresent: UInt32 = 0x0400_0000

    let bits: UInt32

    init(_ snapshot: Snapshot) {
        var bits =
            snapshot.link == .lost
            ? NISFlags.withoutLink(snapshot) : NISFlags.withLink(snapshot)
        if snapshot.isShuttingDown { bits |= NISFlags.shutdown }
        self.bits = bits | NISFlags.pluggedIn
    }

    /// What was known last stays, so that slaves do not take an outage for over.
    private static func withoutLink(_ snapshot: Snapshot) -> UInt32 {
        commLost | batteryPresent | (snapshot.wasOnBattery ? onBattery : 0)
    }

    private static func withLink(_ snapshot: Snapshot) -> UInt32 {
        let status = snapshot.reading.deviceStatus ?? .batteryPresent
        let alarms = snapshot.reading.alarms ?? []
        var bits = snapshot.powerPresent == false ? onBattery : online
        if snapshot.isLowBattery { bits |= batteryLow }
        if status.contains(.overcurrent) { bits |= overload }
        if status.contains(.batteryPresent) { bits |= batteryPresent }
        let isAlarmed = !alarms.isDisjoint(with: [.esrHigh, .capacitanceLow])
        if isAlarmed || snapshot.isWorn { bits |= replaceBattery }
        return bits
    }

    /// Without apcupsd's blank at the end, which not every client takes off.
    var words: String {
        if bits & NISFlags.shutdown != 0 { return "SHUTTING DOWN" }
        if bits & NISFlags.commLost != 0 { return "COMMLOST" }
        let names: [(UInt32, String)] = [
            (NISFlags.online, "ONLINE"), (NISFlags.onBattery, "ONBATT"),
            (NISFlags.overload, "OVERLOAD"), (NISFlags.batteryLow, "LOWBATT"),
            (NISFlags.replaceBattery, "REPLACEBATT"),
        ]
        let words = names.filter { bits & $0.0 != 0 }.map(\.1)
        let hasBattery = bits & NISFlags.batteryPresent != 0
        return (hasBattery ? words : words + ["NOBATT"]).joined(separator: " ")
    }
}
