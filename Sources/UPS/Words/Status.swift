// The state of the UPS in a word, as it stands on the wire and in texts.

/// The UPS in one word: the first that holds.
public enum Status: String, CaseIterable, Sendable {
    case shuttingDown = "shutting_down"
    case commLost = "comm_lost"
    case lowBattery = "low_battery"
    case onBattery = "on_battery"
    case online
}
