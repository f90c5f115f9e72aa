// The names of one outage and of one boot of this host, as they stand on the wire and in texts.

/// One outage: the boot it belongs to and its number in that boot.
public struct IncidentID: Hashable, Sendable, CustomStringConvertible {
    public let boot: BootID
    public let number: Int

    public init(boot: BootID, number: Int) {
        self.boot = boot
        self.number = number
    }

    /// `1f0c8b52-3`: the first 8 characters of the boot id, a hyphen, the counter.
    public var description: String { "\(boot.prefix)-\(number)" }
}

/// The kernel's id of this boot, `/proc/sys/kernel/random/boot_id`: 128 bits.
public struct BootID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the text form of a UUID; anything else is nil.
    public init?(_ text: some StringProtocol) {
        let digits = String(text).filter { $0 != "-" }
        guard digits.count == 32, digits.allSatisfy(\.isHexDigit),
            let high = UInt64(digits.prefix(16), radix: 16),
            let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The first 8 characters of the text form.
    public var prefix: String { String(text.prefix(8)) }

    /// As the kernel writes it: 32 hexadecimal digits in five groups.
    public var text: String {
        let all = Array(digits(high, 16, radix: 16) + digits(low, 16, radix: 16))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(all[$0]) }
            .joined(separator: "-")
    }
}
