// The last words with the UPS, played with the simulated one in no time.

import Testing

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
