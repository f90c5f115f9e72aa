// Rules 8, 9 and 13: what commands, reloads and restarts may do.

@testable import UPS

extension Referee {
    /// Carries it out if the rules take it. Only `cancel` and `delay`.
    mutating func take(_ command: Command, at now: BootTime) -> Bool {
        pass(to: now)
        if let named = command.incident, named != "\(World.boot.prefix)-\(incidentNumber ?? -1)" {
            return false
        }
        guard commit == nil else { return false }
        switch command.verb {
        case .cancel:
            guard isOnBattery || request != nil else { return false }
            set { affair in (affair.timer, affair.isCancelled) = (nil, true) }
            return true
        case .delay(let seconds): return take(delay: seconds, from: command.origin, at: now)
        case .measure, .drill, .set: return false
        }
    }

    private mutating func set(_ change: (inout Affair) -> Void) {
        if isOnBattery { change(&outage!) }
        if request != nil { change(&request!) }
    }

    private mutating func take(delay seconds: Int, from origin: Origin, at now: BootTime) -> Bool {
        guard (1...86400).contains(seconds) else { return false }
        let delay = Duration.seconds(seconds)
        if origin != .control {
            if delay < policy.delay { return false }
            if let running = timers ?? deadline(at: now)?.time, now + delay < running {
                return false
            }
            if isOnBattery, outage?.timer == nil, !policy.byTime { return false }
        }
        guard isOnBattery || request != nil else {
            nextDelay = delay
            return true
        }
        set { affair in
            if origin != .control, let timer = affair.timer, timer > now + delay { return }
            (affair.timer, affair.isCancelled, affair.delay) = (now + delay, false, delay)
        }
        return true
    }

    /// Without what a lost link makes due.
    private var timers: BootTime? {
        let ofOutage = isOnBattery ? [outage?.timer, outage?.latest] : []
        return (ofOutage + [request?.timer]).compactMap { $0 }.min()
    }

    /// The daemon was stopped in between for this long. True: what went on was dropped.
    mutating func restart(
        _ policy: ShutdownPolicy, at now: BootTime
    ) -> Bool {
        configured = policy
        running = nil
        (hasPort, bit, bitRun, stops) = (false, nil, 0, 0)
        (hostIsStopping, isDoubted) = (false, false)
        (awakeSince, steadySince) = (now, now)
        changeKind()
        let silence = lastReading.map { now - $0 } ?? .zero
        // A request came on line power, which does not run out.
        if silence > .seconds(3600) { (request, edge) = (nil, nil) }
        let longest = max(policy.maximumBackupTime ?? .seconds(3600), policy.deadTime)
        let isDropped = silence > longest && (commit != nil || outage != nil || isConfirming)
        if isDropped {
            if let commit, !commit.isDry { withdrawals += 1 }
            (outage, commit, unproven, bad) = (nil, nil, nil, 0)
        }
        if commit != nil || outage != nil || request != nil { running = configured }
        return isDropped
    }

    /// A real commit that a dry daemon finds runs nothing; a dry one that a real daemon finds is
    /// decided anew.
    private mutating func changeKind() {
        guard let found = commit, found.isDry != configured.dryRun else { return }
        if configured.dryRun {
            commit = Committed(
                number: found.number, reason: found.reason, time: found.time, isDry: true,
                isOutage: found.isOutage, grace: found.grace, isUnderWay: found.isUnderWay,
                next: found.next, powerBack: found.powerBack)
            withdrawals += 1
        } else {
            (commit, decidesAnew) = (nil, true)
            (good, bad) = (0, 0)
            if !found.isOutage { request = committedRequest }
        }
    }
}
