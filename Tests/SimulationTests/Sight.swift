// What the oracle sees of the daemon: readings, and what it says of its decision.

@testable import UPS

struct Sight {
    struct Commit {
        let time: BootTime
        let reason: Reason
        let cause: Incident.Cause
    }

    var link: Link
    var lastReading: BootTime?
    var deviceStatus: DeviceStatus?
    var deadline: Deadline?
    /// Rule 5, in an outage of the input.
    var latest: BootTime?
    var commit: Commit?
}

extension Watch {
    func sight(at now: BootTime) -> Sight {
        var sight = Sight(
            link: controller.link(at: now), lastReading: controller.lastReading,
            deviceStatus: reading.deviceStatus)
        switch controller.stage {
        case .idle, .confirming, .returned: break
        case .outage(let incident):
            guard incident.cause == .powerFailure else { break }
            sight.latest = incident.latest
            sight.deadline = controller.deadline(at: now)
        case .committed(let commit):
            sight.commit = Sight.Commit(
                time: commit.time, reason: commit.reason, cause: commit.incident.cause)
        }
        return sight
    }
}
