// What the settings of the simulated UPS do. Source: NUT `docs/man/bicker_ser.txt`.

import Bicker
internal import UPS

extension SimulatedUPS {
    /// How long the output stays off before it returns.
    var restartDelay: Duration { effective(.restartDelay) ?? SimulatedUPS.usualRestartDelay }

    private static let usualRestartDelay = Duration.seconds(8)
    private static let sensorTime = Duration.seconds(2)

    private func effective(_ name: SettingName) -> Duration? {
        settings[name]?.effective.flatMap { $0 > 0 ? .seconds($0) : nil }
    }

    /// The output goes off after the maximum backup time, or when the host takes so little that it
    /// counts as off. It comes back after the restart delay with power and the minimum charge.
    mutating func actOnSettings(at now: BootTime) {
        guard actsOnSettings else { return }
        let since = now - powerChanged
        if isPowered {
            let least = settings[.minimumCharge]?.effective ?? 0
            if isSwitchedOff, since >= restartDelay, percent >= least { isSwitchedOff = false }
            return
        }
        if let limit = effective(.maximumBackupTime), since >= limit { isSwitchedOff = true }
        if let least = settings[.loadSensor]?.effective, since >= SimulatedUPS.sensorTime,
            loadAmperes * 1000 < Double(least)
        {
            isSwitchedOff = true
        }
    }

    /// Changes outside of the limits are not accepted, and what is always on stays on.
    mutating func reply(to change: SettingChange, _ frame: Frame) -> Frame {
        guard let before = settings[change.name], !unknownRequests.contains(change.name.request),
            (before.minimum...before.maximum).contains(change.value)
        else { return Frame.unsupported }
        let isAlwaysOn = change.name == .emptyCharge || change.name == .relayMode
        let setting = Setting(
            minimum: before.minimum, maximum: before.maximum, default: before.default,
            isEnabled: change.isEnabled || isAlwaysOn, value: change.value)
        if !keepsSettings { settings[change.name] = setting }
        return Frame(
            index: frame.index, command: frame.command, payload: setting.payload(of: change.name))
    }
}
