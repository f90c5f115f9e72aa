// What has been counted on the serial line. Counted by the Poller, shown by the metrics.

/// Since the start of the daemon.
public struct SerialCounters: Equatable, Sendable {
    /// How often the port was opened.
    public var opens = 0
    public var requests = 0
    public var replies = 0
    public var timeouts = 0
    public var statusRequests = 0
    public var statusTimeouts = 0
    public var invalidFrames = 0
    /// Whole ones that say what cannot be.
    public var implausibleAnswers = 0
    public var unsolicitedFrames = 0
    public var discardedBytes = 0

    public init() {}

    /// What has been counted since then.
    public func since(_ former: SerialCounters) -> SerialCounters {
        var counters = self
        counters.replies -= former.replies
        counters.invalidFrames -= former.invalidFrames
        counters.unsolicitedFrames -= former.unsolicitedFrames
        counters.discardedBytes -= former.discardedBytes
        counters.statusRequests -= former.statusRequests
        counters.statusTimeouts -= former.statusTimeouts
        return counters
    }
}
