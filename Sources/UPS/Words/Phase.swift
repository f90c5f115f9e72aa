// How far the decision is, in a word, as it stands on the wire and in texts.

/// How far the decision is.
public enum Phase: String, CaseIterable, Sendable {
    case idle
    /// Failing readings, not yet enough of them.
    case confirming
    /// An outage, and no rule has a moment at which it will commit.
    case onBattery = "on_battery"
    /// Some rule has a moment at which it will commit, and it was not cancelled.
    case pending
    /// The timer was cancelled in this outage.
    case cancelled
    /// The host powers off.
    case committed
}
