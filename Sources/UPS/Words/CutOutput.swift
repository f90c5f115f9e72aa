// A word of the configuration: when the UPS is told to cut its output.

/// When the UPS is told to cut its output behind a host that powers off. (`shutdown.cutOutput`)
public enum CutOutput: String, CaseIterable, Sendable {
    case never, onBattery, always
}
