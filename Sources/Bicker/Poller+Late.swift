// Answers that come too late: what they prove, and what is asked meanwhile. Called by the Poller,
// which explains it.

import UPS

extension Poller {
    /// Whatever was asked before this has been answered by now, or will not be. What was given up
    /// may be what is answered here: then the answer to the outstanding one comes yet.
    mutating func forgetOwed(before request: Request) {
        guard !owed.isEmpty else { return }
        guard let position = owed.firstIndex(of: request) else { return owed = [] }
        owed.removeSubrange(...position)
        owed.append(request)
    }

    /// A frame that does not answer the outstanding request counts as silence, unless it answers an
    /// older one. A device that never answers in time gets no more time by that.
    mutating func takeOlder(_ frame: Frame, at now: BootTime) -> Bool {
        let position = owed.firstIndex { (try? Reply(frame, to: $0, ranges: ranges)) != nil }
        if let position {
            owed.removeSubrange(...position)
            lateAnswers += 1
            if lateAnswers <= Poller.mostLate { outstanding?.begun = now }
        }
        return takeNewerStatus(frame, at: now)
    }

    /// The status while one may be on its way: the last one counts, also of those that were read in
    /// one go.
    private mutating func takeNewerStatus(_ frame: Frame, at now: BootTime) -> Bool {
        guard quietSince != nil, let newer = try? Reply(frame, to: .deviceStatus) else {
            return false
        }
        (heldStatus, quietSince) = (newer, now)
        return true
    }

    /// A marker was answered, and so no status answer is on its way. The held one came before.
    mutating func settle() {
        guard quietSince != nil else { return }
        (quietSince, statusOwed) = (nil, false)
        guard let status = heldStatus else { return askStatus() }
        heldStatus = nil
        outcomes.append(.reply(.deviceStatus, status))
    }

    /// It may be old, and so is no reading; that power is absent must not be lost with it.
    mutating func dropHeldStatus() {
        if let status = heldStatus?.deviceStatus { outcomes.append(.unproven(status)) }
        heldStatus = nil
    }

    /// What came while the line was not read for too long, whatever the request: a status in it may
    /// be old, and is no reading either.
    mutating func takeTooLate(_ bytes: [UInt8], at now: BootTime) {
        var late = decoder
        late.append(bytes)
        expire(at: now, after: answerLimit)
        while let frame = late.next(longestPayload: Reply.longestText) {
            if let status = try? Reply(frame, to: .deviceStatus) { heldStatus = status }
        }
        dropHeldStatus()
    }

    /// A request of another kind than the status, due or not, to settle a held status. Of another
    /// kind, too, than what may be answered late: that answer would prove nothing.
    mutating func marker() -> Request {
        for _ in Request.values {
            let request = Request.values[markers % Request.values.count]
            markers += 1
            let isLikely = responses[Int(request.rawValue)].failures == 0
            if isLikely, !owed.contains(request) { return request }
        }
        return Request.values.first { !owed.contains($0) } ?? .charge
    }
}
