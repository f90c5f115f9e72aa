// What the daemon hears of the UPS, in a word, as it stands on the wire and in texts.

/// The daemon and the UPS.
public enum Link: String, CaseIterable, Sendable {
    case ok
    /// No valid status reading for three status intervals, at least 1 s.
    case stale
    /// None for 2 s, or the port is gone.
    case lost
}
