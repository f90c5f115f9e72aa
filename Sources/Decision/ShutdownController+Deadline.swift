// Rules 3, 5, 7 and 10: when the moment has come, and what is looked at before.

public import UPS

extension ShutdownController {
    /// While something is being decided, the next call comes no later than this.
    private static let heartbeat = Duration.milliseconds(250)

    public func deadline(at now: BootTime) -> Deadline? {
        switch stage {
        case .committed(let commit): return Deadline(time: commit.time, reason: commit.reason)
        case .idle, .returned: return requestDeadline
        case .outage(let outage):
            let silence = link(at: now) == .lost ? silenceDeadline : nil
            return ShutdownController.earliest([deadline(of: outage), requestDeadline, silence])
        case .confirming(let confirmation):
            // While readings come, they will tell whether this is an outage.
            guard link(at: now) == .lost else { return requestDeadline }
            let timers = confirmation.resuming.flatMap { deadline(of: $0) }
            let latest =
                confirmation.resuming == nil
                ? latest(lostAt: lastPresent, firstFailing: confirmation.firstReading) : nil
            return ShutdownController.earliest([
                timers, latest.map { Deadline(time: $0, reason: .upsTimer) },
                requestDeadline, silenceDeadline,
            ])
        }
    }

    /// Without the silence of a link, which may come back, and a charge, which may be told again.
    var incidentDeadline: Deadline? {
        guard case .outage(let outage) = stage else { return requestDeadline }
        return ShutdownController.earliest([timers(of: outage), requestDeadline])
    }

    /// Rules 3, 4 and 5.
    func deadline(of outage: Incident) -> Deadline? {
        ShutdownController.earliest([timers(of: outage), blindDeadline(of: outage)])
    }

    private func timers(of outage: Incident) -> Deadline? {
        ShutdownController.earliest([
            outage.timer.map { Deadline(time: $0, reason: .time) },
            outage.latest.map { Deadline(time: $0, reason: .upsTimer) },
        ])
    }

    private var requestDeadline: Deadline? {
        request?.timer.map { Deadline(time: $0, reason: .upsRequest) }
    }

    /// Rule 7, counted from the last valid answer.
    private var silenceDeadline: Deadline? {
        lastHeard.map { Deadline(time: $0 + policy.deadTime, reason: .linkLost) }
    }

    /// The last valid reading, or an answer that did not become one.
    private var lastHeard: BootTime? {
        guard case .confirming(let confirmation) = stage else { return lastValid }
        return max(lastValid ?? confirmation.firstReading, confirmation.firstReading)
    }

    /// The first of those that come at the same time.
    private static func earliest(_ deadlines: [Deadline?]) -> Deadline? {
        deadlines.reduce(nil) { first, next in
            guard let first, let next else { return first ?? next }
            return next.time < first.time ? next : first
        }
    }

    /// The next moment at which `handle` has something to do, if nothing is read before.
    public func nextWake(at now: BootTime) -> BootTime? {
        guard !isIdle else { return nil }
        var wake = lastHandled + ShutdownController.heartbeat
        if let commit {
            if !commit.isDry { wake = min(wake, max(commit.nextAttempt, now)) }
            return wake
        }
        if let deadline = deadline(at: now) {
            wake = min(wake, deadline.time > now ? deadline.time : max(silentAt, now))
        }
        if case .returned(let outage) = stage, let returned = outage.returned {
            wake = min(wake, max(returned + policy.returnHold, now))
        }
        return wake
    }

    mutating func advance(to now: BootTime) {
        if isCommitted { return advanceCommit(to: now) }
        if let reason = lowReason { return leap(reason, hasOwnReading: true, at: now) }
        guard let deadline = deadline(at: now), deadline.time <= now else { return }
        leap(deadline.reason, hasOwnReading: false, at: now)
    }

    /// Rule 10: after a stop of this process, a suspend or a restart the deadline may be long past
    /// while power is back.
    private mutating func leap(_ reason: Reason, hasOwnReading: Bool, at now: BootTime) {
        guard hasLooked(for: reason, hasOwnReading, at: now) || isSilent(at: now) else {
            return actions.append(.askStatus)
        }
        commit(reason, at: now)
    }

    /// The last reading says what the rule needs: power is absent, or the UPS still asks. If it says
    /// otherwise, the next one decides. A moment needs a fresh look; a low charge that was told
    /// brings its own.
    private func hasLooked(
        for reason: Reason, _ hasOwnReading: Bool, at now: BootTime
    ) -> Bool {
        guard let lastValid else { return false }
        let isFresh = now - lastValid < ShutdownPolicy.silenceLimit
        if reason == .upsRequest { return isFresh && request?.lastFailing == lastValid }
        guard case .outage(let outage) = stage, outage.lastFailing == lastValid else {
            return false
        }
        // After a restart it is one of before, and so none.
        return isFresh || portIsOpen && hasOwnReading
    }

    /// By then this process has asked for a second and heard nothing. After a stop of the process
    /// or a restart the second begins anew.
    var silentAt: BootTime {
        max(lastHeard ?? awakeSince, awakeSince) + ShutdownPolicy.silenceLimit
    }

    /// A host too busy to run this process for a second on end may not put it off for ever.
    private func isSilent(at now: BootTime) -> Bool {
        now >= silentAt || naps >= ShutdownController.mostNaps
    }

    // MARK: Rule 5

    /// Nil: the UPS does not cut its output by itself.
    func latest(lostAt inputLost: BootTime?, firstFailing: BootTime) -> BootTime? {
        guard let maximum = policy.maximumBackupTime else { return nil }
        // Where power was never seen, it may have been lost when this host was started.
        let isUpShortly = firstFailing.sinceBoot < maximum
        let lost = inputLost ?? (isUpShortly ? BootTime(.zero) : firstFailing)
        return max(
            lost + maximum - policy.hostShutdownTime - policy.reserve,
            firstFailing + ShutdownPolicy.shortestDelay)
    }

    /// Sets the latest moment of an outage; it can only come earlier.
    func limit(_ outage: inout Incident) {
        guard let latest = latest(lostAt: outage.inputLost, firstFailing: outage.start),
            outage.latest.map({ latest < $0 }) ?? true
        else { return }
        outage.latest = latest
        outage.delay = min(outage.delay, latest - outage.start)
    }

    /// The UPS has told a limit of its own, in whatever stage: only a shorter one counts.
    public mutating func shorten(to maximum: Duration) {
        guard let former = running else { return }
        running?.maximumBackupTime = former.maximumBackupTime.map { min($0, maximum) } ?? maximum
        guard var outage else { return }
        limit(&outage)
        self.outage = outage
    }
}
