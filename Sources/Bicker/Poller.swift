// Decides what is asked next on the line, and which request an answer belongs to. Does no I/O.

public import UPS

/// One request at a time on a half-duplex line, the status before everything else.
///
/// The device answers in order, which settles what a late answer may be taken for:
/// - After any time-out the input is drained and the status asked next. Its answer proves that no
///   older answer to another request is still on its way.
/// - An answer to a status request that follows a status time-out could be the late one. It is
///   held until a request of another kind, the marker, has been answered: by then every status
///   answer that was on its way has come, and the last of them counts.
/// - An answer to a request that was given up says that the device comes to the outstanding one
///   only now, which has a whole time-out from then. Without that a slow device that was late once
///   would stay one request behind for ever.
/// - A device that leaves every marker unanswered has proven as much when it was silent for
///   `longestLateness`. What was held is too old by then, and the status is asked anew.
/// - What changes something in the device is sent only behind a status answer: nothing else says
///   that power is still there.
public struct Poller: Sendable {
    /// After so long without a status answer none is on its way.
    static let longestLateness = Duration.milliseconds(750)

    struct Outstanding {
        let request: Request
        let sent: BootTime
        /// From when on the device has had time for it: it deals with one request after the other.
        var begun: BootTime
    }

    /// So many late answers, and none in time: the device is slower than the time-out.
    static let mostLate = 8

    let intervals: PollIntervals
    public var ranges = PlausibleRanges()
    /// A busy host reads late what came in time, and has asked nothing else since. What is read
    /// after this time answers no request any more.
    let answerLimit: Duration
    var decoder = FrameDecoder()
    var outstanding: Outstanding?
    /// Given up, and not answered since, the oldest first.
    var owed: [Request] = []
    /// Late answers since the last one that was in time. A former process may have left one to come.
    var lateAnswers = Poller.mostLate - 3
    var responses = [ResponseTimes](repeating: ResponseTimes(), count: Request.allCases.count)
    /// The values first.
    var groups: [PollGroup] = []
    /// Turns for what is not known since the last turn for what has been due longest.
    private var unknownTurns = 0
    private static let mostUnknownTurns = 4
    private var statusDue: BootTime?
    var statusFirst = true
    /// What is asked, or written, once and in this order.
    private(set) var orders: [(request: Request, change: SettingChange?)] = []
    /// A status request went unanswered, so a late answer to it may still come.
    var statusOwed = true
    var heldStatus: Reply?
    /// The last status answer that became a reading at once.
    var statusRead: BootTime?
    /// Since when no status answer has come, while it is not known whether one is on its way.
    var quietSince: BootTime?
    var markers = 0
    private var lastSent: Request?
    /// The earliest moment at which a whole answer may have come.
    private var answerDue = BootTime(.zero)
    var outcomes: [Outcome] = []
    var tally: SerialCounters

    /// `counted` is what another one before has counted.
    public init(_ intervals: PollIntervals, counted: SerialCounters = SerialCounters()) {
        self.intervals = intervals
        answerLimit = min(intervals.timeout * 2, intervals.timeout + .milliseconds(500))
        tally = counted
    }

    public var counters: SerialCounters {
        var counters = tally
        counters.discardedBytes += decoder.discardedBytes
        return counters
    }

    /// The port was opened: everything learnt about the device is forgotten.
    public mutating func open(at now: BootTime) {
        close()
        tally.opens += 1
        responses = [ResponseTimes](repeating: ResponseTimes(), count: Request.allCases.count)
        groups = [
            PollGroup(requests: Request.values, interval: intervals.values),
            PollGroup(requests: Request.identity, interval: PollGroup.rarely, isRare: true),
            PollGroup(requests: Request.slow, interval: intervals.slow),
            PollGroup(requests: Request.settings, interval: PollGroup.rarely, isRare: true),
        ]
        askEverything(at: now)
        statusDue = now
        statusFirst = true
        statusOwed = true
    }

    public mutating func close() {
        decoder.reset()
        outstanding = nil
        (owed, lateAnswers) = ([], Poller.mostLate - 3)
        dropHeldStatus()
        quietSince = nil
        statusDue = nil
        groups = []
        orders = []
    }

    /// The status is asked as soon as the line is free.
    public mutating func askStatus() {
        statusFirst = true
    }

    /// Every value is asked anew, whatever its turn: the ones there were have been forgotten.
    public mutating func askEverything(at now: BootTime) {
        for index in groups.indices where groups[index].open(at: now) {
            for request in groups[index].requests {
                responses[Int(request.rawValue)].beginAnew(isKnown: groups[index].isRare)
            }
        }
    }

    /// Rare values, too: it may be another device.
    public mutating func askAllAgain() {
        for request in groups.flatMap(\.requests) { askAgain(request, at: BootTime(.zero)) }
    }

    /// The decision waits for this: however often it has failed, it is asked every two seconds.
    public mutating func hurry(_ request: Request, at now: BootTime) {
        responses[Int(request.rawValue)].hurry(at: now)
    }

    /// On battery they change as the charge does. Behind a round of values, few at a time, and only
    /// while the line has room: the values that the decision needs wait for nothing.
    public mutating func refreshCells(at now: BootTime) {
        guard let next = groups.first?.due, next - now >= intervals.values / 2 else { return }
        let known = Request.cells.filter { cell in
            let response = responses[Int(cell.rawValue)]
            return response.isKnown && !response.isPending
        }
        let oldest = known.sorted {
            responses[Int($0.rawValue)].asked < responses[Int($1.rawValue)].asked
        }
        for cell in oldest.prefix(2) { responses[Int(cell.rawValue)].askAgain(at: now) }
    }

    /// One answer is not enough for this: it is not known yet.
    public mutating func askAgain(_ request: Request, at due: BootTime) {
        responses[Int(request.rawValue)].isKnown = false
        responses[Int(request.rawValue)].askAgain(at: due)
    }

    /// Sent once, as soon as the line is free.
    public mutating func ask(_ request: Request) { orders.append((request, nil)) }

    public mutating func write(_ change: SettingChange) {
        orders.append((change.name.request, change))
    }

    /// Nothing that changes something in the device is sent any more.
    public mutating func withdrawCommands() {
        orders.removeAll { Poller.isCommand($0) }
    }

    /// Something that changes something in the device waits for its turn.
    public var hasCommands: Bool { orders.contains { Poller.isCommand($0) } }

    private static func isCommand(_ order: (request: Request, change: SettingChange?)) -> Bool {
        order.change != nil || order.request == .startMeasurement
    }

    /// What has come, the oldest first; nil: nothing more.
    public mutating func nextOutcome() -> Outcome? {
        outcomes.count == 1 ? outcomes.popLast() : outcomes.isEmpty ? nil : outcomes.removeFirst()
    }

    /// What to do now; nil: nothing before `nextWake`. A returned request counts as sent.
    public mutating func step(at now: BootTime) -> Step? {
        guard statusDue != nil else { return nil }
        expire(at: now)
        guard outstanding == nil, let (request, change) = choose(at: now) else { return nil }
        outstanding = Outstanding(request: request, sent: now, begun: now)
        lastSent = request
        let frame = change?.frame ?? request.frame
        let line = Frame.time(ofBytes: frame.length + Frame.shortestLength)
        answerDue = now + responses[Int(request.rawValue)].asked(line: line, at: now)
        tally.requests += 1
        if request == .deviceStatus { tally.statusRequests += 1 }
        return change.map { Step.write($0) } ?? Step.send(request)
    }

    /// When `step` has something to do if nothing arrives before; nil while the port is closed.
    public var nextWake: BootTime? {
        guard let statusDue else { return nil }
        if let outstanding { return outstanding.begun + intervals.timeout }
        if statusFirst || !orders.isEmpty { return BootTime(.zero) }
        let begin = groups.reduce(statusDue) { $1.left == 0 ? min($0, $1.due) : $0 }
        return responses.reduce(begin) { $1.isPending ? min($0, $1.notBefore) : $0 }
    }

    /// Bytes from the line, in any portions; none, when the line was read and there were none.
    public mutating func receive(_ bytes: [UInt8], at now: BootTime) {
        if let outstanding, now - outstanding.begun >= answerLimit {
            return takeTooLate(bytes, at: now)
        }
        guard !bytes.isEmpty else {
            if let outstanding, now >= answerDue {
                responses[Int(outstanding.request.rawValue)].wasEarly = true
            }
            return
        }
        decoder.append(bytes)
        let request = owed.isEmpty ? outstanding?.request : nil
        let longest = request?.longestPayload ?? Reply.longestText
        while let frame = decoder.next(longestPayload: longest) { take(frame, at: now) }
        answerDue = now + Frame.time(ofBytes: decoder.missingBytes - 1)
    }

    /// Before this moment the line need not be read: it is slower. A byte would cost a wake-up.
    public var quietUntil: BootTime? { outstanding == nil ? nil : answerDue }

    // MARK: What is asked

    private mutating func choose(at now: BootTime) -> (Request, SettingChange?)? {
        if quietSince != nil { return (marker(), nil) }
        let statusIsDue = statusDue.map { $0 <= now } ?? false
        if statusFirst { return (sendStatus(at: now), nil) }
        // With no pause between two status requests the others would never have their turn.
        if statusIsDue && lastSent != .deviceStatus { return (sendStatus(at: now), nil) }
        if let next = orders.first {
            let isBehindStatus = statusRead == now
            guard isBehindStatus || !Poller.isCommand(next) else {
                return (sendStatus(at: now), nil)
            }
            return orders.removeFirst()
        }
        beginRounds(at: now)
        if let request = nextPending(at: now) { return (request, nil) }
        return statusIsDue ? (sendStatus(at: now), nil) : nil
    }

    private mutating func sendStatus(at now: BootTime) -> Request {
        statusFirst = false
        // An early request moves the next one; it must not add up with it.
        statusDue = max(min(statusDue ?? now, now) + intervals.status, now)
        return .deviceStatus
    }

    private mutating func beginRounds(at now: BootTime) {
        for index in groups.indices where groups[index].left == 0 && groups[index].due <= now {
            for request in groups[index].requests {
                let position = Int(request.rawValue)
                // What has failed is asked when its time has come, and is not waited for.
                let isPaused = responses[position].isPending && responses[position].notBefore > now
                if !isPaused { responses[position].askAgain(at: now) }
                responses[position].isInRound = !isPaused
                if !isPaused { groups[index].left += 1 }
            }
            if groups[index].left == 0 { endRound(index, at: now) }
        }
    }

    private mutating func endRound(_ index: Int, at now: BootTime) {
        groups[index].due = max(groups[index].due + groups[index].interval, now)
        if index == 0 { outcomes.append(.valuesFinished) }
    }

    /// Of what is due, the request that was asked longest ago, so that none waits for ever, however
    /// slow the device is; but in most turns, what is not known comes before what is.
    private mutating func nextPending(at now: BootTime) -> Request? {
        let prefersUnknown = unknownTurns < Poller.mostUnknownTurns
        unknownTurns = prefersUnknown ? unknownTurns + 1 : 0
        var next: (request: Request, isKnown: Bool, asked: BootTime)?
        for group in groups {
            for request in group.requests {
                let times = responses[Int(request.rawValue)]
                guard times.isPending, times.notBefore <= now else { continue }
                let isKnown = !prefersUnknown || times.isKnown
                if let next, (next.isKnown ? 1 : 0, next.asked) <= (isKnown ? 1 : 0, times.asked) {
                    continue
                }
                next = (request, isKnown, times.asked)
            }
        }
        return next?.request
    }

    /// Answered or not, its turn in this round is over.
    mutating func dealt(with request: Request, at now: BootTime) {
        guard responses[Int(request.rawValue)].isInRound else { return }
        responses[Int(request.rawValue)].isInRound = false
        for index in groups.indices where groups[index].requests.contains(request) {
            groups[index].left -= 1
            if groups[index].left == 0 { endRound(index, at: now) }
        }
    }
}
