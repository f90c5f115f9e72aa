// The moment at which a rule commits, and the phase that follows from it.

@testable import UPS

extension Referee {
    func isLost(at now: BootTime) -> Bool {
        guard hasPort, let lastReading else { return true }
        return now - lastReading >= .seconds(2)
    }

    /// Rule 10: nothing was heard for a second in which this process could listen.
    func isSilent(at now: BootTime, since awake: BootTime) -> Bool {
        now - max(lastReading ?? awake, unproven ?? awake, awake) >= .seconds(1) || stops >= 4
    }

    func deadline(at now: BootTime) -> Deadline? {
        if let commit { return Deadline(time: commit.time, reason: commit.reason) }
        var moments: [Deadline] = []
        func add(_ time: BootTime?, _ reason: Reason) {
            if let time { moments.append(Deadline(time: time, reason: reason)) }
        }
        let isBlind = isLost(at: now)
        if isOnBattery || (isConfirming && isBlind) {
            add(outage?.timer, .time)
            let unconfirmed = firstBadOrUnproven.flatMap { latest(lastPresent, from: $0) }
            add(outage == nil ? unconfirmed : outage?.latest, .upsTimer)
            add(unknownCharge, .lowCharge)
        }
        add(request?.timer, .upsRequest)
        if isBlind, isOnBattery || isConfirming {
            let heard = [lastReading, isConfirming ? firstBadOrUnproven : nil]
            add(heard.compactMap { $0 }.max().map { $0 + policy.deadTime }, .linkLost)
        }
        return moments.reduce(nil) { first, next in
            first.map { next.time < $0.time ? next : $0 } ?? next
        }
    }

    /// Rule 4: a charge that is armed and not known counts like silence.
    private var unknownCharge: BootTime? {
        guard let outage, chargeIsMissing, policy.byTime || policy.byCharge,
            policy.lowChargePercent > 0
        else { return nil }
        return max(outage.start, chargeSought ?? outage.start) + policy.deadTime
    }

    private var firstBadOrUnproven: BootTime? { bad > 0 ? firstBad : unproven }

    func phase(at now: BootTime) -> Phase {
        if commit != nil { return .committed }
        if let outage, isOnBattery {
            if outage.isCancelled, outage.timer == nil { return .cancelled }
            return deadline(at: now) == nil ? .onBattery : .pending
        }
        if request?.timer != nil { return .pending }
        if isConfirming { return .confirming }
        return request == nil ? .idle : .cancelled
    }
}
