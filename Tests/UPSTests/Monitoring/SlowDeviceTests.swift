// The invariants: what a device tells is known within a bounded time, however slow its answers are.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct SlowDeviceTests {
    private static let limit = Setting(
        minimum: 0, maximum: 99, default: 60, isEnabled: true, value: 30)

    static func post(_ milliseconds: Int, _ intervals: PollIntervals) -> Post {
        var setup = Watch.Setup()
        setup.intervals = intervals
        let post = Post(setup, settings: [.maximumBackupTime: SlowDeviceTests.limit])
        post.closePort()
        post.exchange = .milliseconds(milliseconds)
        post.run(for: .seconds(5))
        post.openPort()
        return post
    }

    static let all = [
        PollIntervals(), PollIntervals(status: .zero),
        PollIntervals(status: .milliseconds(500), timeout: .seconds(2)),
    ]

    @Test(arguments: [1, 4, 20], all)
    func everyValueIsKnown(milliseconds: Int, intervals: PollIntervals) {
        let post = SlowDeviceTests.post(milliseconds, intervals)
        // Each of 23 requests and a status between them, three times over.
        post.run(for: .milliseconds(23 * 2 * milliseconds * 3 + 2000))
        let snapshot = post.snapshot
        #expect(snapshot.reading.batteryCharge == 100, "of the values")
        #expect(snapshot.reading.capacitance != nil, "of the slow ones")
        #expect(snapshot.settings[.maximumBackupTime] != nil && snapshot.identity.series != nil)
        #expect(snapshot.link == .ok)
    }

    @Test(arguments: [1, 4, 20, 50, 60, 100, 250, 490], all)
    func itsOutageIsSeen(milliseconds: Int, intervals: PollIntervals) {
        let post = SlowDeviceTests.post(milliseconds, intervals)
        post.run(for: .seconds(10))
        post.forget()
        post.power(Post.absent, for: .milliseconds(600 + 4 * milliseconds))
        #expect(post.shutdown.phase == .pending)
        post.power(Post.present, for: .milliseconds(600 + 4 * milliseconds))
        #expect(post.shutdown.phase == .idle && !post.runs)
        #expect(post.names.filter { $0 == "link_lost" } == [])
    }

    /// On battery each cell is read every two seconds, and the charge as often as ever, as long as
    /// the line has room for both; cells that are not told cost nothing more.
    @Test(arguments: [(4, 10), (20, 10), (100, 1), (250, 0)])
    func cellsOnBattery(milliseconds: Int, least: Int) {
        let post = SlowDeviceTests.post(milliseconds, PollIntervals())
        post.run(for: .seconds(60))
        func counts(_ status: [UInt8]) -> (cells: [Int], charges: Int) {
            post.power(status, for: .seconds(5))
            post.forget()
            post.power(status, for: .seconds(20))
            return (Request.cells.map(post.count), post.count(.charge))
        }
        let before = counts(Post.present)
        #expect(before.cells.allSatisfy { $0 <= 3 })
        let after = counts(Post.absent)
        #expect(after.cells.allSatisfy { (least...12).contains($0) }, "\(after)")
        #expect(after.charges >= before.charges - 1, "\(before), \(after)")
        post.mute = [.cell3, .cell4]
        post.run(for: .seconds(60))
        #expect(counts(Post.absent).cells[2...].allSatisfy { $0 <= 4 })
    }
}
