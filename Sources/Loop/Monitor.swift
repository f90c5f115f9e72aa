// The deciding loop, on the main thread: one poll over the serial line, signals and wake-ups. It
// calls only poll, non-blocking reads and writes, and pure code; nothing else may come in here.
// While nothing happens a turn allocates nothing, but for a row of the measurement log, and copies
// nothing but what it publishes.

public import Monitoring
public import Platform
import Poweroff
import Records
import Report
import SerialLine
import UPS

/// A value with one owner, so that the compiler need not copy the Watch before each question to it.
public struct Monitor: ~Copyable {
    private static let longestWait = Duration.seconds(1)
    /// So old may be what is published when nothing has happened.
    private static let longestSilence = Duration.milliseconds(250)

    private var watch: Watch
    private let sinks: Sinks
    private let opener: PortOpener
    private let wakeup: WakeDescriptor
    private let signals: SignalDescriptor
    private var port: SerialPort?
    private var descriptors: PollSet
    private var input: [UInt8] = []
    private var reopenDelay = ReopenDelay()
    private var reopenAt: BootTime?
    private var lastPortError: SerialPortError?
    private var readers = SerialReaders()
    private var orders = 0
    private var savedTurn: UInt64?
    /// Number of the newest event that the logs have.
    private var recorded: UInt64 = 0
    private var published = Published()
    private var fedAt: BootTime?
    private var statusLine: StatusLine?

    public init(
        _ watch: Watch, serial: String, wakeup: WakeDescriptor, signals: SignalDescriptor,
        sinks: Sinks
    ) {
        self.watch = watch
        (self.sinks, self.wakeup, self.signals) = (sinks, wakeup, signals)
        opener = PortOpener(serial) { wakeup.wake() }
        descriptors = PollSet([signals.descriptor, wakeup.descriptor, -1])
    }

    /// Until SIGTERM or SIGINT.
    public mutating func run() {
        reopenAt = BootClock.now()
        while true {
            let woken = wait()
            if woken.bySignal, let signal = signals.next() {
                switch signal {
                case .terminate, .interrupt: return stop()
                case .hangUp: sinks.reload()
                case .hostStopping: watch.hostStopping(at: BootClock.now())
                }
            }
            if woken.byWakeup { takeMessages() }
            // A line brings its bytes one by one, and most of them complete nothing.
            let hasNews = woken.bySerial && takeBytes()
            let now = BootClock.now()
            guard woken.bySignal || woken.byWakeup || hasNews || now >= woken.due else { continue }
            openIfDue(at: now)
            readers.look(at: port?.path, sinks, now: now)
            // What came in has advanced it already.
            if now >= woken.due { watch.advance(to: now) }
            carryOut(at: now)
            publish(at: now)
        }
    }

    /// Why the loop turns.
    private struct Woken {
        let bySignal, byWakeup, bySerial: Bool
        /// By then there is something to do in any case.
        let due: BootTime
    }

    private mutating func wait() -> Woken {
        let now = BootClock.now()
        var due = now + Monitor.longestWait
        if let wake = watch.nextWake(at: now) { due = min(due, wake) }
        if let reopenAt { due = min(due, reopenAt) }
        let quiet = watch.quietUntil.flatMap { $0 > now ? $0 : nil }
        descriptors[2] = quiet == nil ? port?.descriptor ?? -1 : -1
        // All is looked at when it is not known what is ready: no read here waits.
        let isUnknown = !descriptors.wait(atMost: min(due, quiet ?? due) - now)
        let byWakeup = isUnknown || descriptors.isReady(1)
        if byWakeup { wakeup.clear() }
        // Where the line was to be quiet, the answer is likely to be there: it is read unasked.
        return Woken(
            bySignal: isUnknown || descriptors.isReady(0), byWakeup: byWakeup,
            bySerial: isUnknown || quiet != nil || descriptors.isReady(2), due: due)
    }

    // MARK: What comes in

    private mutating func takeMessages() {
        let now = BootClock.now()
        if let result = opener.take() { opened(result, at: now) }
        if let setup = sinks.bulletin.takeSetup() { watch.reconfigure(setup, at: now) }
        for (ticket, submission) in sinks.bulletin.takeSubmissions() {
            switch submission {
            case .command(let command): watch.submit(command, ticket, at: now)
            case .note(let name, let text): watch.note(name, text, at: now)
            case .problems(let problems, let concern):
                watch.report(problems, of: concern, at: now)
            }
        }
        for report in sinks.runner.takeReports() {
            if case .rehearsed(let problem) = report {
                watch.report(problem.map { [Message($0)] } ?? [], of: .powerOff, at: now)
                guard problem == nil else { continue }
            }
            sinks.recorder.log(report.hasFailed == true ? .error : .notice, report.text)
            // The end of an older command says nothing of the newest one.
            if case .ended(let number, _, _) = report, number != orders - 1 { continue }
            if let failed = report.hasFailed { watch.commandEnded(failed: failed, at: now) }
        }
    }

    /// True: the decision has something new to look at.
    private mutating func takeBytes() -> Bool {
        guard let port else { return false }
        let now = BootClock.now()
        do throws(SerialPortError) {
            try port.read(into: &input)
            let hasNews = watch.received(input, at: now)
            guard hasNews, !input.isEmpty else { return hasNews }
            // Now it is a UPS: an adapter that hangs up at once would be told for ever.
            lastPortError = nil
            reopenDelay.reset()
            return true
        } catch {
            close(port, because: error, at: now)
            return true
        }
    }

    private mutating func openIfDue(at now: BootTime) {
        guard let reopenAt, reopenAt <= now else { return }
        self.reopenAt = nil
        opener.start()
    }

    private mutating func opened(_ result: Result<SerialPort, SerialPortError>, at now: BootTime) {
        switch result {
        case .success(let port):
            self.port = port
            sinks.recorder.log(.info, "\(port.path) is open")
            watch.portOpened(at: now)
        case .failure(let error):
            complain(error)
            reopenAt = now + reopenDelay.next()
        }
    }

    private mutating func close(
        _ port: SerialPort, because error: SerialPortError, at now: BootTime
    ) {
        complain(error)
        self.port = nil
        opener.close(port)
        reopenAt = now + reopenDelay.next()
        watch.portClosed(at: now)
    }

    /// Once for each cause: the port is tried every second, for ever.
    private mutating func complain(_ error: SerialPortError) {
        guard error != lastPortError else { return }
        lastPortError = error
        let (bulletin, recorder, explain) = (sinks.bulletin, sinks.recorder, sinks.explain)
        // Who holds the port is looked up where waiting does not matter.
        _ = recorder.work("port") {
            let text = explain(error)
            recorder.log(.warning, "\(text); trying again until it is there")
            _ = bulletin.submit(.problems([Message(text)], .serialPort))
        }
    }

    // MARK: What goes out

    private mutating func carryOut(at now: BootTime) {
        while let action = watch.nextAction() {
            switch action {
            case .send(let bytes): send(bytes, at: now)
            case .drain: port?.drain()
            case .sync: sinks.runner.sync()
            case .runShutdown(let step): order(step, at: now)
            case .withdrawShutdown:
                sinks.runner.withdraw()
                sinks.lastShutdown.withdraw()
            case .keep(let new):
                sinks.upsStore.keep(new, in: sinks.record, by: sinks.recorder)
            }
        }
        recordEvents(at: now)
        guard watch.turns != savedTurn else { return }
        savedTurn = watch.turns
        sinks.store.save(watch.kept)
        sinks.store.save(watch.keptAnswers)
    }

    private mutating func send(_ bytes: [UInt8], at now: BootTime) {
        guard let port else { return }
        do throws(SerialPortError) {
            try port.write(bytes)
        } catch {
            close(port, because: error, at: now)
        }
    }

    private mutating func order(_ step: Int, at now: BootTime) {
        guard let shutdown = watch.committedShutdown else { return }
        let index = min(step, sinks.steps.count - 1)
        let order = ShutdownOrder(number: orders, step: sinks.steps[index], shutdown: shutdown)
        orders += 1
        if !sinks.runner.order(order) {
            sinks.recorder.log(.error, "The shutdown command could not be ordered")
        }
        if step == 0 { sinks.lastShutdown.begin(shutdown, at: now) }
    }

    private mutating func recordEvents(at now: BootTime) {
        for event in watch.events.events(after: recorded) {
            let wall = BootClock.wall()
            sinks.recorder.record(event, at: wall)
            let incident = event.incident.map { " [\($0)]" } ?? ""
            sinks.recorder.log(event.name.priority, event.text + incident)
            guard OutageBook.events.contains(event.name) else { continue }
            sinks.outageStore.keep(watch.outages, at: now, wall: wall, by: sinks.recorder)
        }
        recorded = watch.events.newest
    }

    /// What was published last.
    private struct Published {
        var urgency: UInt64 = 0
        var rounds: UInt64 = 0
        var reading: BootTime?
        var time: BootTime?
    }

    /// A single value is told with the next status reading, or with the end of its round.
    private mutating func publish(at now: BootTime) {
        feedWatchdog(at: now)
        let hasNews = watch.urgency != published.urgency
        let hasValues = watch.rounds != published.rounds
        let isOld = published.time.map { now - $0 >= Monitor.longestSilence } ?? true
        let hasReading = watch.lastReading != published.reading
        guard hasNews || hasValues || hasReading || isOld else { return }
        published = Published(
            urgency: watch.urgency, rounds: watch.rounds, reading: watch.lastReading, time: now)
        let snapshot = watch.snapshot(at: now, wall: BootClock.wall())
        sinks.bulletin.publish(snapshot)
        if hasNews {
            sinks.wakeAll()
        } else if hasValues {
            sinks.wakeForMeasurements()
        }
        if hasValues, sinks.writesMeasurements {
            sinks.recorder.record(MeasurementRow(snapshot))
        }
        tellStatus(snapshot)
    }

    private mutating func feedWatchdog(at now: BootTime) {
        guard let notifier = sinks.notifier, let limit = notifier.watchdogLimit,
            fedAt.map({ now - $0 >= limit / 4 }) ?? true
        else { return }
        fedAt = now
        notifier.feedWatchdog()
    }

    private mutating func tellStatus(_ snapshot: Snapshot) {
        guard let notifier = sinks.notifier else { return }
        let line = StatusLine(snapshot)
        guard line != statusLine else { return }
        statusLine = line
        notifier.status(line.text)
    }

    private mutating func stop() {
        let now = BootClock.now()
        watch.note(.serviceStop, Message(.serviceStops), at: now)
        carryOut(at: now)
        publish(at: now)
        if let shutdown = watch.committedShutdown {
            sinks.lastShutdown.end(shutdown, at: now)
        }
        sinks.notifier?.stopping(status: "Stopping")
        // The sinks are given their time by the caller, also when the driver holds up the close.
        if let port { opener.close(port) }
        port = nil
    }
}
