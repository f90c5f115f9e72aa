// The records of the NIS status behind its header. Called by NISReport. Keys and their order:
// apcupsd 3.14, src/lib/apcstatus.c; formats of LINEV, LINEA and so on: the original ups-server.

import UPS

/// A number that is not known is left out, a date or a text is `N/A`: clients make their entities
/// from the keys they see first, and read every number.
struct NISStatus {
    private let snapshot: Snapshot
    private var reading: Reading { snapshot.reading }

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    var records: [NISRecord] {
        let all = head + measurements + limits + battery + history + registers + tail
        let known = all.compactMap { key, value in value.map { NISRecord(key: key, value: $0) } }
        guard snapshot.link == .lost else { return known }
        return known.filter { NISStatus.keysWithoutLink.contains($0.key) }
    }

    private static let keysWithoutLink: Set<String> = [
        "DATE", "HOSTNAME", "VERSION", "UPSNAME", "CABLE", "DRIVER", "UPSMODE", "STARTTIME",
        "MODEL", "STATUS", "MBATTCHG", "MINTIMEL", "MAXTIME", "NUMXFERS", "TONBATT", "CUMONBATT",
        "XONBATT", "XOFFBATT", "STATFLAG", "SERIALNO", "FIRMWARE", "PROBLEM", "ENDAPC",
        "END APC",
    ]

    /// A record has at most 127 bytes.
    private static let longestProblem = 110

    private typealias Line = (String, String?)

    private var head: [Line] {
        let installation = snapshot.installation
        let name = nisText(snapshot.rating.name) ?? nisText(snapshot.identity.series)
        return [
            // Of the last reading and not of now, so that old data look old.
            ("DATE", date(snapshot.lastReading)),
            ("HOSTNAME", nisText(installation.host) ?? "N/A"),
            ("VERSION", nisText(installation.version + " ups-server")),
            ("UPSNAME", name ?? "UPS"),
            ("CABLE", "Serial Cable"),
            ("DRIVER", "Bicker Serial Driver"),
            ("UPSMODE", "Stand Alone"),
            ("STARTTIME", date(installation.started)),
            ("MODEL", nisText(snapshot.identity.batteryType) ?? "N/A"),
            ("STATUS", NISFlags(snapshot).words),
        ]
    }

    private var measurements: [Line] {
        let minutes = snapshot.timeLeft.map { $0.inSeconds / 60 }
        return [
            ("LINEFAIL", snapshot.powerPresent == false ? "Yes" : "No"),
            line(.inputVoltage),
            line(.inputCurrent),
            line(.load),
            line(.charge),
            line(.runtime, minutes),
        ]
    }

    private var limits: [Line] {
        let policy = snapshot.policy
        let backup = policy.maximumBackupTime ?? .zero
        return [
            ("MBATTCHG", "\(policy.lowChargePercent) Percent"),
            ("MINTIMEL", number((policy.lowRuntime.inSeconds / 60).rounded(.up), 0, "Minutes")),
            ("MAXTIME", "\(backup.roundedSeconds) Seconds"),
            line(.outputVoltage),
            line(.outputCurrent),
            ("DWAKE", "\(snapshot.rating.wakeupDelay.roundedSeconds) Seconds"),
            ("DSHUTD", "\(snapshot.shutdown.delay.roundedSeconds) Seconds"),
            ("RETPCT", "\(snapshot.rating.powerReturnPercent) Percent"),
        ]
    }

    private var battery: [Line] {
        [
            line(.temperature),
            line(.batteryVoltage),
            line(.batteryCurrent),
            ("OUTCURNT", number(reading.outputCurrent?.amperes, 2, "Amps")),
        ]
    }

    private var history: [Line] {
        let history = snapshot.history
        let isUnused = history.failures == 0
        let now = snapshot.time
        return [
            ("LASTXFER", isUnused ? "No transfers since turnon" : "Low line voltage"),
            ("NUMXFERS", "\(history.failures)"),
            ("XONBATT", date(history.lastFailure)),
            ("TONBATT", "\(history.onBattery(at: now).roundedSeconds) Seconds"),
            ("CUMONBATT", "\(history.onBatteryInAll(at: now).roundedSeconds) Seconds"),
            ("XOFFBATT", date(history.lastReturn)),
            ("SELFTEST", selfTest),
        ]
    }

    private var registers: [Line] {
        [
            ("STATFLAG", hexadecimal(NISFlags(snapshot).bits, 8)),
            ("REG1", reading.deviceStatus.map { hexadecimal($0.rawValue, 2) }),
            ("REG2", reading.chargeStatus.map { hexadecimal($0.rawValue, 4) }),
            ("REG3", reading.monitorStatus.map { hexadecimal($0.rawValue, 4) }),
            ("SERIALNO", nisText(snapshot.serialNumber) ?? "UPS"),
        ]
    }

    private var tail: [Line] {
        let rating = snapshot.rating
        // A slave looks for the first BATTV, which would be this one.
        let hasBattery = reading.batteryVoltage != nil
        return [
            ("NOMINV", number(rating.inputVoltage.volts, 1, "Volts")),
            ("NOMBATTV", hasBattery ? number(rating.batteryVoltage.volts, 1, "Volts") : nil),
            ("NOMPOWER", number(rating.nominalPower.watts, 0, "Watts")),
            ("FIRMWARE", nisText(snapshot.identity.firmware) ?? "N/A"),
            ("PROBLEM", nisText(snapshot.problem, longest: NISStatus.longestProblem)),
            ("ENDAPC", date(snapshot.time)),
            ("END APC", date(snapshot.time)),
        ]
    }

    /// The capacitance and ESR measurement is this UPS's self test.
    private var selfTest: String {
        let status = reading.monitorStatus ?? []
        if snapshot.isMeasuring { return "IP" }
        if !status.isDisjoint(with: [.capacitanceFailed, .esrFailed]) { return "NG" }
        return status.isSuperset(of: [.capacitanceDone, .esrDone]) ? "OK" : "NO"
    }

    private func line(_ quantity: Quantity) -> Line {
        line(quantity, snapshot[quantity].map { quantity.inUnit($0) })
    }

    private func line(_ quantity: Quantity, _ value: Double?) -> Line {
        guard let (key, decimals, unit) = quantity.nisRecord else { return ("", nil) }
        return (key, number(value, decimals, unit))
    }

    private func number(_ value: Double?, _ decimals: Int, _ unit: String) -> String? {
        value.map { "\(fixed($0, decimals)) \(unit)" }
    }

    /// apcupsd ends its dates with two blanks, and one client waits for those of the last line.
    private func date(_ moment: BootTime?) -> String {
        moment.map { snapshot.localText(of: $0) + "  " } ?? "N/A"
    }
}

/// What clients of NIS look for in the whole answer, taking the first place where it stands.
/// Source: apcupsd 3.14, src/drivers/net/net.c.
private let keywords = [
    "BCHARGE", "BATTDATE", "BATTV", "CABLE", "DATE", "FIRMWARE", "HITRANS", "HOSTNAME",
    "LASTSTEST", "LASTXFER", "MAXLINEV", "MINLINEV", "LOADPCT", "DLOWBATT", "LOTRANS", "MAXTIME",
    "MBATTCHG", "MINTIMEL", "MODEL", "NOMBATTV", "LINEFREQ", "OUTPUTV", "RELEASE", "RETPCT",
    "TIMELEFT", "SELFTEST", "SENSE", "SERIALNO", "STATFLAG", "UPSMODE", "UPSNAME", "ITEMP", "LINEV",
    "STATUS", "NOMINV", "NOMOUTV", "NOMPOWER",
]

/// A text that cannot be mistaken for a key; nil: there is none.
private func nisText(_ text: String?, longest: Int = 60) -> String? {
    guard let text else { return nil }
    let printable = folded(text).split(separator: " ").joined(separator: " ").prefix(longest)
    guard !printable.isEmpty else { return nil }
    let isMistakable = keywords.contains { printable.contains($0) }
    return isMistakable ? printable.lowercased() : String(printable)
}
