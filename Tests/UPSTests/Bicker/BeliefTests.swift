// What one answer alone does not change.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct BeliefTests {
    private static func capacitance(_ millifarads: Int) -> Reply {
        .capacitance(Capacitance(millifarads: millifarads))
    }

    @Test func whatMustBeToldTwice() {
        for request in Request.identity + Request.settings + [.capacitance, .esr] {
            #expect(Beliefs.areNeeded(for: request), "\(request)")
        }
        for request in Request.values + [.deviceStatus, .cell1, .alarms, .temperature] {
            #expect(!Beliefs.areNeeded(for: request), "\(request)")
        }
    }

    /// Neither the first one nor the next ones: until two are alike.
    @Test func nothingIsBelievedAtOnce() {
        var beliefs = Beliefs()
        #expect(beliefs.take(.text("A"), to: .series) == .zero)
        #expect(beliefs[.series] == nil)
        #expect(beliefs.take(.text("B"), to: .series) == .zero)
        #expect(beliefs[.series] == nil)
        #expect(beliefs.take(.text("B"), to: .series) == nil)
        #expect(beliefs[.series] == .text("B"))
        #expect(beliefs[.serial] == nil, "each for itself")
    }

    @Test func aWrongAnswerChangesNothing() {
        var beliefs = Beliefs()
        for _ in 1...2 { _ = beliefs.take(.text("A"), to: .series) }
        for _ in 1...3 {
            #expect(beliefs.take(.text("B"), to: .series) == .zero)
            #expect(beliefs[.series] == .text("A"))
            #expect(beliefs.take(.text("A"), to: .series) == nil, "it needs no second one")
        }
        for _ in 1...2 { #expect(beliefs.take(.text("B"), to: .series) == .zero) }
        #expect(beliefs.take(.text("B"), to: .series) == nil, "three times in a row")
        #expect(beliefs[.series] == .text("B"))
    }

    /// Two wrong answers that differ do not fill the line: from the fourth on, one a second.
    @Test func whatDiffersEachTime() {
        var beliefs = Beliefs()
        let pauses = (1...5).map { beliefs.take(.milliohms($0 * 100), to: .esr) }
        let expected = [Duration.zero, .zero, .zero, .seconds(1), .seconds(1)]
        #expect(pauses == expected)
    }

    /// Measured values may move by a tenth; not measured is no value near another.
    @Test(
        arguments: [
            (capacitance(10_000), capacitance(9_000), true),
            (capacitance(10_000), capacitance(8_999), false),
            (capacitance(9_000), capacitance(10_000), true),
            (.milliohms(30), .milliohms(27), true), (.milliohms(30), .milliohms(26), false),
            (.capacitance(nil), .capacitance(nil), true),
            (capacitance(500), .capacitance(nil), false), (.milliohms(nil), .milliohms(1), false),
        ] as [(Reply, Reply, Bool)])
    func whatIsAlike(one: Reply, other: Reply, areAlike: Bool) {
        var beliefs = Beliefs()
        let request = if case .milliohms = one { Request.esr } else { Request.capacitance }
        _ = beliefs.take(one, to: request)
        #expect((beliefs.take(other, to: request) == nil) == areAlike)
    }

    /// It is not shown, and the last one that was believed is what is decided on.
    @Test func aDoubtedValueIsHidden() {
        let post = Post()
        post.run(for: .seconds(1))
        #expect(post.snapshot.reading.capacitance != nil)
        var farads: UInt8 = 0
        post.willAnswer = { post, request in
            guard request == .capacitance else { return }
            farads = farads % 100 + 40
            post.payloads[.capacitance] = [farads, 0]
        }
        post.run(for: .seconds(11))
        #expect(post.count(.capacitance) > 1)
        #expect(post.snapshot.reading.capacitance == nil)
        #expect(post.watch.beliefs[.capacitance]?.capacitance?.millifarads == 25_000)
    }
}
