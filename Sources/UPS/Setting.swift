// The settings of the UPS (index 0x07): read once per link, and written only by the command `set`.

/// What can be set. Source: NUT `drivers/bicker_ser.c`, the Bicker UPSI manuals.
public enum SettingName: String, CaseIterable, Hashable, Sendable {
    /// Less output current than this on battery: the host counts as off. (mA)
    case loadSensor
    /// The UPS cuts its output after so long on battery. (s)
    case maximumBackupTime
    /// The relay asks the host to shut down after so long on battery. (s)
    case shutdownTimer
    /// How long the output stays off before it returns. (s)
    case restartDelay
    /// The charge at which the output is given free. (%)
    case minimumCharge
    /// As `shutdownTimer`, while the ignition input is on. (s)
    case ignitionTimer
    /// The relay asks the host to shut down at this charge. (%)
    case shutdownCharge
    /// The relay calls the battery empty at this charge. (%)
    case emptyCharge
    /// What the relay says, 1 to 5.
    case relayMode

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

    init?(_ request: Request) {
        guard let name = SettingName.allCases.first(where: { $0.request == request }) else {
            return nil
        }
        self = name
    }

    /// Empty: a plain number.
    public var unit: String {
        switch self {
        case .loadSensor: "mA"
        case .maximumBackupTime, .shutdownTimer, .restartDelay, .ignitionTimer: "s"
        case .minimumCharge, .shutdownCharge, .emptyCharge: "%"
        case .relayMode: ""
        }
    }

    /// `30 s`, or `off`.
    public func text(_ value: Int?) -> String {
        guard let value else { return "off" }
        return unit.isEmpty ? "\(value)" : "\(value) \(unit)"
    }
}

/// One setting with its limits. Source: NUT `drivers/bicker_ser.c`.
public struct Setting: Equatable, Sendable {
    public let minimum: Int
    public let maximum: Int
    public let standard: Int
    public let isEnabled: Bool
    public let value: Int

    public init(minimum: Int, maximum: Int, standard: Int, isEnabled: Bool, value: Int) {
        self.minimum = minimum
        self.maximum = maximum
        self.standard = standard
        self.isEnabled = isEnabled
        self.value = value
    }

    /// Nil: it is switched off.
    public var effective: Int? { isEnabled ? value : nil }

    /// number (8 bit), minimum, maximum, standard (16 bit each), enabled (8 bit), value (16 bit).
    /// A minimum of 0xFFFF is known to be corrupt limits, which then mean "any".
    init(_ payload: Payload, of request: Request) throws(Reply.Failure) {
        guard payload.count == Setting.length else { throw .wrongLength }
        guard payload[0] == request.command else { throw .otherRequest }
        func word(_ offset: Int) -> Int { Int(payload[offset]) | Int(payload[offset + 1]) << 8 }
        let hasLimits = word(1) != 0xFFFF
        self.init(
            minimum: hasLimits ? word(1) : 0, maximum: hasLimits ? word(3) : 0xFFFF,
            standard: word(5), isEnabled: payload[7] != 0, value: word(8))
    }

    static let length = 10

    /// The payload of an answer, as a device makes it.
    public func payload(of name: SettingName) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
        return [name.request.command] + word(minimum) + word(maximum) + word(standard)
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

    var frame: Frame {
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
            name, isEnabled: frame.payload[0] != 0,
            value: Int(frame.payload[1]) | Int(frame.payload[2]) << 8)
    }
}
