// How long a raw connection may be silent. libwebsockets itself has no limit for these. Does no
// I/O.

internal import UPS

/// Each function returns the seconds to set now; nil: leave the limit that runs.
struct NISTimeLimit {
    /// Netdata keeps its connection for a minute and more.
    static let idle: Int32 = 90
    static let partial: Int32 = 10
    /// Within this the idle limit is not set again: that costs more than an answer.
    static let slack = Duration.seconds(10)

    /// Since when the idle limit runs; nil: the one for a request that has begun runs, or none.
    private var idleSince: BootTime?
    private var isPartial = false

    mutating func answered(at now: BootTime) -> Int32? {
        if let idleSince, now - idleSince < NISTimeLimit.slack { return nil }
        idleSince = now
        isPartial = false
        return NISTimeLimit.idle
    }

    /// Bytes came and made no request: more of them do not lengthen the limit.
    mutating func begun() -> Int32? {
        guard !isPartial else { return nil }
        isPartial = true
        idleSince = nil
        return NISTimeLimit.partial
    }
}
