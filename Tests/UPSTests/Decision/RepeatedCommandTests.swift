// Rule 9: the same id again has no second effect, whatever lies between the two.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct RepeatedCommandTests {
    /// Delivered again after the drill: the outage is not that drill.
    @Test func inADrillAndThenInAnOutage() throws {
        let post = Post()
        _ = post.submit(.drill(seconds: 10))
        post.run(for: .seconds(2))
        let answer = try #require(post.submit(.cancel, from: .mqtt, id: "a"))
        #expect(answer.isAccepted)
        post.run(for: .seconds(60))
        #expect(!post.snapshot.isDrill)
        post.power(Post.absent, for: .seconds(2))
        #expect(post.submit(.cancel, from: .mqtt, id: "a") == answer)
        #expect(post.shutdown.phase == .pending)
        #expect(post.submit(.cancel, from: .mqtt, id: "b")?.isAccepted == true)
        #expect(post.shutdown.phase == .cancelled, "another id is another command")
    }

    @Test func inAnOutageAndThenInADrill() throws {
        let post = Post()
        post.power(Post.absent, for: .seconds(2))
        let answer = try #require(post.submit(.cancel, id: "a"))
        post.power(Post.present, for: .seconds(10))
        _ = post.submit(.drill(seconds: 10))
        post.run(for: .seconds(2))
        #expect(post.submit(.cancel, id: "a") == answer)
        #expect(post.shutdown.phase == .pending)
    }

    /// What was known before a command in a drill is known after it.
    @Test func aDrillForgetsNothing() throws {
        let post = Post()
        let answer = try #require(post.submit(.delay(seconds: 30), id: "a"))
        _ = post.submit(.drill(seconds: 5))
        post.run(for: .seconds(2))
        #expect(post.submit(.cancel, id: "b")?.isAccepted == true)
        post.run(for: .seconds(30))
        #expect(post.submit(.delay(seconds: 20), id: "c")?.isAccepted == true)
        #expect(post.submit(.delay(seconds: 30), id: "a") == answer)
        #expect(post.shutdown.delay == .seconds(20))
    }

    /// A drill takes a number of its own, so that its name hits no outage.
    @Test func theNameOfADrillHitsNoOutage() throws {
        let post = Post()
        _ = post.submit(.drill(seconds: 10))
        post.run(for: .seconds(2))
        let name = try #require(post.shutdown.incident?.description)
        post.power(Post.absent, for: .seconds(2))
        #expect(!post.snapshot.isDrill)
        #expect(post.shutdown.incident?.description != name)
        #expect(post.submit(.cancel, incident: name)?.isAccepted == false)
        #expect(post.shutdown.phase == .pending)
    }

    @Test(arguments: Origin.allCases, Origin.allCases)
    func fromAnotherConnection(first: Origin, second: Origin) {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        let answer = decision.command(.delay(seconds: 60), from: first, id: "a")
        #expect(answer?.isAccepted == true)
        decision.stay(until: 1003)
        decision.forget()
        #expect(decision.command(.delay(seconds: 60), from: second, id: "a") == answer)
        #expect(decision.deadline?.time == answer?.deadline && decision.events == [])
    }

    @Test(arguments: [Command.Verb.delay(seconds: 60), .cancel])
    func afterARestart(verb: Command.Verb) throws {
        let post = Post(Self.unlimited)
        post.power(Post.absent, for: .seconds(2))
        let answer = try #require(post.submit(verb, from: .mqtt, id: "a"))
        #expect(answer.isAccepted)
        post.restart(Self.unlimited)
        post.run(for: .seconds(2))
        #expect(post.submit(.delay(seconds: 90), id: "b")?.isAccepted == true)
        let deadline = post.shutdown.deadline
        #expect(post.submit(verb, from: .mqtt, id: "a") == answer)
        #expect(post.shutdown.deadline == deadline && post.shutdown.phase == .pending)
    }

    private static let unlimited: Watch.Setup = {
        var setup = Watch.Setup()
        setup.policy.maximumBackupTime = nil
        return setup
    }()

    /// A refusal is an answer as well.
    @Test func aRefusalIsRepeated() {
        let decision = Decision.onLine()
        let refused = decision.command(.cancel, id: "a")
        #expect(refused?.isAccepted == false)
        decision.failing(2)
        decision.forget()
        #expect(decision.command(.cancel, id: "a") == refused)
        #expect(decision.phase == .pending && decision.events == [])
    }

    /// The last 64 are known, and the newest of them always.
    @Test func howManyAreRemembered() {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        var results: [CommandResult?] = []
        func send(_ id: Int) -> CommandResult? {
            decision.command(.delay(seconds: 1000), id: "\(id)")
        }
        for id in 0..<200 {
            results.append(send(id))
            decision.failing(125)
            #expect(send(id) == results[id], "the newest")
        }
        #expect(Set(results.map { $0?.deadline }).count == 200)
        for id in 136..<200 { #expect(send(id) == results[id], "\(id)") }
        #expect(send(135) != results[135])
    }

    /// A command for an outage that is over does nothing to the next one.
    @Test func namedAfterTheEnd() {
        let decision = Decision.onBattery()
        decision.good(2)
        decision.stay(Decision.present, until: 1010)
        let answer = decision.command(.delay(seconds: 30), incident: "1f0c8b52-1")
        #expect(answer?.isAccepted == false && decision.controller.delay == .seconds(15))
    }

    /// Without an id each is a command of its own.
    @Test func withoutAnId() {
        let decision = Decision.onBattery { $0.maximumBackupTime = nil }
        _ = decision.command(.delay(seconds: 60))
        decision.stay(until: 1003)
        #expect(decision.command(.delay(seconds: 60))?.deadline == decision.now + .seconds(60))
    }

    /// What a person cancelled is armed again; what the configuration switched off is not.
    @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
    func aRemoteDelayArms(byTime: Bool, isCancelled: Bool) {
        for origin in [Origin.port, .mqtt, .control] {
            let decision = Decision.onBattery { policy in
                policy.byTime = byTime
                policy.maximumBackupTime = nil
            }
            if isCancelled { _ = decision.command(.cancel) }
            let answer = decision.command(.delay(seconds: 60), from: origin)
            let mayArm = byTime || origin == .control
            #expect(answer?.isAccepted == mayArm)
            #expect((decision.deadline?.reason == .time) == mayArm)
        }
    }
}
