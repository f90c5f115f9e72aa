// What NIS and NUT both make of a snapshot, because their clients cannot do without.

package import UPS

extension Snapshot {
    /// Clients make their entities, and those that follow their mind up, from what they see first:
    /// without a load there is no estimate, but still a time.
    package var timeLeft: Duration? {
        if let runtime { return runtime }
        guard reading.capacitance != nil, reading.batteryVoltage != nil,
            let power = reading.outputPower, power < Runtime.smallestLoad
        else { return nil }
        return Runtime.longest
    }

    /// Home Assistant tells devices apart by it. An empty memory reads as zeros, or as what the
    /// codec makes of bytes that are no text.
    package var serialNumber: String {
        // Before the UPS has told it, it has the one that it had.
        let serial = folded(identity.serial ?? capacitorsWhenNew?.serial ?? "")
        let isBlank = serial.lowercased() == "blank" || serial.allSatisfy { "0? ".contains($0) }
        return isBlank ? "UPS-" + (installation.fallbackSerial ?? installation.host) : serial
    }
}
