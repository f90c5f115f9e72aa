// What an outsider sees of the daemon at one moment.

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

struct Sight {
    let state: ShutdownState
    let lastReading: BootTime?
    let flags: UInt8?
    let link: Link
    /// Nil: nothing is carried out.
    let shutdown: CommittedShutdown?
    /// Since when an answer that is no reading is taken for a possible outage.
    let unproven: BootTime?
    /// The device's own limit, as it was read.
    let limit: Setting?
    let chargeSought: BootTime?
    let chargeIsMissing: Bool
    /// In a commit.
    let isPowerBack: Bool
    let isDrill: Bool
    let cutoff: Voltage
    let intervals: PollIntervals
    let isDryRun: Bool
    let answers: AnswerBoard

    init(_ watch: Watch, at now: BootTime) {
        let controller = watch.controller
        state = controller.state(at: now)
        lastReading = controller.lastReading
        flags = watch.reading.deviceStatus?.rawValue
        link = controller.link(at: now)
        shutdown = controller.committedShutdown
        if case .confirming(let confirmation) = controller.stage, confirmation.count == 0 {
            unproven = confirmation.firstReading
        } else {
            unproven = nil
        }
        isPowerBack = controller.commit?.powerBack != nil
        limit = watch.settings[.maximumBackupTime]
        (chargeSought, chargeIsMissing) = (controller.chargeSought, controller.chargeIsMissing)
        isDrill = watch.drill != nil
        cutoff = watch.setup.rating.cutoff
        intervals = watch.setup.intervals
        isDryRun = controller.policy.dryRun
        answers = watch.answers
    }
}
