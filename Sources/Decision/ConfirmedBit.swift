// A bit that one reading alone does not change. Used by the decision and by the checks.

public import UPS

/// Says a bit only after several equal readings in a row.
public struct ConfirmedBit: Equatable, Sendable {
    public private(set) var value: Bool?
    private(set) var candidate = false
    private var count = 0
    private(set) var candidateSince: BootTime?

    public init() {}

    /// Takes one reading; true when the confirmed value changed.
    public mutating func take(_ bit: Bool, confirmations: Int, at now: BootTime) -> Bool {
        guard bit != value else {
            count = 0
            return false
        }
        if count == 0 || candidate != bit {
            count = 0
            candidate = bit
            candidateSince = now
        }
        count += 1
        guard count >= confirmations else { return false }
        value = bit
        count = 0
        return true
    }

    var isConfirming: Bool { count > 0 }
}
