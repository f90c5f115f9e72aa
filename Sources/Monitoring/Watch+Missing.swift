// What is said about a UPS that does not tell what is needed, or does not answer. Called by the
// Watch; decides nothing.

import Bicker
import UPS

extension Watch {
    /// All that this kind of device tells is known, and nothing that is needed is not told.
    public var knowsEverything: Bool {
        controller.link(at: controller.lastHandled) == .ok && concerns[.device]?.isEmpty != false
            && (Request.values + Request.slow + Request.identity).allSatisfy {
                poller.knows($0) || poller.hasGivenUp($0) && !isUnknown($0)
            }
    }

    /// In words, each a sentence.
    public var deviceProblems: [String] { concerns[.device]?.map(\.text) ?? [] }

    mutating func followMissing(at now: BootTime) {
        guard missing.isTimeToLook(at: now) else { return }
        // Without a link everything is unknown, and the link has an event of its own.
        let isLost = controller.link(at: now) == .lost
        let unknown = missing.take(unknown: isLost ? [] : unknownRequests, at: now)
        missingValues = unknown.count
        guard !isLost else { return report(silence(at: now), of: .device, at: now) }
        missing.count(poller.counters, at: now)
        let slowness = missing.isSlow ? [Message(.slow, setup.intervals.timeout.inSeconds)] : []
        report(slowness + unknownTexts(unknown), of: .device, at: now)
    }

    /// The UPS has never answered since the port was opened, or answers something else now. Mere
    /// silence is a lost link, which has an event of its own.
    private func silence(at now: BootTime) -> [Message] {
        guard let counters = missing.sinceOpening(poller.counters, at: now) else { return [] }
        let heard =
            counters.invalidFrames + counters.unsolicitedFrames + counters.discardedBytes
            + counters.replies
        if heard > 0 { return [Message(.noSuchUPS)] }
        return hasAnswered ? [] : [Message(.neverAnswered)]
    }

    /// Usually there are none, and nothing is allocated to find that.
    private var unknownRequests: [Request] {
        Request.values.filter { isUnknown($0) } + Request.slow.filter { isUnknown($0) }
    }

    /// What was told and is not any more, and what a rule of the decision needs.
    private func isUnknown(_ request: Request) -> Bool {
        guard !poller.knows(request) else {
            return request == .capacitance && reading.capacitance == nil
        }
        let isNeeded = isNeededForRuntime(request) || request == .charge && isChargeNeeded
        return poller.wasTold(request) || missing.implausible.contains(request)
            || isNeeded && poller.hasFailed(request)
    }

    private var isChargeNeeded: Bool {
        let policy = controller.policy
        return (policy.byTime || policy.byCharge) && policy.lowChargePercent > 0
    }

    private func isNeededForRuntime(_ request: Request) -> Bool {
        request == .capacitance || PlausibilityChecks.forRuntime.contains(request)
    }

    private func unknownTexts(_ unknown: [Request]) -> [Message] {
        guard !unknown.isEmpty else { return [] }
        var sentences: [Message] = []
        let unmeasured = unknown.contains { poller.knows($0) }
        let untold = unknown.filter { !poller.knows($0) }
        let wrong = untold.filter { missing.implausible.contains($0) }
        let silent = untold.filter { !missing.implausible.contains($0) }
        for request in silent { sentences.append("The UPS does not tell its \(request.words)") }
        for request in wrong {
            let isRated = request.form == .current || request.form == .batteryCurrent
            let hint = isRated ? "; if it is right, maxAmps is wrong" : ""
            sentences.append("What the UPS tells as its \(request.words) cannot be\(hint)")
        }
        if unmeasured {
            sentences.append(Message(.notMeasured))
        }
        if isChargeNeeded, unknown.contains(.charge) {
            let seconds = controller.policy.deadTime.roundedSeconds
            sentences.append(Message(.withoutCharge, seconds))
        }
        // The capacitance that was told last counts until there is another one.
        let isReplaced = beliefs[.capacitance]?.capacitance != nil
        let lacking = unknown.filter { isNeededForRuntime($0) }
        if lacking.contains(where: { $0 != .capacitance || !isReplaced }) {
            sentences.append(Message(.withoutRuntime))
        }
        return sentences
    }
}
