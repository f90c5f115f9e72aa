// The state in one line, for `systemctl status`. Called by the loop for each snapshot; pure.

public import UPS

/// What the line shows, so that a text is made only where that has changed.
public struct StatusLine: Equatable {
    private let status: Status
    private let phase: Phase
    private let reason: Reason?
    /// As they are shown, in whole seconds.
    private let onBattery, remaining: Int?
    private let charge: Int?
    /// Of the input, in tenths of a volt.
    private let voltage: Int?
    private let isDrill, isDryRun: Bool

    public init(_ snapshot: Snapshot) {
        let shutdown = snapshot.shutdown
        (status, phase, reason) = (snapshot.status, shutdown.phase, shutdown.reason)
        let isOnBattery = status == .onBattery || status == .lowBattery
        onBattery =
            isOnBattery ? snapshot.history.onBattery(at: snapshot.time).roundedSeconds : nil
        remaining = shutdown.remaining(at: snapshot.time)?.roundedSeconds
        let isIdle = phase == .idle
        charge = isIdle ? snapshot.reading.batteryCharge : nil
        voltage = isIdle ? snapshot.reading.inputVoltage.map { ($0.millivolts + 50) / 100 } : nil
        (isDrill, isDryRun) = (snapshot.isDrill, snapshot.policy.dryRun)
    }

    /// "On line, 100 %, 12.6 V" or "On battery for 8 s, shutdown in 7 s".
    public var text: String {
        var parts = [state]
        if phase == .committed {
            if let reason { parts.append("because \(reason.text)") }
        } else if let remaining {
            parts.append("shutdown in \(remaining) s")
        } else if phase == .cancelled {
            parts.append("the timer was cancelled")
        }
        if let charge { parts.append("\(charge) %") }
        if let voltage { parts.append("\(voltage / 10).\(voltage % 10) V") }
        if isDrill { parts.append("drill") }
        if isDryRun { parts.append("dry run") }
        return parts.joined(separator: ", ")
    }

    private var state: String {
        switch status {
        case .shuttingDown: "Shutting down"
        case .commLost: "No link to the UPS"
        case .online: "On line"
        case .onBattery: "On battery for \(onBattery ?? 0) s"
        case .lowBattery: "On battery for \(onBattery ?? 0) s, battery low"
        }
    }
}
