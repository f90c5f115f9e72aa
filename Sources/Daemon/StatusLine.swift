// The state in one line, for `systemctl status` and for people at a terminal. Pure.

import UPS

enum StatusLine {
    /// "On line, 100 %, 12.6 V" or "On battery for 8 s, shutdown in 7 s".
    static func text(_ snapshot: Snapshot) -> String {
        var parts = [state(snapshot)]
        let shutdown = snapshot.shutdown
        if shutdown.phase == .committed {
            parts.append(shutdown.reason.map { "because \($0.text)" } ?? "")
        } else if let remaining = shutdown.remaining(at: snapshot.time) {
            parts.append("shutdown in \(remaining.roundedSeconds) s")
        } else if shutdown.phase == .cancelled {
            parts.append("the timer was cancelled")
        }
        if shutdown.phase == .idle {
            if let charge = snapshot.reading.batteryCharge { parts.append("\(charge) %") }
            if let voltage = snapshot.reading.inputVoltage {
                let tenths = (voltage.millivolts + 50) / 100
                parts.append("\(tenths / 10).\(tenths % 10) V")
            }
        }
        if snapshot.isDrill { parts.append("drill") }
        if snapshot.isDryRun { parts.append("dry run") }
        return parts.filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func state(_ snapshot: Snapshot) -> String {
        switch snapshot.status {
        case .shuttingDown: return "Shutting down"
        case .commLost: return "No link to the UPS"
        case .online: return "On line"
        case .onBattery, .lowBattery:
            let seconds = snapshot.history.onBattery(at: snapshot.time).roundedSeconds
            let low = snapshot.status == .lowBattery ? ", battery low" : ""
            return "On battery for \(seconds) s\(low)"
        }
    }
}
