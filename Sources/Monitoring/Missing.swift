// What the UPS does not tell, and how well it answers at all. Held by the Watch.

import Bicker
import UPS

/// Followed from the moment the port is open, and anew when the link is lost, so that what cannot
/// work is said before it is needed.
struct Missing: Sendable {
    /// So long something may be unknown, or nothing be heard, before it is said.
    static let patience = Duration.seconds(8)
    private static let pause = Duration.seconds(1)

    private var nextLook: BootTime?
    private var opened: BootTime?
    private var countersAtOpening = SerialCounters()
    private var unknownSince: [Request: BootTime] = [:]
    /// Of the time since then the answers are counted.
    private var windowStart: BootTime?
    private var countersAtStart = SerialCounters()
    private(set) var isSlow = false
    /// When each sentence became an event.
    private var saidAt: [String: BootTime] = [:]
    private static let saidAtMostEvery = Duration.seconds(3600)
    /// What was answered last with something that cannot be.
    var implausible: Set<Request> = []

    mutating func open(_ counters: SerialCounters, at now: BootTime) {
        close()
        (opened, countersAtOpening) = (now, counters)
    }

    mutating func close() {
        self = Missing(saidAt: saidAt)
    }

    /// Once a second; nil: the port is not open.
    mutating func isTimeToLook(at now: BootTime) -> Bool {
        guard opened != nil, nextLook.map({ $0 <= now }) ?? true else { return false }
        nextLook = now + Missing.pause
        return true
    }

    /// What has come since; nil: not long enough.
    func sinceOpening(_ counters: SerialCounters, at now: BootTime) -> SerialCounters? {
        guard let opened, now - opened >= Missing.patience else { return nil }
        return counters.since(countersAtOpening)
    }

    /// Not each time that a value comes and goes.
    mutating func isNews(_ sentence: String, at now: BootTime) -> Bool {
        if let last = saidAt[sentence], now - last < Missing.saidAtMostEvery { return false }
        saidAt[sentence] = now
        return true
    }

    /// Those of `unknown` that have been so for long.
    mutating func take(unknown: [Request], at now: BootTime) -> [Request] {
        if unknown.isEmpty, unknownSince.isEmpty { return [] }
        unknownSince = unknownSince.filter { unknown.contains($0.key) }
        for request in unknown where unknownSince[request] == nil { unknownSince[request] = now }
        return unknown.filter { request in
            unknownSince[request].map { now - $0 >= Missing.patience } ?? false
        }
    }

    /// A third of the status requests unanswered: the device is too slow, or the line is disturbed.
    mutating func count(_ counters: SerialCounters, at now: BootTime) {
        if let windowStart {
            guard now - windowStart >= Missing.patience else { return }
            let window = counters.since(countersAtStart)
            // Well below that, it is over.
            let limit = isSlow ? 6 : 3
            isSlow = window.statusTimeouts * limit > window.statusRequests
        }
        (windowStart, countersAtStart) = (now, counters)
    }
}

extension Request {
    /// `output voltage`, for sentences.
    var words: String {
        switch self {
        case .esr: "ESR"
        default:
            "\(self)".reduce(into: "") { words, letter in
                if letter.isUppercase || letter.isNumber { words += " " }
                words += letter.lowercased()
            }
        }
    }
}
