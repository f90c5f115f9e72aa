// Decides what is asked next on the serial line, and whom an answer belongs to. Called by the
// Watch; does no I/O.

/// One request at a time on a half-duplex line, the status before everything else.
///
/// The device answers in order, which settles what a late answer may be taken for:
/// - After any time-out the input is drained and the status asked next. Its answer proves that no
///   older answer to another request is still on its way.
/// - An answer to a status request that follows a status time-out could be the late one. It is
///   held until a request of another kind has been answered: by then every status answer that was
///   on its way has come, and the last of them counts.
public struct Poller: Sendable {
    /// A command that stays mute this often while others answer is asked once a minute.
    static let muteLimit = 3
    static let muteInterval = Duration.seconds(60)
    /// One stray "unsupported" may be the echo of a garbled request; two are the device's word.
    static let unsupportedLimit = 2

    struct Outstanding {
        let request: Request
        let sent: BootTime
    }

    private let intervals: PollIntervals
    /// A busy host reads late what came in time, and nothing else was asked since. After this time
    /// it belongs to nobody any more.
    private let answerLimit: Duration
    private var decoder = FrameDecoder()
    private(set) var outstanding: Outstanding?
    private var tempers = [Temper](repeating: Temper(), count: Request.allCases.count)
    private(set) var lanes: [Lane] = []
    private var statusDue: BootTime?
    private var statusFirst = true
    /// Asked, or written, once and in turn.
    private(set) var orders: [(request: Request, change: SettingChange?)] = []
    /// A status request went unanswered, so a late answer to it may still come.
    private var statusOwed = true
    private var heldStatus: Reply?
    private var markers = 0
    private var lastSent: Request?
    /// The earliest moment at which a whole answer may have come.
    private var answerDue = BootTime(.zero)
    private(set) var outcomes: [Outcome] = []
    private var tally: Counters

    /// `counted` is what another one before has counted.
    public init(_ intervals: PollIntervals, counted: Counters = Counters()) {
        self.intervals = intervals
        answerLimit = min(intervals.timeout * 2, intervals.timeout + .milliseconds(500))
        tally = counted
    }

    public var counters: Counters {
        var counters = tally
        counters.discardedBytes += decoder.discardedBytes
        return counters
    }

    /// The port was opened: everything learnt about the device is forgotten.
    public mutating func open(at now: BootTime) {
        close()
        tally.opens += 1
        tempers = [Temper](repeating: Temper(), count: Request.allCases.count)
        lanes = [
            Lane(Lane.values, every: intervals.values), Lane(Lane.identity, every: nil),
            Lane(Lane.slow, every: intervals.slow),
        ]
        askEverything(at: now)
        statusDue = now
        statusFirst = true
        statusOwed = true
    }

    public mutating func close() {
        decoder.reset()
        outstanding = nil
        heldStatus = nil
        statusDue = nil
        lanes = []
        orders = []
    }

    /// The status is asked as soon as the line is free.
    public mutating func askStatus() {
        statusFirst = true
    }

    /// Every value is asked anew, whatever its turn: the ones there were have been forgotten.
    public mutating func askEverything(at now: BootTime) {
        for index in lanes.indices { lanes[index].open(at: now) }
    }

    /// Sent once, as soon as the line is free.
    public mutating func ask(_ request: Request) {
        orders.append((request, nil))
    }

    public mutating func write(_ change: SettingChange) {
        orders.append((change.name.request, change))
    }

    /// What has come, the oldest first; nil: nothing more.
    public mutating func nextOutcome() -> Outcome? {
        outcomes.count == 1 ? outcomes.popLast() : outcomes.isEmpty ? nil : outcomes.removeFirst()
    }

    /// What to do now. A returned request counts as sent.
    public mutating func step(at now: BootTime) -> Step {
        guard statusDue != nil else { return .wait(until: nil) }
        expire(at: now)
        if outstanding == nil, let (request, change) = choose(at: now) {
            outstanding = Outstanding(request: request, sent: now)
            lastSent = request
            let frame = change?.frame ?? request.frame
            let line = Frame.time(ofBytes: frame.length + Frame.shortestLength)
            answerDue = now + tempers[Int(request.rawValue)].asked(line: line)
            tally.requests += 1
            return change.map { .write($0) } ?? .send(request)
        }
        return .wait(until: nextWake)
    }

    /// When `step` has something to do if nothing arrives before; nil while the port is closed.
    public var nextWake: BootTime? {
        guard let statusDue else { return nil }
        if let outstanding { return outstanding.sent + intervals.timeout }
        if statusFirst || hasOrders { return BootTime(.zero) }
        return lanes.reduce(statusDue) { earliest($0, $1.due) ?? $0 }
    }

    /// Bytes from the line, in any portions; none, when somebody looked and there were none.
    public mutating func receive(_ bytes: [UInt8], at now: BootTime) {
        guard !expire(at: now, after: answerLimit) else { return }
        guard !bytes.isEmpty else {
            if let outstanding, now >= answerDue {
                tempers[Int(outstanding.request.rawValue)].lookedEarly()
            }
            return
        }
        decoder.append(bytes)
        let longest = outstanding?.request.longestPayload ?? Reply.longestText
        while let frame = decoder.next(longestPayload: longest) { take(frame, at: now) }
        answerDue = now + Frame.time(ofBytes: decoder.missingBytes - 1)
    }

    /// Before this moment nobody need listen: the line is slower. Each byte would cost a wake-up.
    public var quietUntil: BootTime? { outstanding == nil ? nil : answerDue }

    // MARK: What is asked

    private mutating func choose(at now: BootTime) -> (Request, SettingChange?)? {
        if heldStatus != nil { return (marker(at: now), nil) }
        let statusIsDue = statusDue.map { $0 <= now } ?? false
        if statusFirst { return (sendStatus(at: now), nil) }
        // With no pause between two status requests the others would never have their turn.
        if statusIsDue && lastSent != .deviceStatus { return (sendStatus(at: now), nil) }
        if !orders.isEmpty { return orders.removeFirst() }
        for index in lanes.indices {
            if let request = next(inLane: index, at: now) { return (request, nil) }
        }
        return statusIsDue ? (sendStatus(at: now), nil) : nil
    }

    private mutating func sendStatus(at now: BootTime) -> Request {
        statusFirst = false
        // An early request moves the next one; it must not add up with it.
        statusDue = max(min(statusDue ?? now, now) + intervals.status, now)
        return .deviceStatus
    }

    private mutating func next(inLane index: Int, at now: BootTime) -> Request? {
        while lanes[index].isDue(at: now) {
            let request = lanes[index].current
            if isAskable(request, at: now) { return request }
            advance(past: request, at: now)
        }
        return nil
    }

    /// A request of another kind than the status, due or not, to settle a held status. Of another
    /// kind, too, than the markers before it, the answers to which may be late as well.
    private mutating func marker(at now: BootTime) -> Request {
        for _ in Lane.values {
            let request = Lane.values[markers % Lane.values.count]
            markers += 1
            if isAskable(request, at: now) { return request }
        }
        return .charge
    }

    private func isAskable(_ request: Request, at now: BootTime) -> Bool {
        let temper = tempers[Int(request.rawValue)]
        guard temper.refusals < Poller.unsupportedLimit else { return false }
        return temper.notBefore.map { $0 <= now } ?? true
    }

    private mutating func advance(past request: Request, at now: BootTime) {
        for index in lanes.indices where lanes[index].isDue(at: now) {
            guard lanes[index].current == request else { continue }
            let isValues = lanes[index].requests.first == Lane.values.first
            if lanes[index].advance(at: now), isValues { outcomes.append(.valuesFinished) }
        }
    }

    // MARK: What is answered

    private mutating func take(_ frame: Frame, at now: BootTime) {
        guard let request = outstanding?.request else {
            if !takeNewerStatus(frame) { tally.unsolicitedFrames += 1 }
            return
        }
        do throws(Reply.Failure) {
            let reply = try Reply(frame, to: request)
            tally.replies += 1
            answered(request, reply, at: now)
        } catch .unsupported where request != .deviceStatus {
            refused(request, at: now)
        } catch {
            if !takeNewerStatus(frame) { tally.invalidFrames += 1 }
        }
    }

    private mutating func answered(_ request: Request, _ reply: Reply, at now: BootTime) {
        if let sent = outstanding?.sent {
            tempers[Int(request.rawValue)].answered(after: now - sent)
        }
        outstanding = nil
        if request == .deviceStatus {
            if statusOwed {
                heldStatus = reply
            } else {
                outcomes.append(.reply(request, reply))
            }
            return
        }
        settle()
        outcomes.append(.reply(request, reply))
        advance(past: request, at: now)
    }

    private mutating func refused(_ request: Request, at now: BootTime) {
        outstanding = nil
        settle()
        outcomes.append(.refused(request))
        tempers[Int(request.rawValue)].refusals += 1
        if tempers[Int(request.rawValue)].refusals >= Poller.unsupportedLimit {
            outcomes.append(.gone(request))
        }
        advance(past: request, at: now)
    }

    /// A frame that answers no outstanding request acts like silence, but for the status while one
    /// is held: the last one counts, also of those that were read in one go.
    private mutating func takeNewerStatus(_ frame: Frame) -> Bool {
        guard heldStatus != nil, let newer = try? Reply(frame, to: .deviceStatus) else {
            return false
        }
        heldStatus = newer
        return true
    }

    /// The status was answered before its marker, and so comes first.
    private mutating func settle() {
        guard let status = heldStatus else { return }
        heldStatus = nil
        statusOwed = false
        outcomes.append(.reply(.deviceStatus, status))
    }

    /// Gives up what has not been answered in time, by default the configured one. The outcome is to
    /// be taken before `step`: what was sent first would be drained.
    @discardableResult
    mutating func expire(at now: BootTime, after timeout: Duration? = nil) -> Bool {
        let limit = timeout ?? intervals.timeout
        guard let late = outstanding, now - late.sent >= limit else { return false }
        let request = late.request
        outstanding = nil
        heldStatus = nil
        decoder.reset()
        statusFirst = true
        tally.timeouts += 1
        outcomes.append(.missed(request))
        if request == .deviceStatus {
            statusOwed = true
        } else {
            missed(request, at: now)
        }
        return true
    }

    private mutating func missed(_ request: Request, at now: BootTime) {
        let position = Int(request.rawValue)
        tempers[position].misses += 1
        if tempers[position].misses >= Poller.muteLimit {
            tempers[position].notBefore = now + Poller.muteInterval
            outcomes.append(.gone(request))
        }
        advance(past: request, at: now)
    }
}
