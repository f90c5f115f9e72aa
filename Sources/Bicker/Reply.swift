// A frame checked against the request it answers, and read. Called by the Poller and by the last
// exchange.

public import UPS

/// The answer to one request, with its unit.
public enum Reply: Equatable, Sendable {
    case deviceStatus(DeviceStatus)
    case voltage(Voltage)
    case current(Current)
    /// State of charge or of health, 0 to 100 %.
    case percent(Int)
    case count(Int)
    case celsius(Int)
    /// Nil: none was written into the device.
    case text(String?)
    case chargeStatus(ChargeStatus)
    case monitorStatus(MonitorStatus)
    case alarms(Alarms)
    /// Nil: it has not been measured yet.
    case capacitance(Capacitance?)
    case milliohms(Int?)
    case setting(Setting)
    case acknowledged

    /// Why a frame is no answer to a request.
    public enum Failure: Error, Equatable, Sendable {
        /// The device does not know the feature.
        case unsupported
        /// It answers something else: a late reply, or noise.
        case otherRequest
        case wrongLength
        case implausible
    }

    static let longestText = 64

    public init(
        _ frame: Frame, to request: Request, ranges: PlausibleRanges = PlausibleRanges()
    ) throws(Failure) {
        if frame == Frame.unsupported { throw .unsupported }
        guard frame.index == request.index, frame.command == request.command else {
            throw .otherRequest
        }
        let payload = frame.payload
        self =
            switch request.form {
            case .deviceStatus: .deviceStatus(DeviceStatus(rawValue: try payload.byte()))
            case .voltage: .voltage(Voltage(millivolts: Int(try payload.word())))
            case .current: .current(try payload.current(in: ranges.current))
            case .batteryCurrent: .current(try payload.current(in: ranges.batteryCurrent))
            case .percent: .percent(try plausible(Int(payload.byte()), in: 0...100))
            case .count: .count(payload.count == 1 ? Int(payload[0]) : Int(try payload.word()))
            case .kelvin: .celsius(try payload.celsiusFromKelvin(in: ranges.temperature))
            case .celsius: .celsius(try payload.celsius(in: ranges.temperature))
            case .text: .text(try payload.text())
            case .chargeStatus: .chargeStatus(ChargeStatus(rawValue: try payload.word()))
            case .monitorStatus: .monitorStatus(MonitorStatus(rawValue: try payload.word()))
            case .alarms: .alarms(Alarms(rawValue: try payload.word()))
            case .capacitance: .capacitance(try payload.capacitance(in: ranges.capacitance))
            case .resistance: .milliohms(try payload.resistance(in: ranges.resistance))
            case .setting: .setting(try Setting(payload, of: request))
            case .acknowledgement: .acknowledged
            }
    }
}

/// What a quantity of this UPS can be, from its ratings; what lies outside was misread.
public struct PlausibleRanges: Equatable, Sendable {
    /// Into the UPS and out of it. (mA)
    let current: ClosedRange<Int>
    /// Of the capacitors, the voltage of which is lower. (mA)
    let batteryCurrent: ClosedRange<Int>
    /// No capacitors of this kind have less, and none have more. (mF)
    let capacitance = 500...1_000_000
    /// LTC3350 and its capacitors. (°C)
    let temperature = -60...150
    /// Of the whole stack. (mΩ)
    let resistance = 1...10_000

    /// The charger's registers show small currents in the other direction; overcurrents are real.
    public init(_ rating: Rating = Rating()) {
        let most = Int((max(rating.maximumAmperes, 1) * 1000).rounded())
        current = -most...most * 4
        batteryCurrent = -most * 10...most * 10
    }
}

private func plausible(_ value: Int, in range: ClosedRange<Int>) throws(Reply.Failure) -> Int {
    guard range.contains(value) else { throw .implausible }
    return value
}

extension Payload {
    fileprivate func byte() throws(Reply.Failure) -> UInt8 {
        guard count == 1 else { throw .wrongLength }
        return self[0]
    }

    fileprivate func word() throws(Reply.Failure) -> UInt16 {
        guard count == 2 else { throw .wrongLength }
        return UInt16(word(at: 0))
    }

    /// Signed, as the manuals and the original have it; NUT reads only the battery's so.
    fileprivate func current(in range: ClosedRange<Int>) throws(Reply.Failure) -> Current {
        Current(milliamperes: try plausible(Int(Int16(bitPattern: word())), in: range))
    }

    /// One or two bytes, signed. Beyond the LTC3350's own range it is no temperature.
    fileprivate func celsius(in range: ClosedRange<Int>) throws(Reply.Failure) -> Int {
        let value =
            count == 1 ? Int(Int8(bitPattern: self[0])) : Int(Int16(bitPattern: try word()))
        return try plausible(value, in: range)
    }

    /// Whole Kelvin (NUT) or tenths of it (sister family): only one of the two is plausible.
    fileprivate func celsiusFromKelvin(in range: ClosedRange<Int>) throws(Reply.Failure) -> Int {
        let value = Double(try word())
        let candidates = [value, value / 10].map { Int(($0 - 273.15).rounded()) }
        guard let celsius = candidates.first(where: range.contains) else { throw .implausible }
        return celsius
    }

    /// Devices in the field answer 32 bit in mF, the manual says 16 bit in F. A device that answers
    /// 32 bit in F is told by what no capacitors have in mF. Nil: it has measured nothing yet.
    fileprivate func capacitance(
        in range: ClosedRange<Int>
    ) throws(Reply.Failure) -> Capacitance? {
        let value = count == 4 ? reversed().reduce(0) { $0 << 8 | Int($1) } : Int(try word())
        guard value > 0 else { return nil }
        let isInFarads = count == 2 || value < range.lowerBound
        return Capacitance(millifarads: try plausible(isInFarads ? value * 1000 : value, in: range))
    }

    /// Nil: it has measured nothing yet.
    fileprivate func resistance(in range: ClosedRange<Int>) throws(Reply.Failure) -> Int? {
        let milliohms = Int(try word())
        return milliohms > 0 ? try plausible(milliohms, in: range) : nil
    }

    /// ASCII without a promised terminator; what is not printable becomes a question mark, so
    /// that no control character reaches a terminal or a protocol. Nil: blank, or erased memory.
    fileprivate func text() throws(Reply.Failure) -> String? {
        guard count <= Reply.longestText else { throw .wrongLength }
        let printable = prefix { $0 != 0 }.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }
        guard printable.contains(where: { $0 != 0x3F && $0 != 0x20 }),
            let last = printable.lastIndex(where: { $0 != 0x20 })
        else { return nil }
        return String(decoding: printable[...last].drop { $0 == 0x20 }, as: UTF8.self)
    }
}
