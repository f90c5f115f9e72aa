// When the history is kept: once an hour, before this host goes down, and at the end; never before
// what was kept earlier is in it.

import Glibc
import Report
import Synchronization
import Testing
import UPS

@testable import Web

@Suite struct KeptHistoryTests {
    private final class Store: Sendable {
        let kept = Mutex<[[UInt8]]>([])
        var count: Int { kept.withLock { $0.count } }
    }

    private func fixture(_ store: Store) throws -> Fixture {
        try Fixture { settings in
            settings.keepHistory = { bytes in store.kept.withLock { $0.append(bytes) } }
        }
    }

    @Test func atTheEnd() throws {
        let store = Store()
        let fixture = try fixture(store)
        fixture.change { $0.reading.batteryCharge = 50 }
        fixture.server.restore([])
        fixture.server.stop(within: .seconds(2))
        #expect(store.count == 1)
        var history = History()
        let kept = store.kept.withLock { $0[0] }
        #expect(kept.count > 30)
        let isTaken = history.fill(from: kept, fixture.monitor.uplink.latest())
        #expect(isTaken)
    }

    @Test func notBeforeTheOlderOneIsThere() throws {
        let store = Store()
        let fixture = try fixture(store)
        usleep(1_200_000)
        fixture.change { $0.shutdown.phase = .committed }
        fixture.server.stop(within: .seconds(2))
        #expect(store.count == 0)
    }

    @Test func beforeThisHostGoesDown() throws {
        let store = Store()
        let fixture = try fixture(store)
        fixture.server.restore([])
        fixture.change { $0.shutdown.phase = .committed }
        #expect(fixture.eventually { store.count == 1 })
        usleep(1_200_000)
        #expect(store.count == 1)
    }

    @Test func onceAnHour() {
        var snapshot = FakeMonitor().uplink.latest()
        let started = snapshot.installation.started
        var course = HistoryCourse()
        func isDue(_ seconds: Int) -> Bool {
            snapshot.time = started + .seconds(seconds)
            return course.isDue(snapshot)
        }
        #expect(!isDue(3599))
        #expect(isDue(3600))
        course.kept = started + .seconds(3600)
        #expect(!isDue(3601) && !isDue(7199))
        #expect(isDue(7200))
    }
}
