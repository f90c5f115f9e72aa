// The command `set`: one setting of the UPS is written, read back and compared. Nothing else
// writes.

/// A change on its way.
struct PendingChange: Sendable {
    let change: SettingChange
    let before: Setting
    let command: Command
    let ticket: Ticket
    /// The UPS has answered, or not: now it is asked what holds.
    var isWritten = false
}

/// What was asked since the link was there.
struct AskedSettings: Sendable {
    static let mostMisses = 3

    var hasAll = false
    var misses = 0
}

extension Watch {
    /// The other settings are asked for once the UPS has shown that it has any.
    mutating func take(_ setting: Setting, for request: Request, at now: BootTime) {
        guard let name = SettingName(request) else { return }
        let isFirst = name == .maximumBackupTime && !settingsAsked.hasAll
        settings[name] = setting
        if name == .maximumBackupTime {
            // The device's own limit counts where it is the smaller one.
            controller.reconfigure(effectivePolicy, statusInterval: setup.intervals.status)
            controller.shorten(to: effectivePolicy)
        }
        if isFirst {
            settingsAsked.hasAll = true
            for other in SettingName.allCases where other != name { poller.ask(other.request) }
        }
        if pendingChange?.change.name == name { follow(setting, at: now) }
    }

    mutating func change(
        _ name: SettingName, to value: Int?, _ command: Command, _ ticket: Ticket, at now: BootTime
    ) {
        if let known = controller.answers.result(of: command) {
            return answers.post(known, for: ticket)
        }
        if let result = immediateResult(name, value, command, at: now) {
            return answer(result, command, ticket, at: now)
        }
        guard let before = settings[name] else { return }
        let change = SettingChange(name, isEnabled: value != nil, value: value ?? before.value)
        pendingChange = PendingChange(
            change: change, before: before, command: command, ticket: ticket)
        poller.write(change)
    }

    /// Nil: it may be written.
    private func immediateResult(
        _ name: SettingName, _ value: Int?, _ command: Command, at now: BootTime
    ) -> CommandResult? {
        guard command.origin == .control else {
            return .refused("Settings are changed through the control socket only.")
        }
        guard controller.link(at: now) == .ok else {
            return .refused("The link to the UPS is not there.")
        }
        guard controller.isIdle else { return .refused("There is an outage.") }
        guard drill == nil else { return .refused("A drill is running.") }
        guard !measurement.isRunning else { return .refused("A measurement is running.") }
        guard pendingChange == nil else { return .refused("Another setting is being changed.") }
        guard !poller.hasOrders else { return .refused("The settings are still being read.") }
        guard let present = settings[name] else {
            return .refused("This UPS does not have the setting \(name.rawValue).")
        }
        if let value, !(present.minimum...max(present.minimum, present.maximum)).contains(value) {
            let (least, most) = (present.minimum, name.text(present.maximum))
            return .refused("\(name.rawValue) takes \(least) to \(most), not \(value).")
        }
        guard present.effective != value else {
            return .accepted("\(name.rawValue) already is \(name.text(value)).")
        }
        return nil
    }

    private mutating func follow(_ setting: Setting, at now: BootTime) {
        guard let pending = pendingChange else { return }
        guard pending.isWritten else { return readBack(pending.change.name) }
        let name = pending.change.name
        let wanted = pending.change.isEnabled ? pending.change.value : nil
        guard setting.effective == wanted else {
            let present = name.text(setting.effective)
            let text = "The UPS did not take it: \(name.rawValue) is \(present)."
            return endChange(.refused(text), at: now)
        }
        let before = name.text(pending.before.effective)
        let text = "\(name.rawValue) of the UPS is now \(name.text(wanted)), it was \(before)."
        announce(.warning, text, incident: nil, at: now)
        endChange(.accepted(text), at: now)
    }

    private mutating func readBack(_ name: SettingName) {
        pendingChange?.isWritten = true
        poller.ask(name.request)
    }

    /// The request got no answer. A write may have been heard all the same, and so is read back.
    mutating func missedSetting(_ request: Request, isRefused: Bool, at now: BootTime) {
        guard let pending = pendingChange, pending.change.name.request == request else {
            return askAgain(request, unless: isRefused)
        }
        if isRefused {
            endChange(.refused("The UPS does not accept this change."), at: now)
        } else if pending.isWritten {
            let text = "The UPS did not answer; the setting may have been changed."
            endChange(.refused(text), at: now)
        } else {
            readBack(pending.change.name)
        }
    }

    /// Settings are asked once, so an answer that got lost has to be asked for again.
    private mutating func askAgain(_ request: Request, unless isRefused: Bool) {
        guard !isRefused, SettingName(request) != nil else { return }
        guard settingsAsked.misses < AskedSettings.mostMisses else { return }
        settingsAsked.misses += 1
        poller.ask(request)
    }

    mutating func loseSettingsLink(at now: BootTime) {
        settingsAsked = AskedSettings()
        guard pendingChange != nil else { return }
        let text = "The link was lost; the setting may have been changed."
        endChange(.refused(text), at: now)
    }

    private mutating func endChange(_ result: CommandResult, at now: BootTime) {
        guard let pending = pendingChange else { return }
        pendingChange = nil
        answer(result, pending.command, pending.ticket, at: now)
    }
}
