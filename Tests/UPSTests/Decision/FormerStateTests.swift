// The state as version 2 wrote it: an outage that goes on over an upgrade keeps what it had.

import Testing

@testable import Decision
@testable import UPS

@Suite struct FormerStateTests {
    private static let boot = BootID(high: 0x1F0C_8B52_0000_0001, low: .max)

    private static func time(_ milliseconds: Int64) -> BootTime {
        BootTime(.milliseconds(milliseconds))
    }

    /// Its words in their order, behind which there are those of a stage.
    private static func bytes(_ stage: (inout KeptWords) -> Void) -> [UInt8] {
        var words = KeptWords()
        words.put(2)
        words.put(7)
        words.put(Int64(bitPattern: boot.high))
        words.put(Int64(bitPattern: boot.low))
        words.put(4)
        words.put(Duration.seconds(300))
        words.put(time(11_000))
        words.put(time(12_000))
        words.put(time(13_000))
        // Outages: how many, the last one, its end, time on battery.
        words.put(3)
        words.put(time(14_000))
        words.put(time(15_000))
        words.put(Duration.seconds(9))
        stage(&words)
        return words.sealed(length: KeptState.length)
    }

    private static func put(_ cause: Incident.Cause, to words: inout KeptWords) {
        words.put(4)
        words.put(Int64(cause.rawValue))
        words.put(time(11_050))
        words.put(Duration.seconds(15))
        words.put(time(26_050))
        words.put(time(46_000))
        // Cancelled; readings that say it is over; readings that fail; the last of these.
        words.put(0)
        words.put(1)
        words.put(5)
        words.put(time(12_000))
        words.put(time(11_800))
        words.put(nil as BootTime?)
        words.put(1)
        words.put(nil as BootTime?)
    }

    private static let incident = Incident(
        number: 4, cause: .powerFailure, start: time(11_050), delay: .seconds(15),
        timer: time(26_050), inputLost: time(11_000), latest: time(46_000), goodReadings: 1,
        lastFailing: time(12_000), lowCharge: LowReadings(first: time(11_800), last: time(11_800)),
        isLow: true)

    @Test func whatStandsAroundTheStage() throws {
        let state = try #require(KeptState(FormerStateTests.bytes { $0.put(0) }))
        var expected = KeptState(boot: FormerStateTests.boot)
        (expected.incidents, expected.nextDelay) = (4, .seconds(300))
        (expected.lastPresent, expected.lastValid) = (
            FormerStateTests.time(11_000), FormerStateTests.time(12_000)
        )
        expected.lastMeasurement = FormerStateTests.time(13_000)
        expected.history.failures = 3
        expected.history.lastFailure = FormerStateTests.time(14_000)
        expected.history.lastReturn = FormerStateTests.time(15_000)
        expected.history.onBatteryBefore = .seconds(9)
        #expect(state == expected)
    }

    @Test func anOutageKeepsItsDeadline() {
        let bytes = FormerStateTests.bytes { words in
            words.put(2)
            FormerStateTests.put(.powerFailure, to: &words)
        }
        #expect(KeptState(bytes)?.stage == .outage(FormerStateTests.incident))
        #expect(
            KeptState.newest(of: [bytes, []], boot: FormerStateTests.boot)?.sequence == 7)
    }

    /// It stood in the place of an outage.
    @Test func aRequestOfTheUPSKeepsItsDeadline() {
        let state = KeptState(
            FormerStateTests.bytes { words in
                words.put(2)
                FormerStateTests.put(.upsRequest, to: &words)
            })
        var request = FormerStateTests.incident
        request.cause = .upsRequest
        #expect(state?.stage == .idle)
        #expect(state?.request == request)
    }

    @Test func aCommitIsNotForgotten() throws {
        let state = KeptState(
            FormerStateTests.bytes { words in
                words.put(4)
                FormerStateTests.put(.powerFailure, to: &words)
                words.put(Int64(Reason.allCases.firstIndex(of: .time) ?? 0))
                words.put(FormerStateTests.time(26_050))
                words.put(1)
                words.put(Duration.seconds(40))
                words.put(0)
                words.put(1)
                words.put(FormerStateTests.time(31_050))
                words.put(nil as BootTime?)
                words.put(nil as BootTime?)
            })
        guard case .committed(let commit)? = state?.stage else {
            Issue.record("\(String(describing: state))")
            return
        }
        #expect(commit.incident.number == 4)
        #expect((commit.reason, commit.attempts, commit.isDry) == (.time, 1, true))
    }
}
