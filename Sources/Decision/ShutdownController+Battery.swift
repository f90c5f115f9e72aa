// Rule 4: the charge and the runtime at the present load.

import UPS

extension ShutdownController {
    mutating func takeCharge(_ percent: Int, at now: BootTime) {
        (charge, chargeSought, chargeIsMissing) = (percent, nil, false)
        guard var outage else { return }
        outage.lowCharge.take(isChargeArmed && percent < policy.lowChargePercent, at: now)
        judge(&outage)
        self.outage = outage
    }

    mutating func missCharge(at now: BootTime) {
        (charge, chargeSought) = (nil, chargeSought ?? now)
        guard !chargeIsMissing else { return }
        chargeIsMissing = true
        guard let deadline = deadline(at: now), deadline.reason == .lowCharge,
            blindIncident != incidents
        else { return }
        blindIncident = incidents
        announcePending(at: now)
    }

    private var isChargeArmed: Bool { policy.byTime || policy.byCharge }

    /// A charge that is not known may be low: that counts like silence. No charge is below 0 %.
    func blindDeadline(of outage: Incident) -> Deadline? {
        guard chargeIsMissing, isChargeArmed, policy.lowChargePercent > 0 else { return nil }
        let sought = max(outage.start, chargeSought ?? outage.start)
        return Deadline(time: sought + policy.deadTime, reason: .lowCharge)
    }

    /// Of what commits, or will.
    func message(of reason: Reason) -> Message {
        reason == .lowCharge && chargeIsMissing ? Message(.chargeUnknown) : reason.message
    }

    mutating func takeRuntime(_ runtime: Duration, at now: BootTime) {
        self.runtime = runtime
        guard var outage else { return }
        outage.lowRuntime.take(runtime <= policy.lowRuntime, at: now)
        judge(&outage)
        self.outage = outage
    }

    /// Why what is left does not last; nil: it does, or power is not known to be absent.
    var lowReason: Reason? {
        guard case .outage(let outage) = stage else { return nil }
        if outage.lowCharge.last(for: policy.lowChargeHold) { return .lowCharge }
        return outage.lowRuntime.last(for: policy.lowChargeHold) ? .lowRuntime : nil
    }

    /// What is not known any more must not be judged by.
    public mutating func forgetBattery() {
        (charge, runtime) = (nil, nil)
    }

    private var lowMessage: Message {
        switch (charge, runtime?.roundedSeconds) {
        case (let charge?, let seconds?): Message(.lowBoth, charge, seconds)
        case (let charge?, nil): Message(.lowCharge, charge)
        case (nil, let seconds): Message(.lowRuntime, seconds ?? 0)
        }
    }

    private mutating func judge(_ outage: inout Incident) {
        guard isOnBattery else { return }
        let isLow = policy.isLow(charge: charge, runtime: runtime)
        if isLow && !outage.isLow {
            actions.append(.announce(.lowCharge, lowMessage))
        }
        outage.isLow = isLow
    }
}
