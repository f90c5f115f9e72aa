// Answers, form by form: what is read, and what is refused.

import Testing

@testable import Bicker
@testable import UPS

@Suite struct ReplyTests {
    @Test(
        arguments: [
            (.deviceStatus, [0x0D], .deviceStatus([.charging, .powerPresent, .batteryPresent])),
            (.inputVoltage, [0x38, 0x31], .voltage(Voltage(millivolts: 12600))),
            (.inputVoltage, [0xFF, 0xFF], .voltage(Voltage(millivolts: 65535))),
            (.outputCurrent, [0x10, 0x27], .current(Current(milliamperes: 10000))),
            (.outputCurrent, [0xFC, 0xFF], .current(Current(milliamperes: -4))),
            (.inputCurrent, [0x20, 0x4E], .current(Current(milliamperes: 20_000))),
            (.batteryCurrent, [0xE8, 0x03], .current(Current(milliamperes: 1000))),
            (.batteryCurrent, [0x18, 0xFC], .current(Current(milliamperes: -1000))),
            (.chargeCurrent, [0xFF, 0xFF], .current(Current(milliamperes: -1))),
            (.charge, [0], .percent(0)), (.charge, [100], .percent(100)),
            (.stateOfHealth, [98], .percent(98)),
            (.cycles, [7], .count(7)), (.cycles, [0x01, 0x02], .count(513)),
            (.temperature, [28], .celsius(28)), (.temperature, [0xF6], .celsius(-10)),
            (.temperature, [150, 0], .celsius(150)), (.temperature, [0xC4], .celsius(-60)),
            (.temperature, [28, 0], .celsius(28)), (.temperature, [0xF6, 0xFF], .celsius(-10)),
            (.batteryTemperature, [0x2B, 0x01], .celsius(26)),
            (.batteryTemperature, [0xA5, 0x0B], .celsius(25)),
            (.chargeStatus, [0x25, 0x14], .chargeStatus(ChargeStatus(rawValue: 0x1425))),
            (.monitorStatus, [0x00, 0x02], .monitorStatus(.powerReturned)),
            (.alarms, [0x00, 0x80], .alarms(.capacitanceLow)),
            (.esr, [34, 0], .milliohms(34)),
            (.startMeasurement, [], .acknowledged), (.startMeasurement, [0], .acknowledged),
        ] as [(Request, [UInt8], Reply)])
    func value(request: Request, payload: [UInt8], reply: Reply) throws {
        #expect(try read(request, payload) == reply)
    }

    /// Devices in the field answer 32 bit in mF, the manual says 16 bit in F.
    @Test(
        arguments: [
            ([0xA8, 0x61, 0x00, 0x00], 25_000), ([25, 0], 25_000), ([0xE8, 0x03], 1_000_000),
            ([0x40, 0x42, 0x0F, 0x00], 1_000_000),
            // No store has 11 or 499 mF; 500 mF is the smallest one.
            ([11, 0, 0, 0], 11_000), ([0xF3, 0x01, 0, 0], 499_000), ([0xF4, 0x01, 0, 0], 500),
        ] as [([UInt8], Int)])
    func capacitance(payload: [UInt8], millifarads: Int) throws {
        let expected = Reply.capacitance(Capacitance(millifarads: millifarads))
        #expect(try read(.capacitance, payload) == expected)
    }

    @Test func zeroIsNotMeasuredYet() throws {
        for payload: [UInt8] in [[0, 0], [0, 0, 0, 0]] {
            #expect(try read(.capacitance, payload) == .capacitance(nil))
        }
        #expect(try read(.esr, [0, 0]) == .milliohms(nil))
    }

    /// What the output can give bounds what it may be said to give; a small one counts as 1 A.
    @Test(arguments: [(2, 1), (1, 2), (0.1, 2)])
    func currentsAreBoundedByTheRating(amperes: Double, divisor: Int) throws {
        var rating = Rating()
        rating.maximumAmperes = amperes
        func read(_ request: Request, _ milliamperes: Int) throws -> Reply {
            let word = UInt16(truncatingIfNeeded: milliamperes)
            let frame = Frame(
                index: request.index, command: request.command,
                payload: [UInt8(word & 0xFF), UInt8(word >> 8)])
            return try Reply(frame, to: request, ranges: PlausibleRanges(rating))
        }
        for (request, least, most) in [
            (Request.inputCurrent, -2000, 8000), (.outputCurrent, -2000, 8000),
            (.batteryCurrent, -20_000, 20_000),
        ] {
            let (least, most) = (least / divisor, most / divisor)
            for value in [least, most] {
                #expect(try read(request, value) == .current(Current(milliamperes: value)))
            }
            for value in [least - 1, most + 1] {
                #expect(throws: Reply.Failure.implausible) { try read(request, value) }
            }
        }
    }

    @Test(
        arguments: [
            (.charge, [101]), (.charge, [255]), (.stateOfHealth, [101]),
            (.temperature, [0x97]), (.temperature, [0xC3]), (.temperature, [151, 0]),
            (.batteryTemperature, [0, 0]), (.batteryTemperature, [0xFF, 0xFF]),
            (.capacitance, [0xE9, 0x03]), (.capacitance, [0x41, 0x42, 0x0F, 0x00]),
            (.capacitance, [0xFF, 0xFF, 0xFF, 0xFF]), (.esr, [0xFF, 0xFF]), (.esr, [0x11, 0x27]),
            (.outputCurrent, [0x21, 0x4E]), (.outputCurrent, [0x00, 0x80]),
        ] as [(Request, [UInt8])])
    func implausible(request: Request, payload: [UInt8]) {
        #expect(throws: Reply.Failure.implausible) { try read(request, payload) }
    }

    /// How many payload bytes each form may have; none of the others is read.
    private static let lengths: [(Request, Set<Int>)] = [
        (.deviceStatus, [1]), (.inputVoltage, [2]), (.inputCurrent, [2]), (.batteryCurrent, [2]),
        (.charge, [1]), (.cycles, [1, 2]), (.batteryTemperature, [2]), (.temperature, [1, 2]),
        (.series, Set(0...64)), (.chargeStatus, [2]), (.monitorStatus, [2]), (.alarms, [2]),
        (.capacitance, [2, 4]), (.esr, [2]), (.startMeasurement, Set(0...66)), (.relayMode, [10]),
    ]

    @Test func everyFormHasItsLengths() {
        let forms = Set(ReplyTests.lengths.map(\.0.form))
        #expect(forms == Set(Request.allCases.map(\.form)))
    }

    @Test(arguments: lengths)
    func wrongLength(request: Request, allowed: Set<Int>) {
        for length in 0...66 where !allowed.contains(length) {
            #expect(throws: Reply.Failure.wrongLength, "\(length) bytes") {
                try read(request, [UInt8](repeating: 1, count: length))
            }
        }
    }

    @Test(arguments: Request.allCases)
    func unsupportedIsForAnyRequest(request: Request) {
        #expect(throws: Reply.Failure.unsupported) {
            try Reply(Frame.unsupported, to: request)
        }
    }

    @Test func anotherRequestsAnswer() {
        for frame in [
            Frame(index: 0x01, command: 0x42, payload: [1, 2]),
            Frame(index: 0x03, command: 0x41, payload: [1, 2]),
            Frame(index: 0xEE, command: 0x07, payload: [0]),
        ] {
            #expect(throws: Reply.Failure.otherRequest) { try Reply(frame, to: .inputVoltage) }
        }
    }

    @Test(arguments: [
        ("UPSIC Series", "UPSIC Series"), ("  1.2.0 \0", "1.2.0"), ("µ8", "??8"),
        ("SUC-1011\0\0garbage", "SUC-1011"), ("A\u{7}B\nC\u{7F}", "A?B?C?"),
        ("\u{1B}[2J", "?[2J"),
    ])
    func text(raw: String, text: String) throws {
        #expect(try read(.series, Array(raw.utf8)) == .text(text))
    }

    /// Nothing was written, or memory was erased: that is no text.
    @Test(
        arguments: [
            [], [0x20, 0x20], [0, 0x41], [0xFF, 0xFF, 0xFF], [0xFF, 0x20, 0xFF],
        ] as [[UInt8]])
    func noText(raw: [UInt8]) throws {
        #expect(try read(.series, raw) == .text(nil))
    }

    @Test func longestTextIsRead() throws {
        let text = String(repeating: "x", count: 64)
        #expect(try read(.series, Array(text.utf8)) == .text(text))
        #expect(Request.series.longestPayload == 64)
        #expect(Request.deviceStatus.longestPayload == 10)
    }

    private func read(_ request: Request, _ payload: [UInt8]) throws -> Reply {
        let frame = Frame(index: request.index, command: request.command, payload: payload)
        return try Reply(frame, to: request)
    }
}

@Suite struct SettingTests {
    private static let payload: [UInt8] = [0x02, 1, 0, 0x10, 0x0E, 60, 0, 1, 0x2C, 0x01]

    @Test func fields() throws {
        let setting = Setting(minimum: 1, maximum: 3600, default: 60, isEnabled: true, value: 300)
        #expect(try Setting(Payload(SettingTests.payload), of: .maximumBackupTime) == setting)
    }

    @Test func corruptLimitsMeanAny() throws {
        var payload = SettingTests.payload
        (payload[1], payload[2], payload[7]) = (0xFF, 0xFF, 0)
        let setting = try Setting(Payload(payload), of: .maximumBackupTime)
        #expect(setting.minimum == 0)
        #expect(setting.maximum == 0xFFFF)
        #expect(!setting.isEnabled)
    }

    /// `01 06 07 NUMBER ENABLED LOW HIGH 04`, and the answer as a reading request has it.
    @Test func changes() throws {
        let change = SettingChange(.restartDelay, isEnabled: true, value: 300)
        #expect(change.frame.bytes == [0x01, 0x06, 0x07, 0x04, 0x01, 0x2C, 0x01, 0x04])
        #expect(SettingChange(change.frame) == change)
        #expect(SettingChange(Request.restartDelay.frame) == nil)
        #expect(SettingChange(Frame(index: 0x01, command: 0x04, payload: [1, 2, 3])) == nil)
        let off = SettingChange(.relayMode, isEnabled: false, value: 5)
        #expect(off.frame.payload == Payload([0, 5, 0]))
        let setting = try Setting(Payload(SettingTests.payload), of: .maximumBackupTime)
        #expect(setting.payload(of: .maximumBackupTime) == SettingTests.payload)
    }

    @Test func anotherSetting() {
        #expect(throws: Reply.Failure.otherRequest) {
            try Setting(Payload(SettingTests.payload), of: .shutdownTimer)
        }
    }
}
