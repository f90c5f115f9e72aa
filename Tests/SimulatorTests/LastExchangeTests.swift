// The last words with the UPS, played with the simulated one in no time.

import Testing

@testable import Bicker
@testable import Simulator
@testable import UPS

/// A host that is down, and its UPS.
private struct Ending {
    static let start = BootTime(.seconds(100))

    var ups = SimulatedUPS(pace: .byte, at: Ending.start)
    /// When power changes, and to what.
    var changes: [(time: Duration, isOn: Bool)] = []
    /// How long it took.
    private(set) var time = Duration.zero

    init(isPowered: Bool) {
        ups.setPower(isPowered, at: Ending.start)
    }

    mutating func play(_ cut: CutOutput, mayReboot: Bool) -> LastExchange.Result {
        var exchange = LastExchange(
            LastExchange.Plan(cut: cut, mayReboot: mayReboot), at: Ending.start)
        var underWay: [SimulatedUPS.Delivery] = []
        var now = Ending.start
        while true {
            for change in changes where change.time <= now - Ending.start {
                ups.setPower(change.isOn, at: now)
            }
            while let delivery = underWay.first, delivery.time <= now {
                exchange.receive(delivery.bytes, at: now)
                underWay.removeFirst()
            }
            switch exchange.step(at: now) {
            case .send(let bytes): underWay += ups.receive(bytes, at: now)
            case .wait(let until):
                now = min(until, underWay.first?.time ?? until, now + .milliseconds(20))
                ups.advance(to: now)
            case .finished(let result):
                time = now - Ending.start
                return result
            }
        }
    }
}

@Suite struct LastExchangeTests {
    @Test(arguments: [
        (CutOutput.never, true, false), (.never, false, false), (.onBattery, true, false),
        (.onBattery, false, true), (.always, true, true), (.always, false, true),
    ])
    func whenTheOutputIsCut(cut: CutOutput, isPowered: Bool, isCut: Bool) {
        for mayReboot in [false, true] {
            var ending = Ending(isPowered: isPowered)
            let result = ending.play(cut, mayReboot: mayReboot)
            #expect(result.cut == (isCut ? .acknowledged : .notSent))
            #expect((ending.ups.cutsOutputAt != nil) == isCut)
            #expect(result.reboots == (isPowered && mayReboot))
            // The cut is at the earliest 2 s after it was asked for.
            #expect(ending.time < (result.reboots ? .milliseconds(1400) : .milliseconds(50)))
        }
    }

    @Test func powerMustBeThereForASecond() {
        var ending = Ending(isPowered: true)
        #expect(ending.play(.never, mayReboot: true).reboots)
        #expect(ending.time >= .seconds(1))
    }

    @Test func powerThatFailsAgainIsNotBack() {
        var ending = Ending(isPowered: true)
        ending.changes = [(.milliseconds(600), false), (.milliseconds(900), true)]
        let result = ending.play(.onBattery, mayReboot: true)
        #expect(!result.reboots && result.cut == .acknowledged && result.powerPresent == false)
    }

    @Test func spoiledAnswersDoNotCount() {
        var ending = Ending(isPowered: true)
        ending.ups.setFault(.garbage, count: 2)
        let result = ending.play(.never, mayReboot: true)
        #expect(result.reboots)
        #expect(ending.time >= .milliseconds(1400))
    }

    /// Nobody knows, so nothing is done; and it ends.
    @Test(arguments: [Fault.mute, .garbage, .wrongIndex, .badSize, .slow, .wrongLength])
    func aUPSThatDoesNotAnswer(fault: Fault) {
        for (cut, outcome) in [
            (CutOutput.never, OutputCut.Outcome.notSent), (.onBattery, .notSent),
            (.always, .unanswered),
        ] {
            var ending = Ending(isPowered: true)
            ending.ups.setFault(fault, count: 1000)
            let result = ending.play(cut, mayReboot: true)
            #expect(
                result
                    == LastExchange.Result(cut: outcome, reboots: false, powerPresent: nil))
            #expect(ending.time <= LastExchange.limit)
        }
    }

    @Test func aUPSThatDoesNotKnowTheOrder() {
        var ending = Ending(isPowered: false)
        ending.ups.knowsOutputCut = false
        #expect(ending.play(.onBattery, mayReboot: true).cut == .unsupported)
        #expect(ending.time < .milliseconds(50))
    }

    @Test func aLostOrderIsRepeated() {
        var ending = Ending(isPowered: false)
        ending.ups.setFault(.mute, count: 1)
        #expect(ending.play(.always, mayReboot: false).cut == .acknowledged)
    }

    // MARK: What is sent, one step at a time

    /// Every question gets the answer that the closure makes of its number, after 5 ms.
    private func play(
        _ plan: LastExchange.Plan, status: (Int) -> DeviceStatus?, cut: [UInt8]? = nil
    ) -> (result: LastExchange.Result, questions: Int, orders: Int, time: Duration) {
        let start = BootTime(.seconds(100))
        var exchange = LastExchange(plan, at: start)
        var (now, questions, orders) = (start, 0, 0)
        while true {
            switch exchange.step(at: now) {
            case .send(let bytes):
                now = now + .milliseconds(5)
                guard bytes == Request.deviceStatus.frame.bytes else {
                    orders += 1
                    if let cut { exchange.receive(cut, at: now) }
                    continue
                }
                defer { questions += 1 }
                guard let status = status(questions) else { continue }
                let answer = Frame(index: 0x01, command: 0x40, payload: [status.rawValue])
                exchange.receive(answer.bytes, at: now)
            case .wait(let until): now = until
            case .finished(let result): return (result, questions, orders, now - start)
            }
        }
    }

    private static let present: DeviceStatus = [.powerPresent, .batteryPresent]
    private static let reboot = LastExchange.Plan(cut: .never, mayReboot: true)

    /// A second apart is not enough: power is back when three answers say so.
    @Test(arguments: [
        ([0, 1, 2, 3, 4, 5], true), ([0, 4, 5], true), ([0, 3, 4], true), ([0, 4], false),
        ([0, 5], false), ([0, 6], false), ([0], false), ([], false), ([3, 4, 5], false),
        ([2, 3, 4], false), ([2, 4, 6], true),
    ])
    func threeAnswersAndASecond(answered: [Int], reboots: Bool) {
        let outcome = play(Self.reboot, status: { answered.contains($0) ? Self.present : nil })
        #expect(outcome.result.reboots == reboots)
        #expect(outcome.time <= LastExchange.limit)
        #expect(!reboots || outcome.time >= .seconds(1))
        #expect(outcome.orders == 0)
    }

    /// One order that is answered is enough; one that is not is repeated once.
    @Test(arguments: [CutOutput.always, .onBattery], [true, false])
    func ordersAtMost(cut: CutOutput, mayReboot: Bool) {
        let absent: DeviceStatus = [.batteryPresent, .discharging]
        let plan = LastExchange.Plan(cut: cut, mayReboot: mayReboot)
        for (reply, orders) in [
            (OutputCut.acknowledgement.bytes, 1), (Frame.unsupported.bytes, 1), (nil, 2),
        ] as [([UInt8]?, Int)] {
            let outcome = play(plan, status: { _ in absent }, cut: reply)
            #expect(outcome.orders == orders)
            #expect(!outcome.result.reboots)
            #expect(outcome.time <= LastExchange.limit)
        }
    }

    @Test func theBytesAreThoseOfTheManual() {
        #expect(OutputCut(seconds: 2).frame.bytes == [0x01, 0x04, 0x03, 0x32, 0x02, 0x04])
        #expect(OutputCut.acknowledgement.bytes == [0x01, 0x04, 0x03, 0x32, 0xE0, 0x04])
        #expect(OutputCut(Frame(index: 0x03, command: 0x32)) == nil)
    }

    @Test func theOutputComesBack() {
        var ending = Ending(isPowered: true)
        _ = ending.play(.always, mayReboot: false)
        ending.ups.advance(to: Ending.start + .seconds(3))
        #expect(!ending.ups.hasOutput)
        ending.ups.advance(to: Ending.start + .seconds(11))
        #expect(ending.ups.hasOutput)
    }
}
