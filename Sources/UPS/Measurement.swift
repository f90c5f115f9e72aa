// Rule 15: the capacitance and ESR measurement, which switches the charger off and takes 200 mV out
// of the capacitors. Driven by the Watch.

public struct Measurement: Equatable, Sendable {
    enum State: Equatable, Sendable {
        case none
        /// Asked for; the device has not taken it up yet.
        case asked(at: BootTime)
        case running(since: BootTime)
        /// Over; these results are still to be read.
        case reading(Set<Request>, since: BootTime)
    }

    /// What the event says when a measurement has come to an end.
    enum Outcome: Equatable, Sendable {
        case done
        case failed(String)
    }

    static let pause = Duration.seconds(3600)
    /// The LTC3350 starts when the charger is idle, which may take its while.
    static let longestRun = Duration.seconds(900)
    private static let startLimit = Duration.seconds(10)

    private(set) var state = State.none
    var last: BootTime?

    public var isRunning: Bool { state != .none }

    /// Why it may not start now; nil: it may.
    func refusal(
        phase: Phase, link: Link, charge: Int?, at now: BootTime
    ) -> String? {
        guard phase == .idle else { return "There is an outage." }
        guard link == .ok else { return "The link to the UPS is \(link.rawValue)." }
        guard charge == 100 else {
            let present = charge.map { "\($0) %" } ?? "not known"
            return "The capacitors must be full; the charge is \(present)."
        }
        guard !isRunning else { return "A measurement is already running." }
        if let last, now - last < Measurement.pause {
            let wait = (Measurement.pause - (now - last)).roundedSeconds
            return "The last measurement was less than an hour ago; again in \(wait) s."
        }
        return nil
    }

    mutating func ask(at now: BootTime) {
        state = .asked(at: now)
        last = now
    }

    /// It took nothing out of the capacitors, and may be asked for again.
    mutating func refused(
        _ text: String = "The UPS did not accept the measurement."
    ) -> Outcome {
        (state, last) = (.none, nil)
        return .failed(text)
    }

    /// Takes the charger's monitor register; the outcome when the measurement has ended.
    mutating func take(_ status: MonitorStatus, at now: BootTime) -> Outcome? {
        let isActive = !status.isDisjoint(with: [
            .measurementActive, .measurementScheduled, .measurementPending,
        ])
        switch state {
        case .none:
            return nil
        case .asked(let time):
            if isActive { state = .running(since: time) }
            guard !isActive, now - time >= Measurement.startLimit else { return nil }
            let isOver =
                [.capacitanceDone, .esrDone, .capacitanceFailed, .esrFailed]
                as MonitorStatus
            guard !status.isDisjoint(with: isOver) else {
                return refused("The UPS did not start the measurement.")
            }
        case .running(let since):
            guard !isActive || now - since >= Measurement.longestRun else { return nil }
        case .reading(_, let since):
            guard now - since >= Measurement.startLimit else { return nil }
        }
        state = .none
        if !status.isDisjoint(with: [.capacitanceFailed, .esrFailed]) {
            return .failed("The measurement failed.")
        }
        return isActive ? .failed("The measurement did not end.") : .done
    }

    /// It has ended well: its results count from now on.
    mutating func awaitResults(at now: BootTime) {
        state = .reading([.capacitance, .esr], since: now)
    }

    /// True when the last result has been read.
    mutating func took(_ request: Request) -> Bool {
        guard case .reading(var missing, let since) = state, missing.remove(request) != nil else {
            return false
        }
        state = missing.isEmpty ? .none : .reading(missing, since: since)
        return missing.isEmpty
    }

    var isReading: Bool {
        if case .reading = state { true } else { false }
    }

    mutating func linkLost() -> Outcome? {
        guard isRunning else { return nil }
        state = .none
        return .failed("The link was lost during the measurement.")
    }
}
