// What crosses threads: the newest snapshot down to the sinks, submissions up to the Monitor.
// Each lock is held for a copy, never while something is encoded or called.

public import Monitoring
public import Platform
import Synchronization
public import UPS

public final class Bulletin: Sendable {
    /// More commands than this are refused before they are taken.
    private static let capacity = 64
    /// A Monitor that has not turned for this long does not decide any more.
    private static let tickLimit = Duration.seconds(2)

    private struct Inbox {
        var submissions: [(ticket: Ticket, submission: Submission)] = []
        var setup: Watch.Setup?
        var ticket: Ticket = 0
    }

    private let newest: Mutex<Snapshot>
    private let inbox = Mutex(Inbox())
    private let wakeup: WakeDescriptor

    public init(_ first: Snapshot, wakeup: WakeDescriptor) {
        newest = Mutex(first)
        self.wakeup = wakeup
    }

    // MARK: For the sinks, from any thread

    public var uplink: Uplink {
        Uplink(latest: { self.latest() }, submit: { self.submit($0) })
    }

    /// The newest snapshot, its time moved to now, so that ages and countdowns are right.
    func latest() -> Snapshot {
        var snapshot = newest.withLock { $0 }
        snapshot.time = BootClock.now()
        snapshot.wall = BootClock.wall()
        snapshot.utcOffset = BootClock.utcOffset(at: snapshot.wall)
        return snapshot
    }

    public func submit(_ submission: Submission) -> Ticket? {
        let ticket: Ticket? = inbox.withLock { inbox in
            guard inbox.submissions.count < Bulletin.capacity else { return nil }
            inbox.ticket += 1
            inbox.submissions.append((inbox.ticket, submission))
            return inbox.ticket
        }
        if ticket != nil { wakeup.wake() }
        return ticket
    }

    /// True while the deciding loop turns.
    public func isTicking() -> Bool {
        let last = newest.withLock { $0.time }
        return BootClock.now() - last < Bulletin.tickLimit
    }

    /// A configuration that was read again; the Monitor takes the newest one.
    public func reconfigure(_ setup: Watch.Setup) {
        inbox.withLock { $0.setup = setup }
        wakeup.wake()
    }

    // MARK: For the Monitor

    func publish(_ snapshot: Snapshot) {
        newest.withLock { $0 = snapshot }
    }

    func takeSubmissions() -> [(ticket: Ticket, submission: Submission)] {
        inbox.withLock { inbox in
            defer { inbox.submissions.removeAll(keepingCapacity: true) }
            return inbox.submissions
        }
    }

    func takeSetup() -> Watch.Setup? {
        inbox.withLock { $0.setup.take() }
    }
}
