// A frame checked against the request it answers, and read. Called by the Poller.

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
        self = try Reply.read(frame.payload, of: request, ranges)
    }

    private static func read(
        _ payload: Payload, of request: Request, _ ranges: PlausibleRanges
    ) throws(Failure) -> Reply {
        switch request.form {
        case .deviceStatus: .deviceStatus(DeviceStatus(rawValue: try byte(payload)))
        case .voltage: .voltage(Voltage(millivolts: Int(try word(payload))))
        case .current: .current(try current(payload, in: ranges.current))
        case .batteryCurrent: .current(try current(payload, in: ranges.batteryCurrent))
        case .percent: .percent(try percent(payload))
        case .count: .count(payload.count == 1 ? Int(payload[0]) : Int(try word(payload)))
        case .kelvin: .celsius(try celsiusFromKelvin(payload, ranges))
        case .celsius: .celsius(try celsius(payload, ranges))
        case .text: .text(try text(payload))
        case .chargeStatus: .chargeStatus(ChargeStatus(rawValue: try word(payload)))
        case .monitorStatus: .monitorStatus(MonitorStatus(rawValue: try word(payload)))
        case .alarms: .alarms(Alarms(rawValue: try word(payload)))
        case .capacitance: .capacitance(try capacitance(payload, ranges))
        case .resistance: .milliohms(try resistance(payload, ranges))
        case .setting: .setting(try Setting(payload, of: request))
        case .acknowledgement: .acknowledged
        }
    }

    private static func byte(_ payload: Payload) throws(Failure) -> UInt8 {
        guard payload.count == 1 else { throw .wrongLength }
        return payload[0]
    }

    private static func word(_ payload: Payload) throws(Failure) -> UInt16 {
        guard payload.count == 2 else { throw .wrongLength }
        return UInt16(payload[0]) | UInt16(payload[1]) << 8
    }

    /// Signed, as the manuals and the original have it; NUT reads only the battery's so.
    private static func current(
        _ payload: Payload, in range: ClosedRange<Int>
    ) throws(Failure) -> Current {
        let milliamperes = Int(Int16(bitPattern: try word(payload)))
        guard range.contains(milliamperes) else { throw .implausible }
        return Current(milliamperes: milliamperes)
    }

    private static func percent(_ payload: Payload) throws(Failure) -> Int {
        let value = Int(try byte(payload))
        guard value <= 100 else { throw .implausible }
        return value
    }

    /// One or two bytes, signed. Beyond the LTC3350's own range it is no temperature.
    private static func celsius(
        _ payload: Payload, _ ranges: PlausibleRanges
    ) throws(Failure) -> Int {
        let value =
            payload.count == 1
            ? Int(Int8(bitPattern: payload[0])) : Int(Int16(bitPattern: try word(payload)))
        guard ranges.temperature.contains(value) else { throw .implausible }
        return value
    }

    /// Whole Kelvin (NUT) or tenths of it (sister family): only one of the two is plausible.
    private static func celsiusFromKelvin(
        _ payload: Payload, _ ranges: PlausibleRanges
    ) throws(Failure) -> Int {
        let value = Double(try word(payload))
        let candidates = [value, value / 10].map { Int(($0 - 273.15).rounded()) }
        guard let celsius = candidates.first(where: { ranges.temperature.contains($0) }) else {
            throw .implausible
        }
        return celsius
    }

    /// Devices in the field answer 32 bit in mF, the manual says 16 bit in F. A device that answers
    /// 32 bit in F is told by what no store has in mF. Nil: it has measured nothing yet.
    private static func capacitance(
        _ payload: Payload, _ ranges: PlausibleRanges
    ) throws(Failure) -> Capacitance? {
        let value =
            payload.count == 4
            ? payload.reversed().reduce(0) { $0 << 8 | Int($1) } : Int(try word(payload))
        guard value > 0 else { return nil }
        let isInFarads = payload.count == 2 || value < ranges.capacitance.lowerBound
        let millifarads = isInFarads ? value * 1000 : value
        guard ranges.capacitance.contains(millifarads) else { throw .implausible }
        return Capacitance(millifarads: millifarads)
    }

    /// Nil: it has measured nothing yet.
    private static func resistance(
        _ payload: Payload, _ ranges: PlausibleRanges
    ) throws(Failure) -> Int? {
        let milliohms = Int(try word(payload))
        guard milliohms > 0 else { return nil }
        guard ranges.resistance.contains(milliohms) else { throw .implausible }
        return milliohms
    }

    /// ASCII without a promised terminator; what is not printable becomes a question mark, so
    /// that no control character reaches a terminal or a protocol. Nil: blank, or erased memory.
    private static func text(_ payload: Payload) throws(Failure) -> String? {
        guard payload.count <= longestText else { throw .wrongLength }
        let printable = payload.prefix { $0 != 0 }.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }
        let trimmed = printable.drop { $0 == 0x20 }
        let end: Int = trimmed.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? trimmed.startIndex
        let text = trimmed[trimmed.startIndex..<end]
        guard text.contains(where: { $0 != 0x3F && $0 != 0x20 }) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}
