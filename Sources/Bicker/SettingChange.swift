// The request by which the command `set` changes a setting. Made by the Watch, sent by the Poller.

public import UPS

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
            name, isEnabled: frame.payload[0] != 0,
            value: Int(frame.payload[1]) | Int(frame.payload[2]) << 8)
    }
}
