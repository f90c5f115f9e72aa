// The state as the version before wrote it: read at the first start after an upgrade, so that an
// outage which goes on keeps its deadline. Called by KeptState.

extension KeptState {
    static let formerVersion: Int64 = 2

    /// A request of the UPS was an outage of another cause then, and the moment at which the input
    /// was lost was not kept for each incident.
    mutating func bringForward() {
        guard case .outage(var incident) = stage else { return }
        incident.inputLost = lastPresent
        switch incident.cause {
        case .powerFailure: stage = .outage(incident)
        case .upsRequest: (request, stage) = (incident, .idle)
        }
    }
}

extension Incident {
    init?(version2 words: inout KeptWords) {
        let number = Int(words.take())
        guard let cause = Cause(rawValue: UInt8(truncatingIfNeeded: words.take())),
            let start = words.takeTime(), let delay = words.takeDuration()
        else { return nil }
        let (timer, latest) = (words.takeTime(), words.takeTime())
        let wasCancelled = words.take() == 1
        let goodReadings = Int(words.take())
        // Failing readings in a row.
        _ = words.take()
        guard let lastFailing = words.takeTime() else { return nil }
        let (charge, runtime) = (words.takeTime(), words.takeTime())
        self.init(
            number: number, cause: cause, start: start, delay: delay, timer: timer,
            inputLost: nil, latest: latest, wasCancelled: wasCancelled,
            goodReadings: goodReadings, lastFailing: lastFailing,
            lowCharge: LowReadings(first: charge, last: charge),
            lowRuntime: LowReadings(first: runtime, last: runtime), isLow: words.take() == 1,
            returned: words.takeTime())
    }
}
