// Where the numbers come from that hold now: the configuration, also one that was read again, and
// the device's own limit.

import Bicker
public import UPS

extension Watch {
    /// A new configuration; nothing of a running incident changes.
    public mutating func reconfigure(_ setup: Setup, at now: BootTime) {
        newSetup = (setup, controller.incidents)
        self.setup.standingProblems = setup.standingProblems
        controller.configured = effectivePolicy
        turn(at: now)
    }

    mutating func followNewSetup(at now: BootTime) {
        guard let newSetup else { return }
        if let running = controller.runningNumber, running <= newSetup.incident { return }
        self.newSetup = nil
        let hasOtherIntervals = newSetup.setup.intervals != setup.intervals
        setup = newSetup.setup
        poller.ranges = PlausibleRanges(setup.rating)
        guard hasOtherIntervals else { return }
        controller.statusInterval = setup.intervals.status
        poller.close()
        takeOutcomes(at: now)
        poller = Poller(setup.intervals, counted: poller.counters)
        poller.ranges = PlausibleRanges(setup.rating)
        loseCommands(because: "The configuration was read again meanwhile.", at: now)
        if isOpen { poller.open(at: now) }
    }

    /// With the device's own limit where that is the smaller one.
    var effectivePolicy: ShutdownPolicy {
        var policy = (newSetup?.setup ?? setup).policy
        if let device = deviceLimit {
            policy.maximumBackupTime = policy.maximumBackupTime.map { min($0, device) } ?? device
        }
        return policy
    }

    /// After how long on battery the device cuts its output, where it has told that it does.
    var deviceLimit: Duration? {
        guard let setting = settings[.maximumBackupTime], setting.isEnabled, setting.value > 0,
            (setting.minimum...max(setting.minimum, setting.maximum)).contains(setting.value)
        else { return nil }
        return .seconds(setting.value)
    }
}
