// What really went over the line, read by a codec of its own: the oracle believes neither the
// frames of the product nor what its reader made of them.

@testable import UPS

struct Tap {
    /// A request, as the device would read it.
    enum Sent: Equatable {
        case read(index: UInt8, command: UInt8)
        case write(setting: UInt8)
        case startMeasurement
        case other
    }

    /// An unharmed status answer.
    struct Status {
        let flags: UInt8
        /// When the device answered, and when the last byte was there.
        let made: BootTime
        let delivered: BootTime

        var saysAbsent: Bool { flags & 0x04 == 0 }
    }

    static let deviceStatus = Sent.read(index: 0x01, command: 0x40)

    /// The last ones, oldest first.
    private(set) var statuses: [Status] = []
    private(set) var lastSent: Sent?
    /// When a charge was last heard.
    private(set) var lastCharge: BootTime?
    private(set) var lastStart: BootTime?

    /// `01 | size | index | command | data | 04`
    static func sent(_ bytes: [UInt8]) -> Sent {
        guard bytes.count >= 5, bytes[0] == 0x01, Int(bytes[1]) + 2 == bytes.count,
            bytes[bytes.count - 1] == 0x04
        else { return .other }
        let (index, command) = (bytes[2], bytes[3])
        if index == 0x03, command == 0x31 { return .startMeasurement }
        if bytes.count == 5 { return .read(index: index, command: command) }
        return index == 0x07 && bytes.count == 8 ? .write(setting: command) : .other
    }

    /// The first whole status answer in these bytes: its flags, and where it ends.
    static func status(in bytes: [UInt8]) -> (flags: UInt8, end: Int)? {
        answer(to: 0x40, in: bytes)
    }

    /// The same of the charge. (%)
    static func charge(in bytes: [UInt8]) -> (percent: UInt8, end: Int)? {
        guard let (percent, end) = answer(to: 0x47, in: bytes), percent <= 100 else { return nil }
        return (percent, end)
    }

    private static func answer(to command: UInt8, in bytes: [UInt8]) -> (UInt8, Int)? {
        guard bytes.count >= 6 else { return nil }
        for start in 0...(bytes.count - 6) where bytes[start] == 0x01 {
            let head = bytes[start..<(start + 4)]
            if head.elementsEqual([0x01, 0x04, 0x01, command]), bytes[start + 5] == 0x04 {
                return (bytes[start + 4], start + 6)
            }
        }
        return nil
    }

    mutating func hearCharge(at now: BootTime) { lastCharge = now }

    mutating func send(_ bytes: [UInt8], at now: BootTime) {
        let sent = Tap.sent(bytes)
        lastSent = sent
        if sent == .startMeasurement { lastStart = now }
    }

    /// Bytes that the device has sent, from one answer.
    mutating func deliver(_ flags: UInt8, made: BootTime, at now: BootTime) {
        if statuses.count == 64 { statuses.removeFirst(32) }
        statuses.append(Status(flags: flags, made: made, delivered: now))
    }

    /// Another process listens from now on.
    mutating func forget() { statuses = [] }

    /// The newest that has arrived.
    func last(at now: BootTime) -> Status? {
        statuses.last { $0.delivered <= now }
    }
}
