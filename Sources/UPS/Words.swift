// The words of the decision, as they stand on the wire and in texts. One word for one thing.

/// The daemon and the UPS.
public enum Link: String, CaseIterable, Sendable {
    case ok
    /// No valid status reading for three status intervals, at least 1 s.
    case stale
    /// None for 2 s, or the port is gone.
    case lost
}

/// The UPS in one word: the first that holds.
public enum Status: String, CaseIterable, Sendable {
    case shuttingDown = "shutting_down"
    case commLost = "comm_lost"
    case lowBattery = "low_battery"
    case onBattery = "on_battery"
    case online
}

/// How far the decision is.
public enum Phase: String, CaseIterable, Sendable {
    case idle
    /// Failing readings, not yet enough of them.
    case confirming
    /// An outage, and no rule has a moment at which it will commit.
    case onBattery = "on_battery"
    /// Some rule has a moment at which it will commit, and nobody cancelled.
    case pending
    /// The timer was cancelled in this outage.
    case cancelled
    /// The host powers off.
    case committed
}

/// Which rule commits, or has committed.
public enum Reason: String, CaseIterable, Sendable {
    case time
    case lowCharge = "low_charge"
    case lowRuntime = "low_runtime"
    /// The UPS is about to cut its output by its own timer.
    case upsTimer = "ups_timer"
    case linkLost = "link_lost"
    case upsRequest = "ups_request"

    /// For event texts.
    public var text: String {
        switch self {
        case .time: "the delay is over"
        case .lowCharge: "the charge is low"
        case .lowRuntime: "the remaining runtime is low"
        case .upsTimer: "the UPS is about to cut its output"
        case .linkLost: "the link to the UPS was lost on battery"
        case .upsRequest: "the UPS asked for it"
        }
    }
}

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
        guard digits.count == 32, digits.allSatisfy(\.isHexDigit) else { return nil }
        guard let high = UInt64(digits.prefix(16), radix: 16),
            let low = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.init(high: high, low: low)
    }

    /// The first 8 characters of the text form.
    public var prefix: String {
        let digits = String(high >> 32, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
