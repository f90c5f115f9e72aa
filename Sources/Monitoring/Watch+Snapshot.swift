// What the sinks see of the Watch. Changes nothing.

import Bicker
public import UPS

extension Watch {
    public func snapshot(at now: BootTime, wall: WallTime) -> Snapshot {
        var snapshot = Snapshot(
            time: now, wall: wall, installation: installation, rating: setup.rating,
            policy: controller.policy)
        snapshot.sequence = sequence
        snapshot.urgentSequence = urgency
        snapshot.link = headline.link
        snapshot.lastReading = controller.lastReading
        snapshot.reading = reading
        snapshot.identity = identity
        snapshot.hasIdentity = hasIdentity
        snapshot.settings = settings
        snapshot.status = headline.status
        snapshot.wasOnBattery = controller.isOnBattery
        snapshot.powerPresent = headline.link == .lost ? nil : !controller.isOnBattery
        snapshot.isLowBattery = controller.isLowBattery
        snapshot.runtime = runtime
        snapshot.shutdown = headline.shutdown
        snapshot.isDrill = headline.isDrill
        snapshot.isMeasuring = headline.isMeasuring
        snapshot.history = history
        snapshot.capacitorsWhenNew = wear.new
        snapshot.isWorn = wear.isWorn
        snapshot.energyIn = energy.input
        snapshot.energyOut = energy.output
        snapshot.problems = problems
        snapshot.missingValues = missingValues
        snapshot.counters = poller.counters
        snapshot.events = events
        snapshot.outages = outages
        snapshot.answers = answers
        return snapshot
    }

    /// Each text was told, or it is known that it is not.
    private var hasIdentity: Bool {
        Request.identity.allSatisfy { beliefs[$0] != nil || poller.hasGivenUp($0) }
    }

    func status(_ link: Link) -> Status {
        if controller.isCommitted { return .shuttingDown }
        if link == .lost { return .commLost }
        guard controller.isOnBattery else { return .online }
        return controller.isLowBattery ? .lowBattery : .onBattery
    }

    func shutdown(at now: BootTime) -> ShutdownState {
        drill?.controller.state(at: now) ?? controller.state(at: now)
    }

    /// What is told at once.
    struct Headline: Equatable, Sendable {
        var link = Link.lost
        var status = Status.commLost
        var shutdown = ShutdownState()
        var isMeasuring = false
        var isDrill = false
        var event: UInt64 = 0
        var answer: Ticket = 0
        /// How often they changed.
        var concerns = 0
    }
}
