// All variables of NUT that do not follow from one measured value alone. Names and formats: NUT
// 2.8, docs/nut-names.txt and drivers/bicker_ser.c.

import Report
import UPS

extension NUTVariable {
    /// By name, as `LIST VAR` has them.
    static let all = (measured + others).sorted { $0.name < $1.name }
    static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let measured = Quantity.allCases.flatMap { quantity in
        (quantity.nutVariables?.names ?? []).map { name in
            NUTVariable(name, quantity.title) { snapshot in
                guard let decimals = quantity.nutVariables?.decimals else { return nil }
                let value =
                    quantity == .runtime
                    ? snapshot.timeLeft?.inSeconds : snapshot[quantity].map { quantity.inUnit($0) }
                return value.map { fixed($0, decimals) }
            }
        }
    }

    private static let others = state + identity + ratings + shutdown + measurement

    private static let state = [
        text("ups.status", "UPS status", NUTStatus.words),
        text("ups.alarm", "What is wrong") { $0.problem },
        text("battery.charger.status", "Status of the battery charger") { snapshot in
            snapshot.reading.deviceStatus.map { status in
                if status.contains(.discharging) { return "discharging" }
                return status.contains(.charging) ? "charging" : "resting"
            }
        },
        cells("battery.voltage.cell.max", "Maximum battery cell voltage") { $0.max() },
        cells("battery.voltage.cell.min", "Minimum battery cell voltage") { $0.min() },
    ]

    private static func cells(
        _ name: String, _ description: String, _ choice: @escaping @Sendable ([Int]) -> Int?
    ) -> NUTVariable {
        NUTVariable(name, description) { snapshot in
            let known = snapshot.reading.cellVoltages.compactMap { $0?.millivolts }
            return choice(known).map { fixed(Double($0) / 1000, 3) }
        }
    }

    private static let identity = [
        text("device.type", "Device type") { _ in "ups" },
        text("device.mfr", "Device manufacturer") { _ in "Bicker Elektronik GmbH" },
        text("ups.mfr", "UPS manufacturer") { _ in "Bicker Elektronik GmbH" },
        text("device.model", "Device model") { $0.identity.series },
        text("ups.model", "UPS model") { $0.identity.series },
        text("device.serial", "Device serial number") { serial($0) },
        text("ups.serial", "UPS serial number") { serial($0) },
        text("ups.firmware", "UPS firmware") { $0.identity.firmware },
        text("experimental.ups.hardware", "Hardware revision") { $0.identity.hardwareRevision },
        text("battery.type", "Battery chemistry") { $0.identity.batteryType },
        text("ups.id", "UPS system identifier") { $0.rating.name },
        text("driver.name", "Driver name") { _ in "ups-server" },
        text("driver.version", "Driver version") { $0.installation.version },
        text("driver.state", "Current state in driver's lifecycle") { _ in "quiet" },
    ]

    /// What stands for a missing one would make another device of this UPS for those that come before
    /// it was asked.
    private static func serial(_ snapshot: Snapshot) -> String? {
        let isAsked = snapshot.hasIdentity || snapshot.identity.serial != nil
        return isAsked || snapshot.capacitorsWhenNew != nil ? snapshot.serialNumber : nil
    }

    private static let ratings = [
        NUTVariable("battery.voltage.nominal", "Nominal battery voltage (V)") {
            fixed($0.rating.batteryVoltage.volts, 1)
        },
        NUTVariable("battery.voltage.low", "Battery voltage at which the output ends (V)") {
            fixed($0.rating.cutoff.volts, 1)
        },
        NUTVariable("input.voltage.nominal", "Nominal input voltage (V)") {
            fixed($0.rating.inputVoltage.volts, 1)
        },
        NUTVariable("ups.realpower.nominal", "UPS real power rating (W)") {
            fixed($0.rating.nominalPower.watts, 0)
        },
        NUTVariable("battery.charge.low", "Battery charge at which this host powers off (%)") {
            "\($0.policy.lowChargePercent)"
        },
        NUTVariable("battery.charge.restart", "Battery charge at which the output returns (%)") {
            "\($0.rating.powerReturnPercent)"
        },
        seconds("battery.runtime.low", "Runtime at which this host powers off (s)") {
            $0.policy.lowRuntime
        },
        // Of the UPS, as NUT has it; the delay of this daemon is another thing.
        seconds("ups.delay.shutdown", "Time on battery after which the UPS cuts its output (s)") {
            $0.rating.maximumBackupTime
        },
        seconds("ups.delay.start", "Time for which the output stays off (s)") {
            $0.rating.wakeupDelay
        },
    ]

    /// The delay is `delay` of the commands: with its rules.
    static let shutdownDelay = NUTVariable(
        "experimental.shutdown.delay", "Time from a power failure to the shutdown (s)",
        .settable(ShutdownPolicy.delayRange)
    ) { "\($0.shutdown.delay.roundedSeconds)" }

    private static let shutdown = [
        shutdownDelay,
        NUTVariable("ups.timer.shutdown", "Time before the shutdown (s)") { snapshot in
            let isReal = !snapshot.isDrill && !snapshot.policy.dryRun
            let remaining = isReal ? snapshot.shutdown.remaining(at: snapshot.time) : nil
            return "\(remaining?.roundedSeconds ?? -1)"
        },
        text("experimental.shutdown.phase", "How far the shutdown is") {
            $0.shutdown.phase.rawValue
        },
        text("experimental.shutdown.reason", "Why this host powers off") {
            $0.shutdown.reason?.rawValue
        },
    ]

    /// The measurement of capacitance and ESR is this UPS's self test.
    private static let measurement = [
        text("ups.test.result", "Results of last self test") { snapshot in
            if snapshot.isMeasuring { return "In progress" }
            guard let status = snapshot.reading.monitorStatus else { return nil }
            if !status.isDisjoint(with: [.capacitanceFailed, .esrFailed]) { return "failed" }
            let isDone = status.isSuperset(of: [.capacitanceDone, .esrDone])
            return isDone ? "OK" : "No test initiated"
        }
    ]
}
