// How important an event is to a reader of the journal. Called by the Monitor.

public import Host
public import UPS

extension Event.Name {
    /// Of the journal.
    public var priority: LogPriority {
        switch self {
        case .shutdownCommitted, .shutdownFailed: .error
        case .powerFail, .shutdownPending, .lowCharge, .linkLost, .contradiction, .overcurrentOn,
            .warning, .commandRefused:
            .warning
        case .powerGood, .shutdownCancelled, .shutdownDelayed, .linkRestored, .overcurrentOff,
            .brokerLost:
            .notice
        case .serviceStart, .serviceStop, .measurementStarted, .measurementDone, .brokerRestored:
            .info
        }
    }
}
