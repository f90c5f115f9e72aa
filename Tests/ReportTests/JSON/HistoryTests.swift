// The history: what is kept for how long, what is answered, and how an older one is taken over.

import Testing

@testable import Report
@testable import UPS

@Suite struct HistoryTests {
    private var snapshot: Snapshot { State.online.snapshot }

    /// A history with a sample a second from `first` to `last` (s, on the boot clock).
    private func history(_ seconds: ClosedRange<Int>) -> History {
        var history = History()
        for second in seconds { history.add(charge(second % 100), at: at(second)) }
        return history
    }

    private func charge(_ percent: Int) -> Reading {
        var reading = Reading()
        reading.batteryCharge = percent
        return reading
    }

    private func at(_ second: Int) -> BootTime { BootTime(.seconds(second)) }

    /// The member of the answer.
    private func answer(
        _ history: History, _ snapshot: Snapshot? = nil, seconds: Int, _ member: String
    ) throws -> JSONValue {
        let bytes = HistoryObject.json(history, snapshot ?? self.snapshot, seconds: seconds)
        guard case .object(let object) = try JSONValue(bytes) else { return .null }
        return object[member] ?? .null
    }

    /// Times and charges.
    private func rows(
        _ history: History, _ snapshot: Snapshot? = nil, seconds: Int
    ) throws -> [(String?, Int?)] {
        let rows = try answer(history, snapshot, seconds: seconds, "rows")
        guard case .array(let rows) = rows else { return [] }
        return rows.map { row in
            guard case .array(let values) = row, values.count == 22 else { return (nil, -1) }
            return (values[0].string, values[13].integer)
        }
    }

    @Test func toTheLetter() {
        var history = History()
        history.add(snapshot.reading, at: at(998))
        var below = Reading()
        below.batteryCurrent = Current(milliamperes: -1005)
        below.outputVoltage = Voltage(millivolts: 12_005)
        below.temperatureCelsius = -7
        history.add(below, at: at(1000))
        let text = String(
            decoding: HistoryObject.json(history, snapshot, seconds: 900), as: UTF8.self)
        let columns = """
            ["time","inputVoltage","outputVoltage","batteryVoltage","vcap1Voltage",\
            "vcap2Voltage","vcap3Voltage","vcap4Voltage","inputCurrent","outputCurrent",\
            "batteryCurrent","inputPower","outputPower","soc","outputLoad","ucTemperature",\
            "inputVoltageMin","inputVoltageMax","outputVoltageMin","outputVoltageMax","socMin",\
            "socMax"]
            """
        #expect(
            text == """
                {"seconds":900,"step":1,"columns":\(columns),"rows":[\
                ["2026-11-22T15:04:03Z",12.62,12.448,10.4,2.601,2.6,2.599,2.6,4,310,12,0.05,3.86,\
                100,6.2,28,12.62,12.62,12.448,12.448,100,100],\
                ["2026-11-22T15:04:04Z",null,null,null,null,null,null,null,null,null,null,null,\
                null,null,null,null,null,null,null,null,null,null],\
                ["2026-11-22T15:04:05Z",null,12.005,null,null,null,null,null,null,null,-1005,\
                null,null,null,null,-7,null,null,12.005,12.005,null,null]],\
                "outages":[]}
                """)
    }

    @Test func nothingYet() throws {
        #expect(try answer(History(), seconds: 900, "rows") == .array([]))
    }

    /// Now is second 1000.
    @Test(arguments: [(1, 1, 1000), (5, 5, 996), (900, 900, 101), (901, 91, 910)])
    func secondsAsked(seconds: Int, count: Int, first: Int) throws {
        let history = history(1...1000)
        let rows = try rows(history, seconds: seconds)
        #expect(rows.count == count)
        let step = try answer(history, seconds: seconds, "step")
        #expect(step == .number(seconds <= 900 ? 1 : 10))
        #expect(rows.last?.1 == 0)
        #expect(rows.map { $0.0! } == rows.map { $0.0! }.sorted())
        if seconds <= 900 { #expect(rows.first?.1 == first % 100) }
    }

    /// A longer step is told by its mean, and by its range where something short counts.
    @Test func meanAndRange() throws {
        var history = History()
        for (millis, millivolts) in [(990_000, 12_000), (990_900, 12_300), (995_000, 100)] {
            var reading = charge(millivolts / 200)
            reading.inputVoltage = Voltage(millivolts: millivolts)
            history.add(reading, at: BootTime(.milliseconds(millis)))
        }
        #expect(try rows(history, seconds: 20).map(\.1) == [61, nil, nil, nil, nil, 0])
        for ring in history.rings[1...] {
            let number = ring.number(of: at(995))
            #expect(ring.value(.inputVoltage, at: number) == 8133)
            #expect(ring.value(.lowestInput, at: number) == 100)
            #expect(ring.value(.highestInput, at: number) == 12_300)
            #expect(ring.value(.charge, at: number) == 40)
            #expect(ring.value(.lowestCharge, at: number) == 0)
            #expect(ring.value(.lowestOutput, at: number) == nil)
        }
    }

    /// What does not fit is the largest that does, never "unknown".
    @Test(arguments: [(40_000, 32767), (-40_000, -32767)]) func beyondTheRange(
        milliamperes: Int, kept: Int
    ) {
        var reading = Reading()
        reading.batteryCurrent = Current(milliamperes: milliamperes)
        var ring = SampleRing(step: 1, capacity: 2)
        ring.add(reading, at: 1)
        #expect(ring.value(.batteryCurrent, at: 1) == kept)
    }

    /// After a suspend the clock has gone on, for longer than there is room.
    @Test(arguments: [899, 900, 901, 5_000_000])
    func aGapFreesThePlaces(gap: Int) {
        var ring = SampleRing(step: 1, capacity: 900)
        for second in 1...900 { ring.add(charge(50), at: second) }
        ring.add(charge(60), at: 900 + gap)
        let filled = ring.steps.filter { !ring.isEmpty($0) }
        #expect(filled == (gap < 900 ? [900] : []) + [900 + gap])
        #expect(ring.value(.charge, at: 900 + gap) == 60)
    }

    @Test func stepsBeforeTheBoot() {
        var ring = SampleRing(step: 10, capacity: 10)
        #expect(ring.number(of: BootTime(.milliseconds(-1))) == -1)
        #expect(ring.number(of: at(-10)) == -1)
        #expect(ring.number(of: at(-11)) == -2)
        for number in -3...3 { ring.add(charge(number + 50), at: number) }
        #expect((-3...3).map { ring.value(.charge, at: $0) } == (47...53).map { $0 })
    }

    // MARK: Over restarts

    /// A moment later, of the same boot or of another one whose clock shows something else.
    private func later(_ seconds: Int, shift: Int = 0) -> Snapshot {
        var later = snapshot
        later.time = at(1000 + seconds + shift)
        later.wall = WallTime(
            nanoseconds: snapshot.wall.nanoseconds + Int64(seconds) * 1_000_000_000)
        return later
    }

    @Test(arguments: [0, 3, 300_000, -987]) func whatWasKeptIsTakenOver(shift: Int) throws {
        let kept = history(-5000...1000).kept(snapshot)
        var (next, snapshot) = (History(), later(20, shift: shift))
        let isTaken = next.fill(from: kept, snapshot)
        #expect(isTaken)
        next.add(charge(7), at: snapshot.time)
        snapshot.time = snapshot.time + .milliseconds(500)
        let rows = try rows(next, snapshot, seconds: 900)
        let pause: [Int?] = Array(repeating: nil, count: 19)
        #expect(rows.map(\.1) == (121...1000).map { $0 % 100 } + pause + [7])
        let steps = next.rings[2].steps.filter { !next.rings[2].isEmpty($0) }
        #expect((20...22).contains(steps.count))
    }

    /// Wherever the steps of this boot begin: none is to come, and none begins before 1970.
    @Test(arguments: [1_800_000_000, 1000]) func whatIsTakenOverIsKeptAgain(wall: Int64) {
        var before = snapshot
        before.wall = WallTime(nanoseconds: wall * 1_000_000_000)
        let kept = history(0...1000).kept(before)
        for shift in 0..<300 {
            var (next, again, now) = (History(), History(), later(1, shift: shift))
            now.wall = WallTime(nanoseconds: (wall + 1) * 1_000_000_000)
            _ = next.fill(from: kept, now)
            let hasFuture = next.rings.contains {
                $0.steps.upperBound > $0.number(of: now.time) + 1
            }
            #expect(!hasFuture)
            _ = again.fill(from: next.kept(now), now)
            #expect(again.kept(now) == next.kept(now), "\(shift)")
        }
    }

    /// The step that a restart falls into is one.
    @Test func theStepOfARestart() {
        let kept = history(901...950).kept(snapshot)
        var (next, snapshot) = (History(), later(1))
        let isTaken = next.fill(from: kept, snapshot)
        #expect(isTaken)
        snapshot.time = at(1001)
        next.add(charge(99), at: snapshot.time)
        let ring = next.rings[2]
        #expect(ring.value(.lowestCharge, at: ring.number(of: at(1001))) == 1)
        #expect((26...50).contains(ring.value(.charge, at: ring.number(of: at(1001))) ?? 0))
    }

    /// Before the wall clock is set there is no place for it; then there is.
    @Test func aClockThatIsNotSet() {
        let kept = history(901...950).kept(snapshot)
        var next = History()
        let isTakenBefore = next.fill(from: kept, later(-1))
        #expect(!isTakenBefore && next.rings[0].steps.isEmpty)
        let isTaken = next.fill(from: kept, later(1))
        #expect(isTaken && !next.rings[0].steps.isEmpty)
        // One that is never set takes what is not yet to come.
        var last = History()
        let isTakenAtLast = last.fill(from: kept, later(-70), isLastAttempt: true)
        #expect(isTakenAtLast && last.rings[0].steps.upperBound == 931)
    }

    /// Any part of it, and any byte of it changed, does no harm.
    @Test func whatIsNotUnderstood() {
        let kept = history(901...950).kept(snapshot)
        for count in 0..<kept.count {
            var next = History()
            let isDone = next.fill(from: Array(kept[..<count]), later(1))
            #expect(isDone)
        }
        for index in kept.indices {
            for value: UInt8 in [0, 0x7f, 0x80, 0xff] {
                var (next, other) = (History(), kept)
                other[index] = value
                _ = next.fill(from: other, later(1))
                for ring in next.rings {
                    #expect(ring.steps.upperBound <= ring.number(of: at(1001)) + 1)
                }
            }
        }
    }

    @Test func thirtyDaysFitIntoTheFile() {
        var full = History()
        for number in 0..<8640 { full.add(charge(50), at: at(number * 300)) }
        var snapshot = self.snapshot
        snapshot.time = at(8640 * 300)
        #expect(full.kept(snapshot).count < 1_000_000)
    }

    // MARK: Outages

    /// A host that is back within a step has no pause in its readings, only power again.
    @Test(arguments: [1000, 100_000, 1_000_000]) func theEndThatWasNotSeen(secondsSince: Int) {
        var history = History()
        var reading = Reading()
        let moments = Array(0...5000) + Array(stride(from: 5010, to: secondsSince, by: 10))
        for second in moments where !(1020...1100).contains(second) {
            let isAbsent = (1000..<1020).contains(second)
            reading.inputVoltage = Voltage(volts: isAbsent ? 0.1 : 12.6)
            history.add(reading, at: at(second))
        }
        let limit = Voltage(volts: 6)
        let end = history.lastSeen(ofOutageAt: at(1000), absentBelow: limit)
        #expect(end >= at(1000) && end <= at(secondsSince < 100_000 ? 1020 : 1500))
    }

    private func outage(_ from: Int, _ to: Int?, isDrill: Bool = false) -> PastOutage {
        var outage = PastOutage(incident: "\(from)", from: at(from))
        outage.to = to.map { at($0) }
        outage.isDrill = isDrill
        return outage
    }

    /// Those that were not over before; a drill is none. Where this host was off at the end, as long
    /// as it was seen.
    @Test func outages() throws {
        var snapshot = self.snapshot
        snapshot.outages = OutageBook([
            outage(10, 20), outage(50, 150), outage(300, 310, isDrill: true), outage(500, nil),
            outage(990, nil),
        ])
        var history = History()
        for (seconds, volts) in [(500...520, 0.1), (600...620, 12.6), (700...999, 12.6)] {
            var reading = Reading()
            reading.inputVoltage = Voltage(volts: volts)
            for second in seconds { history.add(reading, at: at(second)) }
        }
        func seen() throws -> String {
            try answer(history, snapshot, seconds: 900, "outages").json
        }
        snapshot.wasOnBattery = true
        let (first, third) = (
            #"{"from":"2026-11-22T14:48:15Z","to":"2026-11-22T14:49:55Z"}"#,
            #"{"from":"2026-11-22T14:55:45Z","to":"2026-11-22T14:56:06Z"}"#
        )
        let open = #"{"from":"2026-11-22T15:03:55Z","to":null}"#
        #expect(try seen() == "[\(first),\(third),\(open)]")
        snapshot.wasOnBattery = false
        let last = #"{"from":"2026-11-22T15:03:55Z","to":"2026-11-22T15:03:56Z"}"#
        #expect(try seen() == "[\(first),\(third),\(last)]")
    }
}
