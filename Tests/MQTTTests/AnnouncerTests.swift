// When Home Assistant is told, and where; without a broker.

import Report
import Synchronization
import Testing

@testable import MQTT
@testable import UPS

struct AnnouncerTests {
    private final class Kept: Sendable {
        let records = Mutex<[HomeAssistantRecord]>([])
    }

    private let kept = Kept()
    private let topic = "homeassistant/device/ups_A1B2/config"

    private func announcer(
        _ record: HomeAssistantRecord = HomeAssistantRecord(),
        _ adjust: (inout Publisher.Settings) -> Void = { _ in }
    ) -> Announcer {
        var settings = Publisher.Settings(id: "workhorse")
        settings.record = record
        adjust(&settings)
        return Announcer(settings) { [kept] record in kept.records.withLock { $0.append(record) } }
    }

    private func snapshot(serial: String? = "A1B2", isComplete: Bool = true) -> Snapshot {
        var snapshot = FakeMonitor().state.withLock { $0.snapshot }
        snapshot.identity.serial = serial
        snapshot.hasIdentity = isComplete
        return snapshot
    }

    /// The topics that are due; with a minus those that are cleared.
    private func due(_ announcer: inout Announcer, _ snapshot: Snapshot) -> [String] {
        announcer.due(snapshot).map { $0.payload.isEmpty ? "-\($0.topic)" : $0.topic }
    }

    @Test func onceOnEachConnection() {
        var announcer = announcer()
        #expect(due(&announcer, snapshot(isComplete: false)).isEmpty)
        #expect(due(&announcer, snapshot()) == [topic])
        #expect(due(&announcer, snapshot()).isEmpty)
        // The link was lost: what is known is known.
        #expect(due(&announcer, snapshot(isComplete: false)).isEmpty)
        announcer.reset()
        #expect(due(&announcer, snapshot(isComplete: false)) == [topic])
        #expect(kept.records.withLock { $0.map(\.topic) } == [topic])
    }

    @Test func whatIsSaidChanges() {
        var announcer = announcer()
        _ = due(&announcer, snapshot())
        var changed = snapshot()
        changed.rating.name = "Rack 3"
        #expect(due(&announcer, changed) == [topic])
        changed.identity.firmware = "2"
        #expect(due(&announcer, changed) == [topic])
        changed.reading.batteryCharge = 3
        #expect(due(&announcer, changed).isEmpty)
    }

    @Test func anotherUPS() {
        var announcer = announcer()
        _ = due(&announcer, snapshot())
        #expect(
            due(&announcer, snapshot(serial: "C3D4"))
                == ["-\(topic)", "homeassistant/device/ups_C3D4/config"])
    }

    @Test func anotherPrefix() {
        var first = announcer()
        _ = due(&first, snapshot())
        let record = kept.records.withLock { $0[0] }
        var second = announcer(record) { $0.discoveryPrefix = "ha" }
        #expect(due(&second, snapshot()) == ["-\(topic)", "ha/device/ups_A1B2/config"])
    }

    @Test func switchedOff() {
        var first = announcer()
        _ = due(&first, snapshot())
        let record = kept.records.withLock { $0[0] }
        var off = announcer(record) { $0.announces = false }
        #expect(due(&off, snapshot(isComplete: false)) == ["-\(topic)"])
        off.reset()
        // Home Assistant warns of clearing what is not there.
        #expect(due(&off, snapshot()).isEmpty)
        #expect(kept.records.withLock { $0.last?.topic } == nil)
        var never = announcer { $0.announces = false }
        #expect(due(&never, snapshot()).isEmpty)
        #expect(never.birthTopic == nil)
    }

    @Test func withoutAName() {
        var announcer = announcer()
        #expect(due(&announcer, snapshot(serial: nil)).isEmpty)
        #expect(due(&announcer, snapshot()) == [topic])
    }

    /// However often it is born, once in ten seconds, and the last one counts.
    @Test func births() {
        var announcer = announcer()
        let start = BootTime(.seconds(100))
        var resent: [Int] = []
        for tenth in 0..<300 {
            let now = start + .milliseconds(100 * tenth)
            if tenth < 150 { announcer.born(at: now, delay: .seconds(2)) }
            if announcer.takeResend(at: now) { resent.append(tenth) }
        }
        #expect(resent == [20, 140, 260])
        announcer.born(at: start + .seconds(60), delay: .seconds(2))
        announcer.reset()
        let isResent = announcer.takeResend(at: start + .seconds(90))
        #expect(!isResent)
    }
}
