// Rule 12: the UPS's "shutdown set" bit. On battery its change commits; on line power it is a
// request, which has its own timer and knows nothing of outages.

import UPS

extension ShutdownController {
    mutating func takeRequestBit(_ isSet: Bool, at now: BootTime) {
        let wasKnown = requestBit.value != nil
        if requestBit.take(isSet, confirmations: policy.confirmReadings, at: now) {
            if !isSet {
                newRequest = nil
                withdrawRequest(at: now)
            } else if wasKnown {
                newRequest = requestBit.candidateSince
            } else if request == nil {
                actions.append(.announce(.warning, Message(.upsAskedBefore)))
            }
        }
        if requestBit.isConfirming { actions.append(.askStatus) }
        followNewRequest(at: now)
        if isSet { request?.lastFailing = now }
    }

    /// First it must be clear whether there is power; after a commit it waits for the end of that.
    private mutating func followNewRequest(at now: BootTime) {
        guard let since = newRequest else { return }
        switch stage {
        case .confirming, .committed: return
        case .outage(let outage):
            guard outage.goodReadings == 0 else { return }
            commit(.upsRequest, at: now)
        case .idle, .returned:
            beginRequest(start: since, at: now)
        }
        newRequest = nil
    }

    private mutating func beginRequest(start: BootTime, at now: BootTime) {
        let former = running
        // It may have waited for the end of a commit: the present reading need not have the bit.
        var request = begin(.upsRequest, start: start, lastReading: start)
        // An outage that may still go on keeps its numbers.
        running = former ?? running
        request.timer = start + request.delay
        self.request = request
        actions.append(.announce(.warning, Message(.upsAsks)))
        announcePending(at: now)
    }

    private mutating func withdrawRequest(at now: BootTime) {
        guard let request else { return }
        self.request = nil
        guard request.timer != nil else { return }
        guard phase(at: now) == .pending else {
            return actions.append(.announce(.shutdownCancelled, Message(.cancelledByUPS)))
        }
        actions.append(.announce(.warning, Message(.upsWithdrew)))
    }
}
