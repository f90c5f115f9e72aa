// The command `set`: one setting of the UPS is written, read back and compared. Nothing else
// writes.

import Bicker
import UPS

/// A change on its way.
struct PendingChange: Sendable {
    let change: SettingChange
    let before: Setting
    var pending: PendingCommand
    /// From now on the UPS may have heard it.
    var isSent = false
    /// The UPS has answered, or not: now it is asked what holds.
    var isWritten = false
}

extension Watch {
    /// It was told twice alike, and so it holds.
    mutating func believe(_ setting: Setting, for request: Request) {
        guard let name = SettingName(request) else { return }
        settings[name] = setting
        guard name == .maximumBackupTime else { return }
        // The device's own limit counts where it is the smaller one.
        controller.configured = effectivePolicy
        if let limit = deviceLimit { controller.shorten(to: limit) }
    }

    mutating func change(
        _ name: SettingName, to value: Int?, _ pending: PendingCommand, at now: BootTime
    ) {
        if let result = immediateResult(name, value, pending.command, at: now) {
            return answer(result, pending, at: now)
        }
        guard let before = settings[name] else { return }
        let change = SettingChange(name, isEnabled: value != nil, value: value ?? before.value)
        pendingChange = PendingChange(change: change, before: before, pending: pending)
        poller.write(change)
    }

    /// Why nothing may be written now; nil: it may.
    func changeRefusal(at now: BootTime) -> Message? {
        guard controller.link(at: now) == .ok else { return "The link to the UPS is not there." }
        guard controller.isIdle else { return "There is an outage." }
        guard drill == nil else { return Message(.drillRuns) }
        return isMeasuring ? "A measurement is running." : nil
    }

    /// Nil: it is to be written.
    private func immediateResult(
        _ name: SettingName, _ value: Int?, _ command: Command, at now: BootTime
    ) -> CommandResult? {
        guard command.origin == .control else {
            return .refused("Settings are changed through the control socket only.")
        }
        if let refusal = changeRefusal(at: now) { return .refused(refusal) }
        guard pendingChange == nil else { return .refused("Another setting is being changed.") }
        guard let present = settings[name] else {
            guard poller.hasGivenUp(name.request) else {
                return .refused("The settings are still being read.")
            }
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

    /// Answers to the change: each as it comes, because what was written is told once by the answer
    /// to that, and once when it is read back.
    mutating func follow(_ setting: Setting, for request: Request, at now: BootTime) {
        guard let pending = pendingChange, pending.change.name.request == request else { return }
        guard pending.isWritten else { return readBack(pending.change.name) }
        let name = pending.change.name
        let wanted = pending.change.isEnabled ? pending.change.value : nil
        guard setting.effective == wanted else {
            let present = name.text(setting.effective)
            let text: Message = "The UPS did not take it: \(name.rawValue) is \(present)."
            return endChange(.refused(text), at: now)
        }
        beliefs.accept(.setting(setting), to: request)
        believe(setting, for: request)
        let before = name.text(pending.before.effective)
        let text: Message =
            "\(name.rawValue) of the UPS is now \(name.text(wanted)), it was \(before)."
        announce(.warning, text, incident: nil, at: now)
        endChange(.accepted(text), at: now)
    }

    private mutating func readBack(_ name: SettingName) {
        pendingChange?.isWritten = true
        poller.ask(name.request)
    }

    /// The request got no answer. A write may have been heard all the same, and so is read back.
    mutating func missedSetting(_ request: Request, isRefused: Bool, at now: BootTime) {
        guard let pending = pendingChange, pending.change.name.request == request else { return }
        if isRefused {
            endChange(.refused("The UPS does not accept this change."), at: now)
        } else if pending.isWritten {
            let text: Message = "The UPS did not answer; the setting may have been changed."
            endChange(.refused(text), at: now)
        } else {
            readBack(pending.change.name)
        }
    }

    mutating func endChange(_ result: CommandResult, at now: BootTime) {
        guard let change = pendingChange else { return }
        pendingChange = nil
        answer(result, change.pending, at: now)
    }
}
