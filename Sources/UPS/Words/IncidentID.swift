// The name of one outage, as it stands on the wire and in texts.

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
