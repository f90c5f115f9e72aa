// A setting of the UPS (index 0x07), as the device reports it. Only ever read here.

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

    /// number (8 bit), minimum, maximum, standard (16 bit each), enabled (8 bit), value (16 bit).
    /// A minimum of 0xFFFF is known to be corrupt limits, which then mean "any".
    init(_ payload: [UInt8], of request: Request) throws(Reply.Failure) {
        guard payload.count == Setting.length else { throw .wrongLength }
        guard payload[0] == request.command else { throw .otherRequest }
        func word(_ offset: Int) -> Int { Int(payload[offset]) | Int(payload[offset + 1]) << 8 }
        let hasLimits = word(1) != 0xFFFF
        self.init(
            minimum: hasLimits ? word(1) : 0, maximum: hasLimits ? word(3) : 0xFFFF,
            standard: word(5), isEnabled: payload[7] != 0, value: word(8))
    }

    static let length = 10
}
