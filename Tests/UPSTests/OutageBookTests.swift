// The past outages: what each event means for them, and that they stay within their limit.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct OutageBookTests {
    private func only(_ post: Post) throws -> PastOutage {
        #expect(post.watch.outages.outages.count == 1)
        return try #require(post.watch.outages.outages.last)
    }

    @Test func powerThatReturns() throws {
        let post = Post()
        post.payloads[.charge] = [71]
        post.power(Post.absent, for: .seconds(5))
        let open = try only(post)
        #expect(open.to == nil && open.end == nil && !open.isDrill && !open.isDryRun)
        post.payloads[.charge] = [80]
        post.power(Post.present, for: .seconds(10))
        let outage = try only(post)
        let length = try #require(outage.to) - outage.from
        #expect(outage.end == .returned && outage.reason == nil && outage.lowestCharge == 71)
        #expect((.seconds(4)...Duration.seconds(6)).contains(length))
    }

    /// A return within returnHold ends nothing.
    @Test func flapping() throws {
        let post = Post()
        for _ in 0..<4 {
            post.power(Post.absent, for: .seconds(2))
            post.power(Post.present, for: .seconds(1))
        }
        post.power(Post.absent, for: .seconds(1))
        #expect(try only(post).to == nil && only(post).end == nil)
        post.power(Post.present, for: .seconds(10))
        #expect(try only(post).end == .returned)
    }

    @Test(arguments: [false, true])
    func committed(isDry: Bool) throws {
        var setup = Watch.Setup()
        setup.policy.dryRun = isDry
        setup.policy.delay = .seconds(3)
        let post = Post(setup)
        post.power(Post.absent, for: .seconds(5))
        let outage = try only(post)
        #expect(outage.end == .committed && outage.reason == .time && outage.isDryRun == isDry)
        #expect(post.watch.outages.outages.allSatisfy { !$0.isDrill })
        post.power(Post.present, for: .seconds(10))
        #expect(try only(post).end == .committed && only(post).to != nil)
    }

    @Test func aDrill() throws {
        let post = Post()
        #expect(post.submit(.drill(seconds: 3))?.isAccepted == true)
        post.run(for: .seconds(15))
        let outage = try only(post)
        #expect(outage.isDrill && outage.end == .returned && !outage.isDryRun)
    }

    @Test func theOldestGo() {
        var book = OutageBook()
        for number in 1...OutageBook.capacity + 5 {
            let incident = IncidentID(boot: Decision.boot, number: number)
            let event = Event(
                number: 1, name: .powerFail, time: BootTime(.seconds(number)), incident: incident,
                text: "")
            book.take(event, isDrill: false, reason: nil, isDry: false)
        }
        #expect(book.outages.count == OutageBook.capacity)
        #expect(book.outages.first?.from == BootTime(.seconds(6)))
        #expect(OutageBook(book.outages + book.outages).outages == book.outages)
    }

    @Test func whatIsLearntLater() {
        let past = PastOutage(incident: "a-1", from: BootTime(.seconds(-100)))
        var book = OutageBook([past])
        book.correct("a-2", end: .forced)
        #expect(book.outages == [past])
        book.correct("a-1", end: .forced)
        #expect(book.outages.first?.end == .forced)
    }
}
