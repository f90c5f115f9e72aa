// The history: what is kept for how long, what is answered, and how an older one is taken over.

import Testing
import UPS

@testable import Report

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
    private func answer(_ history: History, seconds: Int, _ member: String) throws -> JSONValue {
        let bytes = HistoryObject.json(history, snapshot, seconds: seconds)
        guard case .object(let object) = try JSONValue(bytes) else { return .null }
        return object[member] ?? .null
    }

    /// Times and charges.
    private func rows(_ history: History, seconds: Int) throws -> [(String?, Int?)] {
        guard case .array(let rows) = try answer(history, seconds: seconds, "rows") else {
            return []
        }
        return rows.map { row in
            guard case .array(let values) = row, values.count == 16 else { return (nil, -1) }
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
        history.note(snapshot.history)
        let text = String(
            decoding: HistoryObject.json(history, snapshot, seconds: 900), as: UTF8.self)
        let columns = """
            ["time","inputVoltage","outputVoltage","batteryVoltage","vcap1Voltage",\
            "vcap2Voltage","vcap3Voltage","vcap4Voltage","inputCurrent","outputCurrent",\
            "batteryCurrent","inputPower","outputPower","soc","outputLoad","ucTemperature"]
            """
        #expect(
            text == """
                {"seconds":900,"step":1,"columns":\(columns),"rows":[\
                ["2026-11-22T15:04:03Z",12.62,12.448,10.4,2.601,2.6,2.599,2.6,4,310,12,0.05,3.86,\
                100,6.2,28],\
                ["2026-11-22T15:04:04Z",null,null,null,null,null,null,null,null,null,null,null,\
                null,null,null,null],\
                ["2026-11-22T15:04:05Z",null,12.005,null,null,null,null,null,null,null,-1005,\
                null,null,null,null,-7]],\
                "outages":[{"from":"2026-11-22T14:55:45Z","to":"2026-11-22T14:56:15Z"}]}
                """)
    }

    @Test func nothingYet() throws {
        #expect(try answer(History(), seconds: 900, "rows") == .array([]))
        #expect(try answer(History(), seconds: 900, "outages") == .array([]))
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

    @Test func theFirstSampleOfAStepCounts() throws {
        var history = History()
        history.add(charge(1), at: at(990))
        history.add(charge(2), at: BootTime(.milliseconds(990_900)))
        history.add(charge(3), at: at(995))
        #expect(try rows(history, seconds: 20).map(\.1) == [1, nil, nil, nil, nil, 3])
        #expect(try rows(history, seconds: 1000).map(\.1) == [1])
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

    @Test func anOlderHistoryIsTakenOver() throws {
        var (live, older) = (history(990...1000), history(-50...980))
        older.addOutage(from: at(-40), to: at(-20))
        older.addOutage(from: at(501), to: at(530))
        live.note(snapshot.history)
        live.fill(from: older)
        let rows = try rows(live, seconds: 900)
        #expect(rows.count == 900)
        #expect(rows.filter { $0.1 == nil }.count == 9)
        #expect(
            live.outages == [
                History.Outage(from: at(-40), to: at(-20)),
                History.Outage(from: at(500), to: at(530)),
            ])
        #expect(live.wants(at(985), now: at(1000)) && !live.wants(at(970), now: at(1000)))
    }

    @Test func outagesAsTheyHappen() {
        var (history, power) = (History(), PowerHistory())
        history.note(power)
        #expect(history.outages.isEmpty)
        power.lastFailure = at(10)
        for _ in 0..<2 { history.note(power) }
        #expect(history.outages == [History.Outage(from: at(10), to: nil)])
        // Back and gone again between two looks.
        (power.lastReturn, power.lastFailure) = (at(20), at(30))
        history.note(power)
        power.lastReturn = at(40)
        for _ in 0..<2 { history.note(power) }
        #expect(
            history.outages == [
                History.Outage(from: at(10), to: at(20)), History.Outage(from: at(30), to: at(40)),
            ])
    }

    @Test func theNumberOfOutagesIsLimited() {
        var history = History()
        for number in 0...History.mostOutages {
            history.addOutage(from: at(number * 10), to: at(number * 10 + 5))
        }
        #expect(history.outages.count == History.mostOutages)
        #expect(history.outages.first?.from == at(10))
    }
}
