// Plays a power failure through the decision, in memory and in no time, when the daemon starts.
// What has run once stays in memory (see MemoryLock), so that the real one needs nothing from a
// disk.

import Monitoring
import Platform
import Simulator
import UPS

enum Rehearsal {
    private static let failsAfter = Duration.milliseconds(300)
    private static let longest = Duration.seconds(10)

    /// What would be ordered. Nil: nothing was, which is a fault of this program.
    static func run(_ setup: Watch.Setup, boot: BootID) -> CommittedShutdown? {
        var setup = setup
        setup.policy.byTime = true
        setup.policy.dryRun = false
        setup.policy.delay = ShutdownPolicy.shortestDelay
        let start = BootClock.now()
        let installation = Installation(host: "", version: "", started: start)
        var watch = Watch(setup, installation: installation, boot: boot, at: start)
        var ups = SimulatedUPS(pace: .none, at: start)
        var underWay: [SimulatedUPS.Delivery] = []
        var now = start
        watch.portOpened(at: now)
        while now - start < longest {
            while let action = watch.nextAction() {
                switch action {
                case .send(let bytes): underWay += ups.receive(bytes, at: now)
                case .runShutdown: return watch.committedShutdown
                case .drain, .sync, .withdrawShutdown, .keep: break
                }
            }
            // A pause of nothing would never end.
            let next = underWay.first?.time ?? watch.nextWake(at: now) ?? now
            now = max(next, now + .milliseconds(1))
            if now - start >= failsAfter, ups.isPowered { ups.setPower(false, at: now) }
            while let delivery = underWay.first, delivery.time <= now {
                watch.received(delivery.bytes, at: now)
                underWay.removeFirst()
            }
            watch.advance(to: now)
        }
        return nil
    }
}
