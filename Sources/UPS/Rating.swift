// What the UPS is built for: the configuration group `ups`. Read by the Watch and by the sinks.

public struct Rating: Equatable, Sendable {
    /// Shown instead of the series; empty: the series.
    public var name = ""
    public var inputVoltage = Voltage(volts: 12.4)
    public var batteryVoltage = Voltage(volts: 10.4)
    /// The charge at which the UPS gives its output free again. (%)
    public var powerReturnPercent = 90
    /// The module's DIP-switch timer; nil: it never cuts its output.
    public var maximumBackupTime: Duration? = .seconds(60)
    /// How long the output stays off before it returns.
    public var wakeupDelay = Duration.seconds(8)
    public var maximumAmperes = 5.0
    /// The stack voltage at which the output ends; nil: half of `batteryVoltage`.
    public var cutoffVoltage: Voltage?

    public init() {}

    public var cutoff: Voltage {
        cutoffVoltage ?? Voltage(millivolts: batteryVoltage.millivolts / 2)
    }

    /// What the output can give.
    public var nominalPower: Power {
        Power(watts: inputVoltage.volts * maximumAmperes)
    }
}
