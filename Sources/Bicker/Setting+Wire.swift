// The settings of the UPS on the wire (index 0x07). Used by Reply and by the Poller.

public import UPS

extension SettingName {
    public var request: Request {
        switch self {
        case .loadSensor: .loadSensor
        case .maximumBackupTime: .maximumBackupTime
        case .shutdownTimer: .shutdownTimer
        case .restartDelay: .restartDelay
        case .minimumCharge: .minimumCharge
        case .ignitionTimer: .ignitionTimer
        case .shutdownCharge: .shutdownCharge
        case .emptyCharge: .emptyCharge
        case .relayMode: .relayMode
        }
    }

    public init?(_ request: Request) {
        guard let name = SettingName.allCases.first(where: { $0.request == request }) else {
            return nil
        }
        self = name
    }
}

extension Setting {
    /// number (8 bit), minimum, maximum, standard (16 bit each), enabled (8 bit), value (16 bit).
    /// A minimum of 0xFFFF is known to be corrupt limits, which then mean "any".
    init(_ payload: Payload, of request: Request) throws(Reply.Failure) {
        guard payload.count == Setting.length else { throw .wrongLength }
        guard payload[0] == request.command else { throw .otherRequest }
        func word(_ offset: Int) -> Int { Int(payload[offset]) | Int(payload[offset + 1]) << 8 }
        let hasLimits = word(1) != 0xFFFF
        self.init(
            minimum: hasLimits ? word(1) : 0, maximum: hasLimits ? word(3) : 0xFFFF,
            default: word(5), isEnabled: payload[7] != 0, value: word(8))
    }

    static let length = 10

    /// The payload of an answer, as a device makes it.
    public func payload(of name: SettingName) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
        return [name.request.command] + word(minimum) + word(maximum) + word(`default`)
            + [isEnabled ? 1 : 0] + word(value)
    }
}
