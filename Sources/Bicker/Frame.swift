// The unit of the Bicker serial protocol, both ways. Used by requests, replies and the simulator.

import UPS

/// One frame:
///
///     +-----+------+-------+---------+---------------------+-----+
///     | SOH | size | index | command | payload, 0…252 byte | EOT |
///     +-----+------+-------+---------+---------------------+-----+
///      0x01          size = 3 + payload bytes                0x04
///
/// There is no checksum, and the payload may hold any byte, SOH and EOT included: a frame is
/// found by its length only. Source: NUT `drivers/bicker_ser.c`.
public struct Frame: Equatable, Sendable {
    public static let start: UInt8 = 0x01
    public static let end: UInt8 = 0x04
    /// The smallest value of the size byte: index, command and the size byte itself.
    public static let smallestSize = 3
    public static let longestPayload = 252
    /// The shortest frame there is, in bytes.
    public static let shortestLength = smallestSize + 2
    /// So many bytes on the line, 10 bits each at 38400 baud.
    public static func time(ofBytes count: Int) -> Duration {
        Duration(nanoseconds: 260_417 * count)
    }

    public let index: UInt8
    public let command: UInt8
    public let payload: Payload

    /// A payload of more than `longestPayload` bytes does not fit a frame and is a caller's error.
    public init(index: UInt8, command: UInt8, payload: some Collection<UInt8> = EmptyCollection()) {
        precondition(payload.count <= Frame.longestPayload, "payload does not fit a frame")
        self.index = index
        self.command = command
        self.payload = Payload(payload)
    }

    /// How many bytes it is on the line.
    public var length: Int { Frame.shortestLength + payload.count }

    /// The bytes on the line.
    public var bytes: [UInt8] {
        let size = UInt8(Frame.smallestSize + payload.count)
        return [Frame.start, size, index, command] + payload + [Frame.end]
    }

    /// `01 03 EE 07 04`: the request was understood, but this device does not have the feature.
    /// It does not say which request it answers. Source: NUT, found by experiment.
    public static let unsupported = Frame(index: 0xEE, command: 0x07)
}
