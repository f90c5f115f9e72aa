// When the broker is tried again.

import Testing

@testable import MQTT

struct BackoffTests {
    private func delays(_ backoff: inout Backoff, _ count: Int, refusal: Bool = false) -> [Duration]
    {
        (0..<count).map { _ in backoff.next(afterRefusal: refusal, jitter: 1) }
    }

    @Test func everySecondForAMinuteThenLess() {
        var backoff = Backoff(isLoopback: false)
        let first = delays(&backoff, 60)
        #expect(first.prefix(3) == [.milliseconds(250), .milliseconds(500), .seconds(1)])
        #expect(first.dropFirst(2).allSatisfy { $0 == .seconds(1) })
        #expect(delays(&backoff, 7) == [2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
        backoff.reset()
        #expect(delays(&backoff, 1) == [.milliseconds(250)])
    }

    @Test func everySecondForEverOnLoopback() {
        var backoff = Backoff(isLoopback: true)
        #expect(delays(&backoff, 500).allSatisfy { $0 <= .seconds(1) })
    }

    @Test func aRefusalWaitsForAPerson() {
        var backoff = Backoff(isLoopback: true)
        #expect(
            delays(&backoff, 6, refusal: true) == [5, 10, 20, 30, 30, 30].map { .seconds($0) })
    }
}
