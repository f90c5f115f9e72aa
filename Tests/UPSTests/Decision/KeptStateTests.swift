// What survives a restart: every stage there and back, and nothing that was harmed.

import Testing

@testable import Decision
@testable import UPS

@Suite struct KeptStateTests {
    private static let boot = BootID(high: 0x1F0C_8B52_0000_0001, low: .max)

    private static func time(_ milliseconds: Int64) -> BootTime {
        BootTime(.milliseconds(milliseconds))
    }

    private static let bare = Incident(
        number: 1, cause: .upsRequest, start: time(1500), delay: .seconds(15),
        inputLost: time(1400), lastFailing: time(1600))

    private static let full = Incident(
        number: .max, cause: .powerFailure, start: time(-1), delay: .seconds(86400),
        timer: time(0), inputLost: time(-2), latest: time(86_400_000), wasCancelled: true,
        goodReadings: 1, lastFailing: time(3),
        lowCharge: LowReadings(first: time(4), last: time(16)),
        lowRuntime: LowReadings(first: time(5), last: time(17)), isLow: true, returned: time(6))

    private static let commit = Commit(
        incident: full, reason: .upsRequest, time: time(7), isDry: true,
        grace: .seconds(40), isUnderWay: true, attempts: 3,
        nextAttempt: time(8), allTried: time(9), powerBack: time(10))

    private static let stages: [Stage] = [
        .idle, .confirming(Confirmation(firstReading: time(20))),
        .confirming(Confirmation(firstReading: time(20), count: 2, resuming: full)),
        .outage(bare), .outage(full), .returned(bare), .returned(full), .committed(commit),
        .committed(
            Commit(
                incident: bare, reason: .time, time: time(7), isDry: false, grace: .seconds(20),
                nextAttempt: time(8))
        ),
    ]

    private static func state(_ stage: Stage) -> KeptState {
        var state = KeptState(boot: boot)
        state.stage = stage
        state.request = bare
        state.newRequest = time(18)
        state.incidents = 4
        state.nextDelay = .seconds(300)
        state.lastPresent = time(11)
        state.lastValid = time(12)
        state.chargeSought = time(19)
        state.lastMeasurement = time(13)
        state.history.failures = 3
        state.history.lastFailure = time(14)
        state.history.lastReturn = time(15)
        state.history.onBatteryBefore = .milliseconds(1234)
        return state
    }

    @Test(arguments: stages)
    func thereAndBack(stage: Stage) {
        let state = KeptStateTests.state(stage)
        let bytes = state.encoded(sequence: 9)
        #expect(bytes.count == KeptState.length)
        #expect(KeptState(bytes) == state)
    }

    @Test(arguments: Reason.allCases)
    func everyReason(reason: Reason) {
        var commit = KeptStateTests.commit
        commit.reason = reason
        let state = KeptStateTests.state(.committed(commit))
        #expect(KeptState(state.encoded(sequence: 1)) == state)
    }

    @Test func nothingKnownIsNotZero() {
        let empty = KeptState(boot: KeptStateTests.boot)
        let back = KeptState(empty.encoded(sequence: 1))
        #expect(back == empty)
        #expect(back?.lastPresent == nil)
        #expect(back?.nextDelay == nil)
    }

    @Test func everyHarmedByteIsSeen() {
        let bytes = KeptStateTests.state(.committed(KeptStateTests.commit)).encoded(sequence: 1)
        for position in bytes.indices {
            for bit in 0..<8 {
                var harmed = bytes
                harmed[position] ^= 1 << bit
                #expect(KeptState(harmed) == nil, "byte \(position), bit \(bit)")
            }
        }
    }

    @Test(arguments: [0, 1, 8, 511, 513, 1024])
    func wrongLength(length: Int) {
        var bytes = KeptStateTests.state(.idle).encoded(sequence: 1)
        bytes += bytes
        #expect(KeptState(Array(bytes.prefix(length))) == nil)
    }

    @Test func emptyPages() {
        let zeros = [UInt8](repeating: 0, count: KeptState.length)
        let ones = [UInt8](repeating: 0xFF, count: KeptState.length)
        #expect(KeptState(zeros) == nil)
        #expect(KeptState(ones) == nil)
        #expect(KeptState.newest(of: [zeros, []], boot: KeptStateTests.boot) == nil)
    }

    // MARK: Two records

    private static let older = state(.idle).encoded(sequence: 41)
    private static let newer = state(.outage(full)).encoded(sequence: 42)

    @Test(arguments: [[older, newer], [newer, older]])
    func newest(records: [[UInt8]]) throws {
        let newest = try #require(KeptState.newest(of: records, boot: KeptStateTests.boot))
        #expect(newest.sequence == 42)
        #expect(newest.state.stage == .outage(KeptStateTests.full))
    }

    /// Killed in the middle of writing: the record before still holds.
    @Test(arguments: 1..<(KeptState.length / 8))
    func tornWrite(words: Int) throws {
        let written = words * 8
        let torn = KeptStateTests.newer.prefix(written) + KeptStateTests.older.suffix(from: written)
        let newest = try #require(
            KeptState.newest(
                of: [KeptStateTests.older, Array(torn)], boot: KeptStateTests.boot))
        #expect(newest.sequence == 41)
    }

    @Test func anotherBootIsAFreshStart() {
        let boot = BootID(high: KeptStateTests.boot.high, low: 0)
        let records = [KeptStateTests.older, KeptStateTests.newer]
        #expect(KeptState.newest(of: records, boot: boot) == nil)
    }
}
