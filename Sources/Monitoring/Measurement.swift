// Rule 15: the capacitance and ESR measurement, which switches the charger off and takes 200 mV out
// of the capacitors. Driven by the Watch.

import Bicker
import UPS

public struct Measurement: Equatable, Sendable {
    enum State: Equatable, Sendable {
        case none
        /// Asked for; the device has not taken it up yet, and may have said that it will not. One
        /// stray "unsupported" is not its last word: if it measures, it measures.
        case asked(at: BootTime, isRefused: Bool)
        case running(since: BootTime)
        /// Over; these results are still to be read.
        case reading(Set<Request>, since: BootTime)
    }

    /// What the event says when a measurement has come to an end.
    enum Outcome: Equatable, Sendable {
        case done
        case failed(Message)
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
        isIdle: Bool, link: Link, charge: Int?, at now: BootTime
    ) -> Message? {
        guard isIdle else { return Message(.outageOrJustEnded) }
        guard link == .ok else { return "The link to the UPS is \(link.rawValue)." }
        guard charge == 100 else {
            return charge.map { Message(.notFull, $0) }
                ?? "The capacitors must be full; the charge is not known."
        }
        guard !isRunning else { return Message(.measurementRuns) }
        if let last, now - last < Measurement.pause {
            let wait = (Measurement.pause - (now - last)).roundedSeconds
            return Message(.measuredJustNow, wait)
        }
        return nil
    }

    /// It was sent. Whether it is answered says little: from now on it counts as running.
    mutating func ask(at now: BootTime) {
        state = .asked(at: now, isRefused: false)
        last = now
    }

    mutating func refused() {
        if case .asked(let time, _) = state { state = .asked(at: time, isRefused: true) }
    }

    /// Takes the charger's monitor register; the outcome when the measurement has ended.
    mutating func take(_ status: MonitorStatus, at now: BootTime) -> Outcome? {
        let isActive = !status.isDisjoint(with: .measurement)
        switch state {
        case .none:
            return nil
        case .asked(let time, let isRefused):
            if isActive { state = .running(since: time) }
            guard !isActive, isRefused || now - time >= Measurement.startLimit else { return nil }
            if isRefused || status.isDisjoint(with: Measurement.results) {
                return notStarted(isRefused: isRefused, status)
            }
        case .running(let since):
            guard !isActive || now - since >= Measurement.longestRun else { return nil }
        case .reading(_, let since):
            guard now - since >= Measurement.startLimit else { return nil }
        }
        state = .none
        if !status.isDisjoint(with: [.capacitanceFailed, .esrFailed]) {
            return .failed(Message(.measurementFailed))
        }
        return isActive ? .failed(Message(.measurementEndless)) : .done
    }

    private static let results: MonitorStatus = [
        .capacitanceDone, .esrDone, .capacitanceFailed, .esrFailed,
    ]

    /// What the UPS has refused took nothing out of the capacitors, and may be asked for again;
    /// unless results are there, which may be its own. All else counts for an hour: a measurement
    /// that a power failure ended leaves no trace.
    private mutating func notStarted(isRefused: Bool, _ status: MonitorStatus) -> Outcome {
        state = .none
        if isRefused, status.isDisjoint(with: Measurement.results) { last = nil }
        return .failed(Message(isRefused ? .measurementRefused : .measurementNotStarted))
    }

    /// What a device that does not tell its monitor register leaves open is given up.
    mutating func expire(at now: BootTime) -> Outcome? {
        switch state {
        case .asked(let time, isRefused: true) where now - time >= Measurement.startLimit:
            state = .none
            return .failed(Message(.measurementRefused))
        case .asked(let time, _), .running(let time), .reading(_, let time):
            guard now - time >= Measurement.longestRun + Measurement.startLimit else { return nil }
            state = .none
            return .failed(Message(.measurementEndless))
        case .none: return nil
        }
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
        return .failed(Message(.measurementCutOff))
    }
}
