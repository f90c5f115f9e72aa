// A frame checked against the request it answers, and read. Called by the Poller.

/// The answer to one request, with its unit.
public enum Reply: Equatable, Sendable {
    case deviceStatus(DeviceStatus)
    case voltage(Voltage)
    case current(Current)
    /// State of charge or of health, 0 to 100 %.
    case percent(Int)
    case count(Int)
    case celsius(Int)
    case text(String)
    case chargeStatus(ChargeStatus)
    case monitorStatus(MonitorStatus)
    case alarms(Alarms)
    case capacitance(Capacitance)
    case milliohms(Int)
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

    /// Larger stacks do not exist; a larger value is a misread form. (F)
    private static let largestCapacitance = 1000
    static let longestText = 64

    public init(_ frame: Frame, to request: Request) throws(Failure) {
        if frame == Frame.unsupported { throw .unsupported }
        guard frame.index == request.index, frame.command == request.command else {
            throw .otherRequest
        }
        self = try Reply.read(frame.payload, of: request)
    }

    private static func read(
        _ payload: Payload, of request: Request
    ) throws(Failure) -> Reply {
        switch request.form {
        case .deviceStatus: .deviceStatus(DeviceStatus(rawValue: try byte(payload)))
        case .voltage: .voltage(Voltage(millivolts: Int(try word(payload))))
        case .current: .current(Current(milliamperes: Int(try word(payload))))
        case .signedCurrent:
            .current(Current(milliamperes: Int(Int16(bitPattern: try word(payload)))))
        case .percent: .percent(try percent(payload))
        case .count: .count(payload.count == 1 ? Int(payload[0]) : Int(try word(payload)))
        case .kelvin: .celsius(try celsiusFromKelvin(payload))
        case .celsius: .celsius(try celsius(payload))
        case .text: .text(try text(payload))
        case .chargeStatus: .chargeStatus(ChargeStatus(rawValue: try word(payload)))
        case .monitorStatus: .monitorStatus(MonitorStatus(rawValue: try word(payload)))
        case .alarms: .alarms(Alarms(rawValue: try word(payload)))
        case .capacitance: .capacitance(try capacitance(payload))
        case .resistance: .milliohms(Int(try word(payload)))
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

    private static func percent(_ payload: Payload) throws(Failure) -> Int {
        let value = Int(try byte(payload))
        guard value <= 100 else { throw .implausible }
        return value
    }

    /// One or two bytes, signed. Beyond the LTC3350's own range it is no temperature.
    private static func celsius(_ payload: Payload) throws(Failure) -> Int {
        let value =
            payload.count == 1
            ? Int(Int8(bitPattern: payload[0])) : Int(Int16(bitPattern: try word(payload)))
        guard (-60...150).contains(value) else { throw .implausible }
        return value
    }

    /// Whole Kelvin (NUT) or tenths of it (sister family): only one of the two is plausible.
    private static func celsiusFromKelvin(_ payload: Payload) throws(Failure) -> Int {
        let value = Double(try word(payload))
        let candidates = [value - 273.15, value / 10 - 273.15]
        guard let celsius = candidates.first(where: { (-60...150).contains($0) }) else {
            throw .implausible
        }
        return Int(celsius.rounded())
    }

    /// Devices in the field answer 32 bit in mF, the manual says 16 bit in F.
    private static func capacitance(_ payload: Payload) throws(Failure) -> Capacitance {
        let millifarads: Int
        if payload.count == 4 {
            millifarads = payload.reversed().reduce(0) { $0 << 8 | Int($1) }
        } else {
            millifarads = Int(try word(payload)) * 1000
        }
        guard millifarads <= largestCapacitance * 1000 else { throw .implausible }
        return Capacitance(millifarads: millifarads)
    }

    /// ASCII without a promised terminator; what is not printable becomes a question mark, so
    /// that no control character reaches a terminal or a protocol.
    private static func text(_ payload: Payload) throws(Failure) -> String {
        guard payload.count <= longestText else { throw .wrongLength }
        let printable = payload.prefix { $0 != 0 }.map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }
        let trimmed = printable.drop { $0 == 0x20 }
        let end: Int = trimmed.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? trimmed.startIndex
        return String(decoding: trimmed[trimmed.startIndex..<end], as: UTF8.self)
    }
}
