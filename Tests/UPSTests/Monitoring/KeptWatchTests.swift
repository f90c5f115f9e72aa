// Rule 13: what a restart of the daemon finds, and what it gives up.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct KeptWatchTests {
    // MARK: Dry and real

    private func committed(dryRun: Bool) -> Decision {
        let decision = Decision.onBattery { policy in
            policy.dryRun = dryRun
            policy.steps = 2
        }
        decision.stay(until: 1015)
        decision.reconfigure { $0.dryRun = !dryRun }
        decision.forget()
        decision.restart(after: .seconds(1))
        return decision
    }

    /// A dry commit is decided anew: with a look, and for real.
    @Test func aDryCommitIsDecidedAnew() {
        let decision = committed(dryRun: true)
        decision.take(.tick)
        #expect(!decision.controller.isCommitted && decision.asksStatus)
        decision.failing()
        #expect(decision.events == ["run(0)", "shutdown_committed"])
        #expect(decision.commitReason == .time)
        let silent = committed(dryRun: true)
        silent.silence(until: 1018)
        #expect(silent.events.first == "run(0)")
    }

    @Test func aDryCommitOfAnOutageThatIsOver() {
        let decision = committed(dryRun: true)
        decision.take(.tick)
        decision.good(2)
        #expect(decision.phase == .idle && !decision.events.contains("run(0)"))
    }

    @Test func aDryCommitOfARequest() {
        let set = Decision.present.union(.shutdownSet)
        let decision = Decision.onLine { $0.dryRun = true }
        decision.status(set, 2)
        decision.stay(set, until: 1015)
        #expect(decision.commitReason == .upsRequest)
        decision.reconfigure { $0.dryRun = false }
        decision.restart(after: .seconds(1))
        decision.forget()
        decision.status(set)
        #expect(decision.events == ["run(0)", "sync", "shutdown_committed"])
    }

    /// A dry daemon runs nothing, whoever has committed, and takes back what others were told.
    @Test func aRealCommitFoundByADryDaemon() {
        let decision = committed(dryRun: false)
        #expect(decision.events == ["withdraw"])
        decision.forget()
        decision.stay(until: 1100)
        #expect(!decision.events.contains { $0.hasPrefix("run") })
        #expect(decision.controller.committedShutdown == nil)
        decision.good(2)
        #expect(decision.phase == .idle && !decision.controller.hasFailed)
    }

    // MARK: Dropped

    /// No UPS of 60 s feeds a host that long.
    @Test func aDroppedCommitIsWithdrawn() {
        let decision = Decision.onBattery()
        decision.stay(until: 1015)
        decision.forget()
        decision.restart(after: .seconds(200))
        #expect(decision.events == ["withdraw", "warning"])
        #expect(decision.phase == .idle)
        let dry = Decision.onBattery { $0.dryRun = true }
        dry.stay(until: 1015)
        dry.forget()
        dry.restart(after: .seconds(200))
        #expect(dry.events == ["warning"], "nobody was told")
    }

    @Test(arguments: [true, false])
    func aDroppedOutageDoesNotCountOn(isCommitted: Bool) {
        let post = Post()
        post.power(Post.absent, for: .seconds(isCommitted ? 20 : 5))
        #expect(post.runs == isCommitted)
        let before = post.snapshot.history.onBatteryInAll(at: post.now)
        post.skip(.seconds(1000))
        post.restart()
        #expect(post.snapshot.history.onBattery(at: post.now) == .zero)
        #expect(post.shutdown.phase == .idle && !post.watch.kept.history.isOnBattery)
        post.power(Post.present, for: .seconds(100))
        let after = post.snapshot.history.onBatteryInAll(at: post.now)
        // Until the last reading that was seen, and the first of the new daemon's.
        #expect(after > before - .milliseconds(200) && after < before + .seconds(2))
        #expect(post.snapshot.powerPresent == true)
    }

    /// One that goes on counts on.
    @Test func anOutageThatGoesOn() {
        let post = Post()
        post.power(Post.absent, for: .seconds(5))
        let (incident, deadline) = (post.shutdown.incident, post.shutdown.deadline)
        post.skip(.seconds(2))
        post.restart()
        #expect(post.shutdown.incident == incident && post.shutdown.deadline == deadline)
        #expect(post.snapshot.history.failures == 1)
        let time = post.snapshot.history.onBattery(at: post.now)
        #expect(time > .milliseconds(6900) && time <= .seconds(7))
        post.run(for: .seconds(9))
        #expect(post.runs)
    }

    // MARK: Records

    @Test func ofAnotherBoot() {
        let post = Post()
        _ = post.submit(.delay(seconds: 30))
        post.power(Post.absent, for: .seconds(5))
        let installation = Installation(host: "host", version: "1", started: post.now)
        var watch = Watch(
            Watch.Setup(), installation: installation, boot: BootID(high: 1, low: 2),
            kept: post.watch.kept, at: post.now)
        watch.advance(to: post.now)
        let snapshot = watch.snapshot(at: post.now, wall: WallTime(nanoseconds: 0))
        #expect(snapshot.shutdown.phase == .idle && snapshot.history == PowerHistory())
        #expect(snapshot.shutdown.delay == .seconds(15))
    }

    /// Whole, and with the words of another version at its beginning.
    private func otherVersion(_ bytes: [UInt8]) -> [UInt8] {
        var words = KeptWords()
        for start in stride(from: 0, to: bytes.count - 8, by: 8) {
            let word = (0..<8).reduce(Int64(0)) { $0 | Int64(bytes[start + $1]) << (8 * Int64($1)) }
            words.put(start == 0 ? word + 1 : word)
        }
        return words.sealed(length: bytes.count)
    }

    @Test func ofAnotherVersion() {
        let post = Post()
        _ = post.submit(.delay(seconds: 30), id: "a")
        let state = post.watch.kept.encoded(sequence: 1)
        #expect(KeptState(state) != nil && KeptState(otherVersion(state)) == nil)
        var words = KeptWords()
        post.watch.keptAnswers.encode(boot: Decision.boot, to: &words)
        let answers = words.sealed(length: AnswerMemory.length)
        #expect(AnswerMemory(answers, boot: Decision.boot) == post.watch.keptAnswers)
        #expect(AnswerMemory(otherVersion(answers), boot: Decision.boot) == nil)
        #expect(AnswerMemory(answers, boot: BootID(high: 1, low: 2)) == nil)
        let sibling = BootID(high: Decision.boot.high, low: 1)
        #expect(AnswerMemory(answers, boot: sibling) == nil)
        #expect(AnswerMemory(state, boot: Decision.boot) == nil)
    }

    /// 64 answers with the longest of messages fit, and come back in their order.
    @Test func aFullMemory() {
        var memory = AnswerMemory()
        let message = String(repeating: "ß", count: 200)
        for id in 0..<70 {
            let result = CommandResult(
                isAccepted: id.isMultiple(of: 2), message: Message(message),
                deadline: id.isMultiple(of: 3) ? nil : BootTime(.seconds(id)))
            memory.remember(result, of: Command(.cancel, from: .control, id: "\(id)"))
        }
        var words = KeptWords()
        memory.encode(boot: Decision.boot, to: &words)
        let back = AnswerMemory(words.sealed(length: AnswerMemory.length), boot: Decision.boot)
        #expect(back?.changes == 70)
        for id in 6..<70 {
            let command = Command(.cancel, from: .mqtt, id: "\(id)")
            let (result, was) = (back?.result(of: command), memory.result(of: command))
            #expect(result?.isAccepted == was?.isAccepted && result?.deadline == was?.deadline)
            #expect(result?.message.text == String(repeating: "ß", count: 128))
        }
        #expect(back?.result(of: Command(.cancel, from: .mqtt, id: "5")) == nil)
    }
}
