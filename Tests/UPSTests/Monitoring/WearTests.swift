// How capacitors age: when values count as those when new, and when the capacitors are at their
// end.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct WearTests {
    private static let new = CapacitorsWhenNew(
        serial: "S1", batteryType: "SUC", capacitance: Capacitance(millifarads: 10_000),
        esrMilliohms: 20)

    private static func identity(_ serial: String?, _ type: String? = "SUC") -> Identity {
        var identity = Identity()
        (identity.serial, identity.batteryType) = (serial, type)
        return identity
    }

    private static func reading(_ millifarads: Int?, _ milliohms: Int?) -> Reading {
        var reading = Reading()
        reading.capacitance = millifarads.map { Capacitance(millifarads: $0) }
        reading.esrMilliohms = milliohms
        return reading
    }

    @Test func twoEqualReadingsAreTheValuesWhenNew() {
        var wear = Wear(nil)
        let identity = WearTests.identity("S1")
        #expect(wear.take(WearTests.reading(9_999, 20), of: identity) == nil)
        #expect(wear.take(WearTests.reading(10_000, 20), of: identity) == nil)
        #expect(wear.take(WearTests.reading(10_000, 20), of: identity) == .begins(WearTests.new))
        #expect(wear.take(WearTests.reading(9_000, 25), of: identity) == nil)
        #expect(wear.new == WearTests.new && !wear.isWorn)
    }

    @Test(
        arguments: [(nil, 20), (10_000, nil), (0, 20), (10_000, 0), (nil, nil)] as [(Int?, Int?)])
    func whatIsNotMeasuredIsNoValue(_ millifarads: Int?, _ milliohms: Int?) {
        var wear = Wear(nil)
        for _ in 0..<5 {
            let reading = WearTests.reading(millifarads, milliohms)
            #expect(wear.take(reading, of: WearTests.identity("S1")) == nil)
        }
        #expect(wear.new == nil)
    }

    @Test(arguments: [
        (10_000, 20, false), (8_000, 40, false), (7_999, 20, true), (10_000, 41, true),
        (12_000, 10, false), (1, 20, true),
    ])
    func limits(_ millifarads: Int, _ milliohms: Int, _ isWorn: Bool) {
        var wear = Wear(WearTests.new)
        let identity = WearTests.identity("S1")
        let reading = WearTests.reading(millifarads, milliohms)
        #expect(wear.take(reading, of: identity) == nil)
        #expect(!wear.isWorn)
        #expect((wear.take(reading, of: identity) != nil) == isWorn)
        #expect(wear.take(reading, of: identity) == nil, "told once")
        #expect(wear.isWorn == isWorn)
    }

    @Test func theTextAndTheReturn() {
        var wear = Wear(WearTests.new)
        let identity = WearTests.identity("S1")
        _ = wear.take(WearTests.reading(6_500, 38), of: identity)
        let text =
            "The capacitors should be replaced: 65 % of the capacitance and 190 % of the ESR when new"
        #expect(wear.take(WearTests.reading(6_500, 38), of: identity) == .worn(Message(text)))
        for _ in 0..<2 { #expect(wear.take(WearTests.reading(9_900, 21), of: identity) == nil) }
        #expect(!wear.isWorn)
    }

    /// Another UPS, or other capacitors, begin anew; a text that got lost is no other UPS.
    @Test(
        arguments: [
            ("S1", "SUC", false), (nil, "SUC", false), ("S1", nil, false), ("S2", "SUC", true),
            ("S1", "SUC-2", true),
        ] as [(String?, String?, Bool)])
    func another(_ serial: String?, _ type: String?, _ isAnother: Bool) {
        var wear = Wear(WearTests.new)
        var outcomes: [Wear.Outcome] = []
        for _ in 0..<3 {
            let reading = WearTests.reading(9_000, 22)
            let identity = WearTests.identity(serial, type)
            if let outcome = wear.take(reading, of: identity) { outcomes.append(outcome) }
        }
        #expect(outcomes.count == (isAnother ? 1 : 0))
        #expect(wear.new?.capacitance.millifarads == (isAnother ? 9_000 : 10_000))
    }

    @Test func theWatchKeepsAndTells() {
        let identity: [Request: [UInt8]] = [
            .capacitance: [0x10, 0x27, 0, 0], .esr: [20, 0], .serial: [0x53], .batteryType: [0x42],
        ]
        let post = Post(answering: identity)
        post.run(for: .seconds(21))
        let kept = post.actions.compactMap { action in
            if case .keep(let new) = action { new } else { nil }
        }
        #expect(kept.map(\.capacitance.millifarads) == [10_000])
        #expect(post.snapshot.capacitorsWhenNew == kept.first)
        post.payloads[.esr] = [50, 0]
        post.run(for: .seconds(21))
        #expect(post.snapshot.isWorn)
        #expect(post.snapshot.problem == "The capacitors should be replaced")
        #expect(post.names == ["warning"])
    }
}
