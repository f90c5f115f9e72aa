// The request that ends the output of the UPS. Only the late hook sends it, when the file systems
// of this host are down; the simulated UPS understands it.

import UPS

/// SetTimeToShutdown, `01 04 03 32 SECONDS 04`: after so many seconds the output goes off for the
/// restart delay, and then comes back. It is answered with the one byte 0xE0.
///
/// A UPSIC-2403D took 2 s whatever it was told. Source: NUT `drivers/bicker_ser.c`.
public struct OutputCut: Equatable, Sendable {
    private static let index: UInt8 = 0x03
    private static let command: UInt8 = 0x32

    /// (s)
    public let seconds: UInt8

    public init(seconds: UInt8) {
        self.seconds = seconds
    }

    public var frame: Frame {
        Frame(index: OutputCut.index, command: OutputCut.command, payload: [seconds])
    }

    /// The answer of a device that does it.
    public static let acknowledgement = Frame(index: index, command: command, payload: [0xE0])

    /// The request that a frame carries, as the device sees it.
    public init?(_ frame: Frame) {
        guard frame.index == OutputCut.index, frame.command == OutputCut.command,
            frame.payload.count == 1
        else { return nil }
        seconds = frame.payload[0]
    }

    /// What became of the request.
    public enum Outcome: String, Sendable {
        case notSent = "not sent"
        case acknowledged
        case unsupported = "not known to this UPS"
        case unanswered
    }
}
