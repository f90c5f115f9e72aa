// How fast one client may command. Does no I/O.

internal import UPS

/// Ten a second, twenty at once.
struct CommandRate {
    static let perSecond = 10.0
    static let burst = 20.0

    private var left = CommandRate.burst
    private var filled: BootTime?

    /// False: too fast, and nothing was taken.
    mutating func take(at now: BootTime) -> Bool {
        if let filled {
            left = min(CommandRate.burst, left + (now - filled).inSeconds * CommandRate.perSecond)
        }
        filled = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
