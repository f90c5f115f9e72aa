// The small values: quantities, runtime, energy, histories and bounded lists.

import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct ValueTests {
    @Test(arguments: [
        // 25 F from 10.4 V to 5.2 V are 1014 J; 0.9 of it at 10 W.
        (25_000, 10.4, 5.2, 10.0, 91.26), (25_000, 10.4, 5.2, 1.0, 912.6),
        (25_000, 5.2, 5.2, 10.0, 0.0), (25_000, 4.0, 5.2, 10.0, 0.0),
        (1_000_000, 30.0, 5.2, 0.1, 86400.0),
    ])
    func runtime(millifarads: Int, volts: Double, cutoff: Double, watts: Double, seconds: Double) {
        let estimate = Runtime.estimate(
            capacitance: Capacitance(millifarads: millifarads), stack: Voltage(volts: volts),
            cutoff: Voltage(volts: cutoff), load: Power(watts: watts))
        #expect(abs((estimate?.inSeconds ?? -1) - seconds) < 0.01)
    }

    @Test func noRuntimeWithoutTheValues() {
        let (capacitance, stack) = (Capacitance(millifarads: 25_000), Voltage(volts: 10))
        let (cutoff, load) = (Voltage(volts: 5), Power(watts: 5))
        func estimate(_ farads: Capacitance?, _ volts: Voltage?, _ watts: Power?) -> Duration? {
            Runtime.estimate(capacitance: farads, stack: volts, cutoff: cutoff, load: watts)
        }
        #expect(estimate(capacitance, stack, load) != nil)
        #expect(estimate(nil, stack, load) == nil)
        #expect(estimate(capacitance, nil, load) == nil)
        #expect(estimate(capacitance, stack, nil) == nil)
        #expect(estimate(Capacitance(millifarads: 0), stack, load) == nil)
        #expect(estimate(capacitance, stack, Power(watts: 0)) == nil)
        #expect(estimate(capacitance, stack, Power(watts: -3)) == nil)
    }

    @Test func powerNeedsBothValues() {
        var reading = Reading()
        reading.outputVoltage = Voltage(millivolts: 12_000)
        #expect(reading.outputPower == nil)
        reading.outputCurrent = Current(milliamperes: 1500)
        #expect(reading.outputPower == Power(watts: 18))
        #expect(reading[.outputPower] == 18_000_000)
    }

    @Test(
        arguments: [
            (.milliseconds(0), 0), (.milliseconds(1), 1), (.microseconds(1), 1),
            (.microseconds(1001), 2), (.seconds(2), 2000), (.milliseconds(1500), 1500),
        ] as [(Duration, Int)])
    func millisecondsRoundUp(duration: Duration, milliseconds: Int) {
        #expect(duration.inMillisecondsRoundedUp == milliseconds)
    }

    @Test(
        arguments: [
            (nil, nil, nil), (3, nil, 3), (nil, 4, 4), (3, 4, 3), (4, 3, 3),
        ] as [(Int?, Int?, Int?)])
    func earliestOfTwo(one: Int?, other: Int?, expected: Int?) {
        func time(_ seconds: Int?) -> BootTime? { seconds.map { BootTime(.seconds($0)) } }
        #expect(earliest(time(one), time(other)) == time(expected))
    }

    @Test(
        arguments: [
            ("1f0c8b52-9d3e-4a61-8f00-0123456789ab", "1f0c8b52"),
            ("00000001-0000-0000-0000-000000000000", "00000001"), ("", nil),
            ("1f0c8b52-9d3e-4a61-8f00-0123456789a", nil),
            ("zf0c8b52-9d3e-4a61-8f00-0123456789ab", nil),
            ("1f0c8b529d3e4a618f000123456789ab00", nil),
            ("+f0c8b52-9d3e-4a61-8f00-0123456789ab", nil),
        ] as [(String, String?)])
    func bootID(text: String, prefix: String?) {
        #expect(BootID(text)?.prefix == prefix)
    }

    @Test func incidentID() throws {
        let boot = try #require(BootID("1f0c8b52-9d3e-4a61-8f00-0123456789ab"))
        #expect(IncidentID(boot: boot, number: 3).description == "1f0c8b52-3")
    }

    // MARK: Bounded lists

    private func event(_ number: UInt64) -> Event {
        Event(number: number, name: .warning, time: BootTime(.zero), text: "\(number)")
    }

    @Test func eventLogKeepsTheNewest() {
        var log = EventLog()
        #expect(log.newest == 0)
        #expect(log.events(after: 0).isEmpty)
        for number in 1...2500 as ClosedRange<UInt64> {
            log.append(event(number))
            #expect(log.events.count <= EventLog.capacity)
        }
        #expect(log.newest == 2500)
        #expect(log.events.count >= EventLog.capacity * 9 / 10)
        #expect(log.events.map(\.number) == Array((2501 - UInt64(log.events.count))...2500))
        #expect(log.events(after: 2498).map(\.number) == [2499, 2500])
        #expect(log.events(after: 2500).isEmpty)
        #expect(log.events(after: 9999).isEmpty)
        #expect(log.events(after: 3).count == log.events.count)
    }

    @Test func answerBoardFindsTheNewest() {
        var board = AnswerBoard()
        #expect(board.result(for: 1) == nil)
        for ticket in 1...1000 as ClosedRange<Ticket> {
            board.post(.accepted("\(ticket)"), for: ticket)
            #expect(board.result(for: ticket)?.message == "\(ticket)")
        }
        #expect(board.result(for: 1) == nil)
        #expect(board.result(for: 1000 - 200)?.message == "800")
        #expect(board.newest == 1000)
    }

    @Test func refusalsAreToldFiveTimesAMinute() {
        var limit = RefusalLimit()
        let told = (0..<8).map { limit.pass(at: BootTime(.seconds(100 + $0))) }
        #expect(told == [0, 0, 0, 0, 0, nil, nil, nil])
        #expect(limit.pass(at: BootTime(.seconds(159))) == nil)
        #expect(limit.pass(at: BootTime(.seconds(160))) == 4)
        #expect(limit.pass(at: BootTime(.seconds(161))) == 0)
    }

    // MARK: Over time

    @Test func powerHistory() {
        var history = PowerHistory()
        func at(_ seconds: Int) -> BootTime { BootTime(.seconds(seconds)) }
        #expect(history.onBattery(at: at(5)) == .zero)
        history.fail(number: 1, at: at(10))
        #expect(history.onBattery(at: at(14)) == .seconds(4))
        history.resume(at: at(20))
        #expect(history.onBattery(at: at(25)) == .zero)
        history.fail(number: 2, at: at(30))
        #expect(history.onBatteryInAll(at: at(33)) == .seconds(13))
        #expect(history.failures == 2)
    }

    @Test func energyBridgesNoGap() {
        var meter = EnergyMeter()
        var reading = Reading()
        (reading.outputVoltage, reading.outputCurrent) = (
            .init(volts: 10), .init(milliamperes: 3600)
        )
        func finish(_ seconds: Int, fresh: Bool = true) {
            meter.add(
                reading, fresh: fresh ? [.outputVoltage, .outputCurrent] : [],
                interval: .seconds(1), at: BootTime(.seconds(seconds)))
        }
        finish(0)
        #expect(meter.output.joules == 0)
        finish(1)
        #expect(meter.output.joules == 36)
        finish(2, fresh: false)
        #expect(meter.output.joules == 36, "an old value is none")
        finish(5)
        #expect(meter.output.joules == 36 + 3 * 36)
        finish(9)
        #expect(meter.output.joules == 4 * 36, "longer than three intervals")
        meter.pause()
        finish(10)
        #expect(meter.output.joules == 4 * 36)
        #expect(meter.input.joules == 0)
        #expect(Energy(joules: 7200).nanowattHours == 2_000_000_000)
    }
}
