// When the host powers off: the configured numbers of the decision. Read by the controller.

/// The names in comments are the keys of the configuration file.
public struct ShutdownPolicy: Equatable, Sendable {
    /// Shut down after `delay` on battery. (`shutdownByTime`)
    public var byTime = true
    /// From the first failing reading to the shutdown. (`shutdownDelay`)
    public var delay = Duration.seconds(15)
    /// Shut down when the charge is low, also without the timer. (`shutdownBySoc`)
    public var byCharge = false
    /// Below this charge the host shuts down. (%, `shutdownSocPercent`)
    public var lowChargePercent = 25
    /// How long this host needs to shut down: the larger of `hostShutdownTime` and what was
    /// measured last.
    public var hostShutdownTime = Duration.seconds(20)
    /// Kept free between the end of the shutdown and the UPS cutting its output. (`reserve`)
    public var reserve = Duration.seconds(5)
    /// Equal readings in a row that make an outage, or a return. (`confirmReadings`)
    public var confirmReadings = 2
    /// How long a low reading must last. (`lowChargeHold`)
    public var lowChargeHold = Duration.seconds(2)
    /// An outage that follows a return within this time is the same incident. (`returnHold`)
    public var returnHold = Duration.seconds(5)
    /// Silence on battery that commits. (`deadTime`)
    public var deadTime = Duration.seconds(15)
    /// The module cuts its output this long after it lost its input; nil: never.
    /// (`maxBackupTime`, and the device's own setting where it is smaller)
    public var maximumBackupTime: Duration? = .seconds(60)
    /// Do everything but run the command. (`dryRun`)
    public var dryRun = false
    /// How many different shutdown commands there are: the first and its escalation.
    public var steps = 1

    public init() {}

    /// The least time between the first failing reading and a timed commit.
    public static let shortestDelay = Duration.seconds(2)
    public static let delayRange = 1...86400
    public static let silenceLimit = Duration.seconds(1)
    public static let stepInterval = Duration.seconds(5)
    public static let failedAfter = Duration.seconds(60)

    /// What the UPS's own timer leaves of the time on battery, before H and the reserve.
    public var longestDelay: Duration? {
        maximumBackupTime.map { max($0 - hostShutdownTime - reserve, ShutdownPolicy.shortestDelay) }
    }

    /// The delay that really holds when the input is lost at the first failing reading.
    public var effectiveDelay: Duration { longestDelay.map { min($0, delay) } ?? delay }

    /// At or below this runtime at the present load the host shuts down.
    public var lowRuntime: Duration { hostShutdownTime * 3 / 2 }
    /// At or below this runtime the battery counts as low.
    public var lowBatteryRuntime: Duration { hostShutdownTime * 2 }

    public func isLow(charge: Int?, runtime: Duration?) -> Bool {
        (charge.map { $0 <= lowChargePercent } ?? false)
            || (runtime.map { $0 <= lowBatteryRuntime } ?? false)
    }
}

/// When the UPS is told to cut its output behind a host that powers off. (`shutdown.cutOutput`)
public enum CutOutput: String, CaseIterable, Sendable {
    case never, onBattery, always
}
