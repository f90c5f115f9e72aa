// The settings of the UPS on the line (index 0x07), and the request that changes one. Used by
// Reply, the Poller and the simulator; the Watch makes the change for the command `set`.

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
        let hasLimits = payload.word(at: 1) != 0xFFFF
        self.init(
            minimum: hasLimits ? payload.word(at: 1) : 0,
            maximum: hasLimits ? payload.word(at: 3) : 0xFFFF, default: payload.word(at: 5),
            isEnabled: payload[7] != 0, value: payload.word(at: 8))
    }

    static let length = 10

    /// The payload of an answer, as a device makes it.
    public func payload(of name: SettingName) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
        return [name.request.command] + word(minimum) + word(maximum) + word(`default`)
            + [isEnabled ? 1 : 0] + word(value)
    }
}

/// A request that writes: `01 06 07 NUMBER ENABLED LOW HIGH 04`. It is answered as a reading one.
public struct SettingChange: Equatable, Sendable {
    public let name: SettingName
    public let isEnabled: Bool
    public let value: Int

    public init(_ name: SettingName, isEnabled: Bool, value: Int) {
        (self.name, self.isEnabled, self.value) = (name, isEnabled, value)
    }

    public var frame: Frame {
        let word = UInt16(clamping: value)
        return Frame(
            index: name.request.index, command: name.request.command,
            payload: [isEnabled ? 1 : 0, UInt8(word & 0xFF), UInt8(word >> 8)])
    }

    /// The change that a frame carries, as the device sees it.
    public init?(_ frame: Frame) {
        let name = SettingName.allCases.first {
            $0.request.index == frame.index && $0.request.command == frame.command
        }
        guard let name, frame.payload.count == 3 else { return nil }
        self.init(
            name, isEnabled: frame.payload[0] != 0, value: frame.payload.word(at: 1))
    }
}
