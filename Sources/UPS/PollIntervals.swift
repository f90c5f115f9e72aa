// How often the UPS is asked for what: the configuration group `poll`. Read by the poller.

public struct PollIntervals: Equatable, Sendable {
    /// Between two status requests; 0 asks without a pause. At most 0.5 s: a link is stale after
    /// three intervals, and lost after 2 s.
    public var status: Duration
    /// Voltages, currents, charge and the charger's registers.
    public var values: Duration
    /// Cells, capacitance, ESR, alarms, temperature.
    public var slow: Duration
    /// How long an answer may take.
    public var timeout: Duration

    public init(
        status: Duration = .milliseconds(100), values: Duration = .seconds(1),
        slow: Duration = .seconds(10), timeout: Duration = .milliseconds(500)
    ) {
        self.status = status
        self.values = values
        self.slow = slow
        self.timeout = timeout
    }
}
