// The pure half of the Monitor: bytes, commands and the time in; actions and a snapshot out. It
// joins Poller, Reading and ShutdownController, and is what the simulation drives.

import Bicker
public import Decision
public import UPS

public struct Watch: Sendable {
    public enum Action: Equatable, Sendable {
        case send([UInt8])
        /// What is waiting on the serial line answers no request: throw it away.
        case drain
        case sync
        case runShutdown(step: Int)
        case withdrawShutdown
        /// For the next start.
        case keep(CapacitorsWhenNew)
    }

    /// What the Watch is told at its start and on a reload.
    public struct Setup: Sendable {
        public var policy: ShutdownPolicy
        public var rating: Rating
        public var intervals: PollIntervals
        /// What is wrong with the configuration or the host, for `problem`.
        public var standingProblems: [Message]

        public init(
            policy: ShutdownPolicy = ShutdownPolicy(), rating: Rating = Rating(),
            intervals: PollIntervals = PollIntervals(), standingProblems: [Message] = []
        ) {
            self.policy = policy
            self.rating = rating
            self.intervals = intervals
            self.standingProblems = standingProblems
        }
    }

    /// Holds now.
    var setup: Setup
    /// Read during the incident of this number, and holds from the next one.
    var newSetup: (setup: Setup, incident: Int)?
    let installation: Installation
    var poller: Poller
    var controller: ShutdownController
    var drill: Drill?
    var measurement = Measurement()
    /// When the charge was last told.
    var chargeRead: BootTime?
    var checks = PlausibilityChecks()
    var reading = Reading()
    /// The last answer to each request that became part of the reading.
    var lastReplies = [Reply?](repeating: nil, count: Request.allCases.count)
    var identity = Identity()
    var settings: [SettingName: Setting] = [:]
    var beliefs = Beliefs()
    var pendingChange: PendingChange?
    var pendingMeasurement: PendingCommand?
    var history = PowerHistory()
    var energy = EnergyMeter()
    var wear: Wear
    /// The one place from which logs and protocols take events.
    public internal(set) var events = EventLog()
    var answers = AnswerBoard()
    var missing = Missing()
    /// How many values are not told that were told, or that a rule needs.
    var missingValues = 0
    /// Since the port was opened.
    var hasAnswered = false
    var lastLink: Link?
    var hasBeenLinked = false
    private(set) var isOpen = false
    var concerns: [Concern: [Message]] = [:] { didSet { concernChanges += 1 } }
    private(set) var concernChanges = 0
    var problemState = ProblemState()
    /// A sentence each.
    var problems: [Message] = []
    public internal(set) var outages: OutageBook
    /// Until then there is nothing to decide unless something arrives; nil: there may be.
    private(set) var restsUntil: BootTime?
    var actions: [Action] = []
    private(set) var sequence: UInt64 = 0
    /// Without one of these nothing has changed that is kept.
    public private(set) var turns: UInt64 = 0
    /// Rounds of values that were finished: the moment to look at measurements.
    public internal(set) var rounds: UInt64 = 0
    /// Changes only with what is told at once.
    public private(set) var urgency: UInt64 = 0
    private(set) var headline = Headline()

    /// `kept` and `answers` are what a daemon of this boot left behind, `new` what an earlier one
    /// has kept.
    public init(
        _ setup: Setup, installation: Installation, boot: BootID, kept: KeptState? = nil,
        answers: AnswerMemory = AnswerMemory(), new: CapacitorsWhenNew? = nil,
        outages: OutageBook = OutageBook(), at now: BootTime
    ) {
        wear = Wear(new)
        self.outages = outages
        self.setup = setup
        self.installation = installation
        poller = Poller(setup.intervals)
        poller.ranges = PlausibleRanges(setup.rating)
        controller = ShutdownController(
            policy: setup.policy, statusInterval: setup.intervals.status, boot: boot, at: now)
        controller.answers = answers
        if let kept, kept.boot == boot { restore(kept, at: now) }
        followProblem()
    }

    // MARK: Inputs

    public mutating func portOpened(at now: BootTime) {
        isOpen = true
        concerns[.serialPort] = []
        poller.open(at: now)
        missing.open(poller.counters, at: now)
        hasAnswered = false
        checks.reset()
        turn(at: now)
    }

    public mutating func portClosed(at now: BootTime) {
        isOpen = false
        poller.close()
        missing.close()
        report([], of: .device, at: now)
        decide(.portClosed, at: now)
        turn(at: now)
    }

    /// False: the bytes completed nothing, and there is nothing to do before `nextWake`.
    @discardableResult
    public mutating func received(_ bytes: [UInt8], at now: BootTime) -> Bool {
        poller.receive(bytes, at: now)
        guard poller.hasNews else { return false }
        turn(at: now)
        return true
    }

    public mutating func commandEnded(failed: Bool, at now: BootTime) {
        decide(.commandEnded(failed: failed), at: now)
        turn(at: now)
    }

    /// The service manager has begun to stop what runs on this host.
    public mutating func hostStopping(at now: BootTime) {
        decide(.hostStopping, at: now)
        turn(at: now)
    }

    /// What is being carried out; nil: nothing, or a dry run.
    public var committedShutdown: CommittedShutdown? { controller.committedShutdown }

    /// Called whenever `nextWake` has come. At rest that is ten times a second for nothing but the
    /// next request, after a sleep in which the processor has forgotten this code.
    public mutating func advance(to now: BootTime) {
        poller.expire(at: now)
        guard let restsUntil, now < restsUntil, !poller.hasOutcomes, controller.noteAwake(at: now)
        else { return turn(at: now) }
        poll(at: now)
        sequence += 1
        // A round that ends without an answer.
        if poller.hasOutcomes { turn(at: now) }
    }

    /// Everything that may follow from an input or from the time.
    mutating func turn(at now: BootTime) {
        poller.expire(at: now)
        takeOutcomes(at: now)
        decide(.tick, at: now)
        advanceDrill(to: now)
        followNewSetup(at: now)
        followLink(at: now)
        followMissing(at: now)
        hurryCharge(at: now)
        poll(at: now)
        takeOutcomes(at: now)
        followHeadline(at: now)
        let isAtRest = controller.isIdle && drill == nil && lastLink == .ok
        restsUntil = isAtRest ? controller.linkWake(at: now) : nil
        turns += 1
    }

    private mutating func poll(at now: BootTime) {
        withdrawCommandsIfWrong(at: now)
        switch poller.step(at: now) {
        case .send(let request):
            if request == .startMeasurement { measurementSent(at: now) }
            actions.append(.send(request.bytes))
        case .write(let change):
            pendingChange?.isSent = true
            actions.append(.send(change.frame.bytes))
        case nil: break
        }
    }

    /// Something that happened outside: start and stop, the broker, the configuration.
    public mutating func note(_ name: Event.Name, _ text: Message, at now: BootTime) {
        announce(name, text, incident: controller.incidentID, at: now)
        followHeadline(at: now)
    }

    /// What to do next; nil: nothing more. One by one, so that the list is made once.
    public mutating func nextAction() -> Action? {
        // Nearly always there is only one: the end of an array is the cheap one.
        actions.count == 1 ? actions.popLast() : actions.isEmpty ? nil : actions.removeFirst()
    }

    /// The next moment at which `advance` has something to do, if nothing arrives before.
    public func nextWake(at now: BootTime) -> BootTime? {
        let decision = restsUntil.flatMap { now < $0 ? $0 : nil } ?? decisionWake(at: now)
        return earliest(poller.nextWake, decision)
    }

    /// When the decision has something to do, whatever is asked of the UPS.
    func decisionWake(at now: BootTime) -> BootTime? {
        let drillWake = drill?.controller.nextWake(at: now) ?? drill?.ends
        let ownWake = isOpen ? linkWake(at: now) : nil
        return earliest(ownWake, earliest(controller.nextWake(at: now), drillWake))
    }

    /// The last valid status reading.
    public var lastReading: BootTime? { controller.lastReading }

    /// Before this moment the serial line has nothing to listen for.
    public var quietUntil: BootTime? { poller.quietUntil }

    // MARK: What follows from an input

    mutating func decide(_ input: ShutdownController.Input, at now: BootTime) {
        let (before, wasOnBattery) = (controller.incidentID, controller.isOnBattery)
        let decided = controller.handle(input, at: now)
        if !decided.isEmpty { carryOut(decided, of: controller.incidentID ?? before, at: now) }
        let isOnBattery = controller.isOnBattery
        if isOnBattery, !wasOnBattery {
            history.fail(number: controller.powerFailures, at: now)
        } else if wasOnBattery, !isOnBattery {
            history.resume(at: now)
        }
    }

    mutating func carryOut(
        _ decided: [ShutdownController.Action], of incident: IncidentID?, at now: BootTime,
        isDrill: Bool = false
    ) {
        for action in decided {
            switch action {
            case .askStatus: poller.askStatus()
            case .sync: actions.append(.sync)
            case .runShutdown(let step): actions.append(.runShutdown(step: step))
            case .withdrawShutdown: actions.append(.withdrawShutdown)
            case .announce(let name, let text):
                let said = isDrill ? Message(.drill, text) : text
                announce(name, said, incident: incident, at: now)
            case .answer(let ticket, let result): answers.post(result, for: ticket)
            }
        }
    }

    mutating func announce(
        _ name: Event.Name, _ text: Message, incident: IncidentID?, at now: BootTime
    ) {
        let event = Event(
            number: events.newest + 1, name: name, time: now, incident: incident, text: text,
            reading: reading)
        events.append(event)
        let isPlayed = incident != controller.incidentID && incident == drill?.controller.incidentID
        let commit = isPlayed ? drill?.controller.commit : controller.commit
        outages.take(
            event, isDrill: isPlayed, reason: commit?.reason, isDry: commit?.isDry == true)
    }

    mutating func followHeadline(at now: BootTime) {
        sequence += 1
        followProblem()
        let present = presentHeadline(at: now)
        guard present != headline else { return }
        headline = present
        urgency += 1
    }

    func presentHeadline(at now: BootTime) -> Headline {
        let link = controller.link(at: now)
        return Headline(
            link: link, status: status(link), shutdown: shutdown(at: now),
            isMeasuring: isMeasuring, isDrill: drill != nil, event: events.newest,
            answer: answers.newest, concerns: concernChanges)
    }
}
