// The settings of the UPS by name: read now and then, and written only by the command `set`.

/// What can be set. Source: NUT `drivers/bicker_ser.c`, the Bicker UPSI manuals.
public enum SettingName: String, CaseIterable, Hashable, Sendable {
    /// Less output current than this on battery: the host counts as off. (mA)
    case loadSensor
    /// The UPS cuts its output after so long on battery. (s)
    case maximumBackupTime
    /// The relay asks the host to shut down after so long on battery. (s)
    case shutdownTimer
    /// How long the output stays off before it returns. (s)
    case restartDelay
    /// The charge at which the output is given free. (%)
    case minimumCharge
    /// As `shutdownTimer`, while the ignition input is on. (s)
    case ignitionTimer
    /// The relay asks the host to shut down at this charge. (%)
    case shutdownCharge
    /// The relay calls the battery empty at this charge. (%)
    case emptyCharge
    /// What the relay says, 1 to 5.
    case relayMode

    /// Empty: a plain number.
    public var unit: String {
        switch self {
        case .loadSensor: "mA"
        case .maximumBackupTime, .shutdownTimer, .restartDelay, .ignitionTimer: "s"
        case .minimumCharge, .shutdownCharge, .emptyCharge: "%"
        case .relayMode: ""
        }
    }

    /// `30 s`, or `off`.
    public func text(_ value: Int?) -> String {
        guard let value else { return "off" }
        return unit.isEmpty ? "\(value)" : "\(value) \(unit)"
    }
}

/// One setting with its limits. Source: NUT `drivers/bicker_ser.c`.
public struct Setting: Equatable, Sendable {
    public let minimum: Int
    public let maximum: Int
    public let `default`: Int
    public let isEnabled: Bool
    public let value: Int

    public init(minimum: Int, maximum: Int, default: Int, isEnabled: Bool, value: Int) {
        self.minimum = minimum
        self.maximum = maximum
        self.`default` = `default`
        self.isEnabled = isEnabled
        self.value = value
    }

    /// Nil: it is switched off.
    public var effective: Int? { isEnabled ? value : nil }
}
