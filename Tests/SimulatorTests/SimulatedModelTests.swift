// The kinds of devices that are simulated, and what their settings do.

import Bicker
import Testing
import UPS

@testable import Simulator

@Suite struct SimulatedModelTests {
    private static let start = BootTime(.seconds(100))

    private func ask(_ request: Request, _ ups: inout SimulatedUPS) -> [UInt8] {
        ups.receive(request.frame.bytes, at: ups.now).flatMap(\.bytes)
    }

    private func payload(of request: Request, _ model: SimulatedModel) -> [UInt8] {
        var ups = SimulatedUPS(pace: .none, model: model, at: SimulatedModelTests.start)
        return Array(ask(request, &ups).dropFirst(4).dropLast())
    }

    @Test func capacitances() {
        #expect(payload(of: .capacitance, .psz1063) == [0xA8, 0x61, 0, 0])
        #expect(payload(of: .capacitance, .farads) == [25, 0])
        #expect(payload(of: .capacitance, .wideFarads) == [25, 0, 0, 0])
        #expect(payload(of: .capacitance, .blank) == [0, 0, 0, 0])
    }

    @Test(arguments: [Request.capacitance, .chargeStatus, .maximumBackupTime])
    func whatTheyDoNotKnow(request: Request) {
        var generic = SimulatedUPS(pace: .none, model: .generic, at: SimulatedModelTests.start)
        #expect(ask(request, &generic) == Frame.unsupported.bytes)
        var mute = SimulatedUPS(pace: .none, model: .mute, at: SimulatedModelTests.start)
        #expect(ask(request, &mute) == [])
        #expect(!ask(.charge, &mute).isEmpty)
    }

    @Test func erasedTextsAndSmallCurrents() {
        #expect(payload(of: .serial, .blank) == [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(payload(of: .series, .blank) == [0x20, 0x20, 0x20, 0x20])
        var ups = SimulatedUPS(pace: .none, model: .negative, at: SimulatedModelTests.start)
        ups.setLoad(amperes: 0.001, at: SimulatedModelTests.start)
        #expect(Array(ask(.outputCurrent, &ups).dropFirst(4).dropLast()) == [0xFC, 0xFF])
    }

    @Test func aSlowOne() {
        var ups = SimulatedUPS(pace: .frame, model: .slow, at: SimulatedModelTests.start)
        let time = ups.receive(Request.charge.frame.bytes, at: SimulatedModelTests.start).last?.time
        #expect(time.map { $0 - SimulatedModelTests.start > .milliseconds(60) } == true)
    }

    /// Command 0x32 sets the shutdown bit, and one device does not hear how long it has.
    @Test(arguments: [(SimulatedModel.psz1063, 20), (.upsic2403d, 2)])
    func theOutputCut(model: SimulatedModel, seconds: Int) {
        var ups = SimulatedUPS(pace: .none, model: model, at: SimulatedModelTests.start)
        _ = ups.receive(OutputCut(seconds: 20).frame.bytes, at: SimulatedModelTests.start)
        #expect(ups.requestsShutdown)
        ups.advance(to: SimulatedModelTests.start + .seconds(seconds) - .milliseconds(1))
        #expect(ups.hasOutput)
        ups.advance(to: SimulatedModelTests.start + .seconds(seconds))
        #expect(!ups.hasOutput)
        ups.advance(to: SimulatedModelTests.start + .seconds(seconds + 8))
        #expect(ups.hasOutput && !ups.requestsShutdown)
    }

    // MARK: Settings

    private func ups(_ change: SettingChange) -> SimulatedUPS {
        var ups = SimulatedUPS(pace: .none, at: SimulatedModelTests.start)
        ups.actsOnSettings = true
        _ = ups.receive(SimulatedModelTests.bytes(change), at: SimulatedModelTests.start)
        return ups
    }

    private static func bytes(_ change: SettingChange) -> [UInt8] {
        let (low, high) = (UInt8(change.value & 0xFF), UInt8(change.value >> 8))
        let command = change.name.request.command
        return [0x01, 0x06, 0x07, command, change.isEnabled ? 1 : 0, low, high, 0x04]
    }

    @Test func thresholdsAreOnAndSomeStayOn() {
        for name in [SettingName.shutdownCharge, .emptyCharge] {
            #expect(SimulatedUPS.usualSettings[name]?.effective == 20)
        }
        for name in [SettingName.emptyCharge, .relayMode] {
            #expect(
                ups(SettingChange(name, isEnabled: false, value: 3)).settings[name]?.isEnabled
                    == true)
        }
        let off = ups(SettingChange(.shutdownCharge, isEnabled: false, value: 20))
        #expect(off.settings[.shutdownCharge]?.isEnabled == false)
    }

    @Test func theMaximumBackupTimeAndTheRestartDelay() {
        var ups = ups(SettingChange(.maximumBackupTime, isEnabled: true, value: 10))
        _ = ups.receive(
            SimulatedModelTests.bytes(SettingChange(.restartDelay, isEnabled: true, value: 4)),
            at: SimulatedModelTests.start)
        ups.setPower(false, at: SimulatedModelTests.start)
        ups.advance(to: SimulatedModelTests.start + .seconds(9))
        #expect(ups.hasOutput)
        ups.advance(to: SimulatedModelTests.start + .seconds(10))
        #expect(!ups.hasOutput)
        ups.setPower(true, at: SimulatedModelTests.start + .seconds(20))
        ups.advance(to: SimulatedModelTests.start + .seconds(23))
        #expect(!ups.hasOutput)
        ups.advance(to: SimulatedModelTests.start + .seconds(24))
        #expect(ups.hasOutput)
    }

    @Test func theLoadSensorAndTheMinimumCharge() {
        var ups = ups(SettingChange(.minimumCharge, isEnabled: true, value: 100))
        ups.setLoad(amperes: 0.1, at: SimulatedModelTests.start)
        ups.setCharge(50, at: SimulatedModelTests.start)
        ups.setPower(false, at: SimulatedModelTests.start)
        ups.advance(to: SimulatedModelTests.start + .seconds(2))
        #expect(!ups.hasOutput)
        ups.setPower(true, at: SimulatedModelTests.start + .seconds(3))
        ups.advance(to: SimulatedModelTests.start + .seconds(12))
        #expect(!ups.hasOutput, "not full yet")
        ups.setCharge(100, at: SimulatedModelTests.start + .seconds(13))
        ups.advance(to: SimulatedModelTests.start + .seconds(14))
        #expect(ups.hasOutput)
    }
}
