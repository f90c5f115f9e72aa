// The invariants: a device that answers its status has readings, whatever else it does.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct PartialDeviceTests {
    enum Others: CaseIterable, Sendable {
        case mute, garbage, unsupported, muteValues, garbageValues

        func prepare(_ post: Post) {
            let isValues = self == .muteValues || self == .garbageValues
            let others = isValues ? Request.values : Request.allCases.filter { $0 != .deviceStatus }
            for request in others {
                switch self {
                case .mute, .muteValues: post.mute.insert(request)
                // Of no length that an answer has.
                case .garbage, .garbageValues: post.payloads[request] = [1, 2, 3, 4, 5, 6, 7]
                case .unsupported: post.payloads[request] = []
                }
            }
        }
    }

    private func post(_ others: Others) -> Post {
        let post = Post()
        post.closePort()
        others.prepare(post)
        post.run(for: .seconds(5))
        post.openPort()
        post.run(for: .seconds(5))
        post.forget()
        return post
    }

    @Test(arguments: Others.allCases)
    func itHasReadings(others: Others) throws {
        let post = post(others)
        for _ in 0..<300 {
            post.run(for: .milliseconds(400))
            let last = try #require(post.snapshot.lastReading)
            #expect(post.now - last < .seconds(2))
            #expect(post.snapshot.link != .lost)
        }
        #expect(!post.names.contains("link_lost"))
    }

    @Test(arguments: Others.allCases)
    func itsOutageAndReturnAreSeen(others: Others) {
        let post = post(others)
        for _ in 0..<3 {
            post.power(Post.absent, for: .seconds(4))
            #expect(post.shutdown.phase == .pending && post.snapshot.powerPresent == false)
            post.power(Post.present, for: .seconds(20))
            #expect(post.shutdown.phase == .idle && post.snapshot.powerPresent == true)
        }
        #expect(!post.runs)
        post.power(Post.absent, for: .seconds(19))
        #expect(post.runs)
    }

    /// Lost answers to the status itself are made up for all the same.
    @Test(arguments: Others.allCases)
    func oneStatusIsLostNowAndThen(others: Others) throws {
        let post = post(others)
        var count = 0
        post.willAnswer = { post, request in
            guard request == .deviceStatus else { return }
            count += 1
            post.mute.remove(.deviceStatus)
            if count.isMultiple(of: 10) { post.mute.insert(.deviceStatus) }
        }
        var longest = Duration.zero
        for _ in 0..<300 {
            post.run(for: .milliseconds(400))
            longest = max(longest, post.now - (post.snapshot.lastReading ?? post.now))
        }
        #expect(longest < .seconds(4))
        #expect(post.shutdown.phase == .idle)
    }

    /// The charge is low, and no other value is told.
    @Test func oneValueIsKnown() {
        let post = Post()
        post.closePort()
        for request in Request.values + Request.slow where request != .charge {
            post.mute.insert(request)
        }
        post.openPort()
        post.run(for: .seconds(20))
        #expect(post.snapshot.reading.batteryCharge == 100)
    }
}
