// Which request an answer belongs to, and what it may be taken for. Called by the Poller, which
// explains it.

public import UPS

extension Poller {
    mutating func take(_ frame: Frame, at now: BootTime) {
        guard let request = outstanding?.request else {
            if !takeOlder(frame, at: now) { tally.unsolicitedFrames += 1 }
            return
        }
        do throws(Reply.Failure) {
            let reply = try Reply(frame, to: request, ranges: ranges)
            tally.replies += 1
            answered(request, reply, at: now)
        } catch .unsupported where request != .deviceStatus {
            settled(.refused(request), of: request, at: now)
        } catch .implausible where request != .deviceStatus {
            tally.implausibleAnswers += 1
            settled(.implausible(request), of: request, at: now)
        } catch {
            if !takeOlder(frame, at: now) { tally.invalidFrames += 1 }
        }
    }

    private mutating func answered(_ request: Request, _ reply: Reply, at now: BootTime) {
        forgetOwed(before: request)
        if let sent = outstanding?.sent {
            responses[Int(request.rawValue)].answered(after: now - sent, at: now)
            if owed.isEmpty, now - sent < intervals.timeout { lateAnswers = 0 }
        }
        outstanding = nil
        if request == .deviceStatus {
            if statusOwed {
                (heldStatus, quietSince) = (reply, now)
            } else {
                statusRead = now
                outcomes.append(.reply(request, reply))
            }
            return
        }
        settle()
        outcomes.append(.reply(request, reply))
        dealt(with: request, at: now)
    }

    /// It was answered, and nothing was told.
    private mutating func settled(_ outcome: Outcome, of request: Request, at now: BootTime) {
        outstanding = nil
        settle()
        outcomes.append(outcome)
        failed(request, at: now)
    }

    private mutating func failed(_ request: Request, at now: BootTime) {
        guard let group = groups.first(where: { $0.requests.contains(request) }) else { return }
        let position = Int(request.rawValue)
        responses[position].failed(within: Poller.memory(of: group), at: now)
        if responses[position].isGone { outcomes.append(.gone(request)) }
        dealt(with: request, at: now)
    }

    /// How old something may be that is not told any more.
    static func memory(of group: PollGroup) -> Duration {
        max(group.interval * 4, .seconds(15))
    }

    /// Gives up what has not been answered in time, by default the configured one. The outcome is to
    /// be taken before `step`: what was sent first would be drained.
    public mutating func expire(at now: BootTime, after timeout: Duration? = nil) {
        let limit = timeout ?? intervals.timeout
        guard let late = outstanding, now - late.begun >= limit else { return }
        let request = late.request
        outstanding = nil
        if owed.count >= Poller.mostLate { owed.removeFirst() }
        owed.append(request)
        dropHeldStatus()
        decoder.reset()
        statusFirst = true
        tally.timeouts += 1
        outcomes.append(.missed(request))
        if request == .deviceStatus {
            tally.statusTimeouts += 1
            statusOwed = true
        } else {
            failed(request, at: now)
            if let since = quietSince, now - since >= Poller.longestLateness {
                (quietSince, statusOwed) = (nil, false)
            }
        }
    }
}
