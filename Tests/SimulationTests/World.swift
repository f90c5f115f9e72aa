// A daemon's pure half and a simulated UPS in virtual time: nothing here waits, and a seed repeats
// everything. Driven by a History, watched by an Oracle.

import Simulator

@testable import UPS

/// One thing that happens to the world.
enum Step {
    case power(Bool)
    case charge(Int)
    case load(Double)
    case fault(Fault, count: Int)
    case unplug
    case plug
    case request(Bool)
    case command(Command)
    /// SIGSTOP and SIGCONT.
    case pause(Duration)
    /// The daemon ends, its kept state remains, and it is started again after this time.
    case restart(Duration)
}

struct World {
    var ups: SimulatedUPS
    var watch: Watch
    var now: BootTime
    var oracle: Oracle
    let setup: Watch.Setup
    /// What the shutdown command does: nil never ends, else its failure, after half a second.
    var commandFails: Bool?
    private(set) var events: [Event] = []
    private(set) var isPlugged = true
    private var inFlight: [SimulatedUPS.Delivery] = []
    private var commandEnds: [(time: BootTime, failed: Bool)] = []
    private var nextTicket: Ticket = 0
    /// What the store has, and of which turn it is.
    private var saved: KeptState?
    private var savedTurn: UInt64?

    static let boot = BootID(high: 0x0123_4567_89AB_CDEF, low: 1)

    init(
        _ setup: Watch.Setup, seed: UInt64, poweredAtStart: Bool = true,
        requestedAtStart: Bool = false,
        at start: BootTime = BootTime(.seconds(1000))
    ) {
        self.setup = setup
        now = start
        ups = SimulatedUPS(pace: .frame, seed: seed, at: start)
        ups.setPower(poweredAtStart, at: start)
        watch = World.daemon(setup, kept: nil, at: start)
        oracle = Oracle(setup, at: start)
        oracle.powerChanged(poweredAtStart, at: start)
        ups.requestsShutdown = requestedAtStart
        oracle.requested(requestedAtStart, at: start, atStart: true)
        watch.portOpened(at: start)
        settle()
    }

    private static func daemon(_ setup: Watch.Setup, kept: KeptState?, at now: BootTime) -> Watch {
        let installation = Installation(host: "host", version: "1", started: now)
        return Watch(setup, installation: installation, boot: boot, kept: kept, at: now)
    }

    var hasCommitted: Bool { watch.controller.isCommitted }

    // MARK: Time

    mutating func run(until end: BootTime) {
        var turnsAtOnce = 0
        while true {
            // While the line is to be quiet nobody listens, and in the end it is read unasked.
            let due = watch.nextWake(at: now)
            let quiet = watch.quietUntil.flatMap { $0 > now ? $0 : nil }
            let read = quiet ?? inFlight.first?.time
            guard let next = earliest(earliest(due, read), commandEnds.first?.time), next <= end
            else { break }
            turnsAtOnce = next > now ? 0 : turnsAtOnce + 1
            if turnsAtOnce > 1000 { oracle.fail("a busy loop", at: now) }
            now = max(now, next)
            turn(due: due, isUnasked: quiet != nil)
            if oracle.violation != nil { return }
        }
        now = max(now, end)
    }

    /// What has arrived waits in the tty and is read in one go.
    private mutating func takeArrived() -> [UInt8] {
        let arrived = inFlight.prefix { $0.time <= now }
        inFlight.removeFirst(arrived.count)
        return arrived.flatMap(\.bytes)
    }

    /// One turn of the Monitor's loop.
    private mutating func turn(due: BootTime?, isUnasked: Bool) {
        if let ended = commandEnds.first, ended.time <= now {
            commandEnds.removeFirst()
            watch.commandEnded(failed: ended.failed, at: now)
        }
        if isUnasked || inFlight.first.map({ $0.time <= now }) == true {
            watch.received(takeArrived(), at: now)
        }
        if let due, due <= now { watch.advance(to: now) }
        settle()
    }

    private mutating func settle() {
        let sight = watch.sight(at: now)
        oracle.look(at: sight, ups: ups, isPlugged: isPlugged, now: now)
        while let action = watch.nextAction() {
            switch action {
            case .send(let bytes):
                guard isPlugged else { continue }
                inFlight += ups.receive(bytes, at: now)
            case .drain: _ = takeArrived()
            case .sync, .keep, .withdrawShutdown: break
            case .runShutdown(let step):
                oracle.commandStarted(step: step, at: now)
                if let commandFails {
                    commandEnds.append((now + .milliseconds(500), commandFails))
                }
            case .record(let event):
                events.append(event)
                oracle.take(event, at: now)
            }
        }
        oracle.judge(sight, at: now)
        judgeRest()
    }

    /// At rest the Watch only polls: nothing else was due, nothing to be told and nothing to be
    /// kept.
    private mutating func judgeRest() {
        if watch.turns != savedTurn { (savedTurn, saved) = (watch.turns, watch.kept) }
        if watch.kept != saved { oracle.fail("a state that was not kept", at: now) }
        if watch.poller.hasOutcomes { oracle.fail("an answer that nobody took", at: now) }
        guard let rest = watch.restsUntil, now < rest else { return }
        if watch.decisionWake(at: now) != rest {
            oracle.fail("a rest although there is something to decide", at: now)
        }
        if watch.presentHeadline(at: now) != watch.headline {
            oracle.fail("a rest although there is something to tell", at: now)
        }
    }

    // MARK: What happens

    mutating func perform(_ step: Step) {
        switch step {
        case .power(let isOn):
            ups.setPower(isOn, at: now)
            oracle.powerChanged(isOn, at: now)
        case .charge(let percent):
            ups.setCharge(percent, at: now)
            oracle.stackSet(at: now)
        case .load(let amperes):
            ups.setLoad(amperes: amperes, at: now)
            oracle.stackSet(at: now)
        case .fault(let fault, let count):
            ups.setFault(fault, count: count)
            oracle.disturbed(by: fault, at: now)
        case .unplug: unplug()
        case .plug: plug()
        case .request(let isSet):
            ups.requestsShutdown = isSet
            oracle.requested(isSet, at: now)
        case .command(let command): submit(command)
        case .pause(let duration): sleep(duration)
        case .restart(let duration): restart(after: duration)
        }
    }

    private mutating func unplug() {
        guard isPlugged else { return }
        isPlugged = false
        inFlight = []
        ups.unplug()
        oracle.disturbed(at: now)
        watch.portClosed(at: now)
        settle()
    }

    private mutating func plug() {
        guard !isPlugged else { return }
        isPlugged = true
        oracle.disturbed(at: now)
        watch.portOpened(at: now)
        settle()
    }

    private mutating func submit(_ command: Command) {
        nextTicket += 1
        let before = watch.controller.deadline(at: now)
        let isRepeated = watch.controller.answers.result(of: command) != nil
        watch.submit(command, nextTicket, at: now)
        defer { settle() }
        guard !isRepeated else { return oracle.repeated(before: before, watch: watch, at: now) }
        let result = watch.answers.result(for: nextTicket)
        oracle.commanded(command, result: result, before: before, watch: watch, at: now)
    }

    private mutating func sleep(_ duration: Duration) {
        now = now + duration
        ups.advance(to: now)
        oracle.awoke(after: duration, at: now)
        let arrived = takeArrived()
        if arrived.isEmpty {
            watch.advance(to: now)
        } else {
            watch.received(arrived, at: now)
        }
        settle()
    }

    private mutating func restart(after duration: Duration) {
        let bytes = saved?.encoded(sequence: 7) ?? []
        let before = watch.controller.deadline(at: now)
        commandEnds = []
        now = now + duration
        ups.advance(to: now)
        let kept = KeptState.newest(of: [bytes, []], boot: World.boot)?.state
        (watch, savedTurn) = (World.daemon(setup, kept: kept, at: now), nil)
        oracle.awoke(after: duration, at: now)
        oracle.restarted(before: before, watch: watch, hadKept: kept != nil, at: now)
        // Opening the port flushes what waits; an answer on its way still arrives.
        inFlight.removeAll { $0.time <= now }
        if isPlugged { watch.portOpened(at: now) } else { watch.advance(to: now) }
        settle()
    }
}
