// A daemon's pure half and a simulated UPS in virtual time: nothing here waits, and a seed repeats
// everything. Driven by a History, watched by an Oracle.

import Simulator

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

struct World {
    var ups: SimulatedUPS
    var watch: Watch
    var now: BootTime
    var oracle: Oracle
    /// As the file says.
    var setup: Watch.Setup
    /// What the shutdown command does: nil never ends, else its failure, after half a second.
    var commandFails: Bool?
    private(set) var events: [Event] = []
    private(set) var isPlugged = true
    private var line = WorldLine()
    private var commandEnds: [(time: BootTime, failed: Bool)] = []
    private var nextTicket: Ticket = 0
    /// What the store has, and of which turn it is.
    private var saved: KeptState?
    private var savedTurn: UInt64?
    /// Number of the newest event that was taken from this process.
    private var heard: UInt64 = 0

    static let boot = BootID(high: 0x0123_4567_89AB_CDEF, low: 1)

    init(
        _ setup: Watch.Setup, seed: UInt64, model: Model = Model(), poweredAtStart: Bool = true,
        requestedAtStart: Bool = false, at start: BootTime = BootTime(.seconds(1000))
    ) {
        self.setup = setup
        now = start
        ups = SimulatedUPS(pace: model.pace, model: model.device, seed: seed, at: start)
        ups.turnaround = model.turnaround
        ups.answersOneByOne = model.answersOneByOne
        ups.unknownRequests = model.unknown
        ups.muteRequests = model.mute
        ups.garbledRequests = model.garbled
        ups.setPower(poweredAtStart, at: start)
        ups.requestsShutdown = requestedAtStart
        watch = World.daemon(setup, kept: nil, at: start)
        oracle = Oracle(setup, model, at: start)
        oracle.powerChanged(poweredAtStart, at: start)
        watch.portOpened(at: start)
        settle()
    }

    private static func daemon(
        _ setup: Watch.Setup, kept: KeptState?, answers: AnswerMemory = AnswerMemory(),
        at now: BootTime
    ) -> Watch {
        let installation = Installation(host: "host", version: "1", started: now)
        return Watch(
            setup, installation: installation, boot: boot, kept: kept, answers: answers, at: now)
    }

    var hasCommitted: Bool { watch.controller.isCommitted }

    // MARK: Time

    mutating func run(until end: BootTime) {
        var turnsAtOnce = 0
        while true {
            // While the line is to be quiet nobody listens, and in the end it is read unasked.
            let due = watch.nextWake(at: now)
            let quiet = watch.quietUntil.flatMap { $0 > now ? $0 : nil }
            let read = quiet ?? line.nextArrival
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

    /// One turn of the Monitor's loop.
    private mutating func turn(due: BootTime?, isUnasked: Bool) {
        if let ended = commandEnds.first, ended.time <= now {
            commandEnds.removeFirst()
            oracle.referee.end(failed: ended.failed, at: now)
            watch.commandEnded(failed: ended.failed, at: now)
        }
        if isUnasked || line.hasArrived(at: now) { receive() }
        if let due, due <= now { watch.advance(to: now) }
        settle()
    }

    private mutating func receive() {
        let (bytes, statuses) = line.take(at: now)
        for status in statuses { oracle.tap.deliver(status.flags, made: status.made, at: now) }
        if line.takeCharge(at: now) { oracle.tap.hearCharge(at: now) }
        watch.received(bytes, at: now)
    }

    private mutating func settle() {
        ups.advance(to: now)
        // Made once: the watch is copied for each question to it.
        let sight = Sight(watch, at: now)
        oracle.look(at: sight, ups: ups, isPlugged: isPlugged, now: now)
        while let action = watch.nextAction() {
            switch action {
            case .send(let bytes):
                oracle.sent(bytes, ups: ups, at: now)
                guard isPlugged else { continue }
                line.add(ups.receive(bytes, at: now), made: now)
            case .drain: line.drain(at: now)
            case .sync: oracle.synced(at: now)
            case .keep: break
            case .withdrawShutdown: oracle.withdrawn(at: now)
            case .runShutdown(let step):
                oracle.commandStarted(step: step, at: now)
                if let commandFails {
                    commandEnds.append((now + .milliseconds(500), commandFails))
                }
            }
        }
        for event in watch.events.events(after: heard) {
            events.append(event)
            oracle.take(event, at: now)
        }
        heard = watch.events.newest
        oracle.judge(sight, ups: ups, at: now)
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
        case .power(let isOn): setPower(isOn)
        case .flap(let off, let on, let count):
            for _ in 0..<count where oracle.violation == nil {
                setPower(false)
                run(until: now + off)
                setPower(true)
                run(until: now + on)
            }
        case .charge(let percent):
            ups.setCharge(percent, at: now)
            oracle.stackSet(at: now)
        case .load(let amperes):
            ups.setLoad(amperes: amperes, at: now)
            oracle.stackSet(at: now)
        case .fault(let fault, let count, let request):
            ups.setFault(fault, count: count, on: request)
            oracle.disturbed(by: fault, at: now)
        case .unplug: unplug()
        case .plug: plug()
        case .request(let isSet): ups.requestsShutdown = isSet
        case .limit(let seconds): limit(seconds)
        case .command(let command): submit(command)
        case .turn:
            watch.turn(at: now)
            settle()
        case .reload(let setup): reload(setup)
        case .hostStopping:
            oracle.referee.stopHost()
            watch.hostStopping(at: now)
            settle()
        case .sinks: bother()
        case .pause(let duration): sleep(duration)
        case .restart(let duration): restart(after: duration)
        }
    }

    private mutating func setPower(_ isOn: Bool) {
        ups.setPower(isOn, at: now)
        oracle.powerChanged(isOn, at: now)
    }

    private mutating func limit(_ seconds: Int?) {
        guard let former = ups.settings[.maximumBackupTime] else { return }
        ups.settings[.maximumBackupTime] = Setting(
            minimum: former.minimum, maximum: former.maximum, default: former.default,
            isEnabled: seconds != nil, value: seconds ?? former.value)
    }

    private mutating func reload(_ setup: Watch.Setup) {
        self.setup = setup
        oracle.reload(setup, at: now)
        watch.reconfigure(setup, at: now)
        settle()
    }

    /// Whatever the sinks do, it is neither a reading nor a command.
    private mutating func bother() {
        watch.note(.brokerLost, "gone", at: now)
        watch.report(["no room"], of: .host, at: now)
        _ = watch.snapshot(at: now, wall: WallTime(nanoseconds: -now.sinceBoot.components.seconds))
        _ = watch.snapshot(at: now, wall: WallTime(nanoseconds: .max))
        settle()
    }

    private mutating func unplug() {
        guard isPlugged else { return }
        isPlugged = false
        line = WorldLine()
        ups.unplug()
        oracle.unplugged(at: now)
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
        oracle.commanded(command, nextTicket, isDrill: watch.drill != nil, at: now)
        watch.submit(command, nextTicket, at: now)
        settle()
    }

    private mutating func sleep(_ duration: Duration) {
        now = now + duration
        ups.advance(to: now)
        oracle.awoke(after: duration, at: now)
        // As the Monitor does: what has arrived, and then what is due.
        let due = watch.nextWake(at: now)
        if line.hasArrived(at: now) { receive() }
        if due.map({ $0 <= now }) ?? true { watch.advance(to: now) }
        settle()
    }

    private mutating func restart(after duration: Duration) {
        let kept = KeptState.newest(
            of: [saved?.encoded(sequence: 7) ?? [], []], boot: World.boot)?.state
        let answers = World.reread(watch.keptAnswers)
        commandEnds = []
        now = now + duration
        ups.advance(to: now)
        watch = World.daemon(setup, kept: kept, answers: answers, at: now)
        (savedTurn, heard) = (nil, 0)
        if kept != saved { oracle.fail("the kept state was not read back", at: now) }
        oracle.restarted(setup, watch: watch, kept: kept, at: now)
        // Opening the port flushes what waits; an answer on its way still arrives.
        line.drain(at: now)
        if isPlugged { watch.portOpened(at: now) } else { watch.advance(to: now) }
        settle()
    }

    private static func reread(_ answers: AnswerMemory) -> AnswerMemory {
        var words = KeptWords()
        answers.encode(boot: boot, to: &words)
        return AnswerMemory(words.sealed(length: AnswerMemory.length), boot: boot)
            ?? AnswerMemory()
    }
}
