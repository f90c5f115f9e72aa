// The simulated UPS: its physics, and what it answers to each request.

import Testing

@testable import Bicker
@testable import Simulator
@testable import UPS

/// Asks a simulated UPS and reads its answers with the daemon's own codec.
struct Asking {
    static let start = BootTime(.seconds(100))

    var ups: SimulatedUPS
    var now = Asking.start

    init(pace: SimulatedUPS.Pace = .none, seed: UInt64 = 1) {
        ups = SimulatedUPS(pace: pace, seed: seed, at: Asking.start)
    }

    mutating func bytes(_ request: Request) -> [UInt8] {
        ups.receive(request.frame.bytes, at: now).flatMap(\.bytes)
    }

    mutating func frames(_ request: Request) -> [Frame] {
        var decoder = FrameDecoder()
        decoder.append(bytes(request))
        var frames: [Frame] = []
        while let frame = decoder.next() { frames.append(frame) }
        return frames
    }

    mutating func reply(_ request: Request) -> Reply? {
        guard let frame = frames(request).first else { return nil }
        return try? Reply(frame, to: request)
    }

    mutating func pass(_ duration: Duration) {
        now = now + duration
        ups.advance(to: now)
    }

    mutating func setPower(_ isOn: Bool) { ups.setPower(isOn, at: now) }
}

@Suite struct SimulatedUPSTests {
    @Test func onLineAndFull() {
        var asking = Asking()
        let status = asking.reply(.deviceStatus)?.deviceStatus
        #expect(status == [.powerPresent, .batteryPresent])
        #expect(asking.reply(.charge)?.percent == 100)
        #expect(asking.reply(.inputVoltage)?.count == 12600)
        #expect(asking.reply(.batteryCurrent)?.count == 0)
        #expect(asking.reply(.series) == .text("UPSIC Series"))
    }

    /// 1 A at 12.1 V through a converter of 90 %: 13.4 W out of 1014 J.
    @Test func dischargesByItsLoad() {
        var asking = Asking()
        asking.setPower(false)
        #expect(asking.reply(.deviceStatus)?.deviceStatus == [.batteryPresent, .discharging])
        #expect(asking.reply(.inputVoltage)?.count == 100)
        let before = asking.ups.stack.volts
        asking.pass(.seconds(10))
        let after = asking.ups.stack.volts
        let joules = 25.0 / 2 * (before * before - after * after)
        #expect(abs(joules - 12.1 / 0.9 * 10) < 0.001)
        #expect(asking.reply(.charge)?.percent == 86)
        #expect((asking.reply(.batteryCurrent)?.count ?? 0) < 0)
    }

    @Test func goesDarkWhenEmpty() {
        var asking = Asking()
        asking.setPower(false)
        asking.pass(.seconds(120))
        #expect(!asking.ups.hasOutput)
        #expect(asking.bytes(.deviceStatus) == [])
        asking.setPower(true)
        #expect(asking.reply(.charge)?.percent == 0)
    }

    /// 2 A into 25 F: 80 mV a second.
    @Test func charges() {
        var asking = Asking()
        asking.ups.setCharge(50, at: asking.now)
        let before = asking.ups.stack.volts
        asking.pass(.seconds(10))
        #expect(abs(asking.ups.stack.volts - before - 0.8) < 1e-9)
        let status = asking.reply(.deviceStatus)?.deviceStatus
        #expect(status == [.powerPresent, .batteryPresent, .charging])
        #expect(asking.reply(.batteryCurrent)?.count == 2000)
        asking.pass(.seconds(60))
        #expect(asking.ups.stack.isFull)
        #expect(asking.reply(.deviceStatus)?.deviceStatus?.contains(.charging) == false)
    }

    @Test(arguments: [0, 1, 25, 50, 99, 100])
    func chargeIsWhatWasSet(percent: Int) {
        var asking = Asking()
        asking.ups.setCharge(percent, at: asking.now)
        #expect(asking.reply(.charge)?.percent == percent)
    }

    @Test func cellsAddUpToTheStack() {
        var asking = Asking()
        let cells = [Request.cell1, .cell2, .cell3, .cell4]
        let sum = cells.reduce(0) { $0 + (asking.reply($1)?.count ?? 0) }
        #expect(abs(sum - (asking.reply(.batteryVoltage)?.count ?? 0)) <= 2)
    }

    @Test func measurementRunsAndEnds() {
        var asking = Asking()
        _ = asking.reply(.startMeasurement)
        #expect(asking.reply(.monitorStatus)?.monitorStatus?.contains(.measurementActive) == true)
        asking.pass(.seconds(6))
        let status = asking.reply(.monitorStatus)?.monitorStatus
        #expect(status?.contains(.measurementActive) == false)
        #expect(status?.isSuperset(of: [.capacitanceDone, .esrDone]) == true)
    }

    @Test func noMeasurementOnBatteryOrWhileCharging() {
        var asking = Asking()
        asking.ups.setCharge(50, at: asking.now)
        _ = asking.reply(.startMeasurement)
        #expect(asking.reply(.monitorStatus)?.monitorStatus?.contains(.measurementActive) == false)
    }

    @Test func requestedShutdownIsABit() {
        var asking = Asking()
        asking.ups.requestsShutdown = true
        #expect(asking.reply(.deviceStatus)?.deviceStatus?.contains(.shutdownSet) == true)
    }

    /// What it does not know it says so, in the device's own words.
    @Test func unknownRequestIsUnsupported() {
        var asking = Asking()
        asking.ups.unknownRequests = [.temperature]
        #expect(asking.frames(.temperature) == [Frame.unsupported])
        #expect(asking.reply(.charge) != nil)
    }

    // MARK: Pace

    /// A request of 5 bytes and an answer of 6 at 260 µs each, 1 ms between them.
    @Test func bytePaceIsThatOfTheLine() {
        var ups = SimulatedUPS(pace: .byte, at: Asking.start)
        let deliveries = ups.receive(Request.deviceStatus.frame.bytes, at: Asking.start)
        let byte = Frame.time(ofBytes: 1)
        let length = Request.deviceStatus.frame.length
        let first = Asking.start + byte * (length + 1) + .milliseconds(1)
        #expect(deliveries.first?.time == first)
        #expect(deliveries.allSatisfy { $0.bytes.count == 1 })
        #expect(deliveries.last?.time == first + byte * (deliveries.count - 1))
    }

    @Test func framePaceEndsWithTheLastByte() {
        var (byte, frame) = (Asking(pace: .byte), Asking(pace: .frame))
        let request = Request.deviceStatus.frame.bytes
        let bytes = byte.ups.receive(request, at: byte.now)
        let frames = frame.ups.receive(request, at: frame.now)
        #expect(frames.count == 1)
        #expect(frames.first?.time == bytes.last?.time)
        #expect(frames.first?.bytes == bytes.flatMap(\.bytes))
    }

    /// Half duplex: the second answer waits for the first.
    @Test func answersDoNotOverlap() {
        var ups = SimulatedUPS(pace: .byte, at: Asking.start)
        let two = Request.charge.frame.bytes + Request.deviceStatus.frame.bytes
        let times = ups.receive(two, at: Asking.start).map(\.time)
        #expect(times == times.sorted())
        #expect(Set(times).count == times.count)
    }

    @Test func requestInPiecesIsOne() {
        var ups = SimulatedUPS(pace: .none, at: Asking.start)
        let request = Request.charge.frame.bytes
        for byte in request.dropLast() { #expect(ups.receive([byte], at: Asking.start) == []) }
        #expect(ups.receive([request.last ?? 0], at: Asking.start).count == 1)
    }

    @Test func unplugLosesHalfARequest() {
        var ups = SimulatedUPS(pace: .none, at: Asking.start)
        let request = Request.charge.frame.bytes
        _ = ups.receive(Array(request.prefix(3)), at: Asking.start)
        ups.unplug()
        #expect(ups.receive(Array(request.dropFirst(3)), at: Asking.start) == [])
        #expect(ups.receive(request, at: Asking.start).count == 1)
    }
}
