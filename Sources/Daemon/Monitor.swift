// The deciding loop, on the main thread: one poll over the serial line, signals and wake-ups. It
// calls only poll, non-blocking reads and writes, and pure code; nothing else may come in here.

import Glibc
import UPS

final class Monitor {
    /// What the Monitor hands things to; none of it waits.
    struct Outlets {
        let bulletin: Bulletin
        let recorder: Recorder
        let halt: Halt
        let store: KeptStore
        let lastShutdown: LastShutdown
        let notifier: ServiceNotifier?
        /// The commands, the first and its escalation.
        let steps: [ShutdownStep]
        let writesMeasurements: Bool
        /// Keeps it for the next start; returns at once.
        let keep: @Sendable (CapacitorsWhenNew) -> Void
        /// Tells Web and MQTT that there is something new.
        let wakeAll: @Sendable () -> Void
        let wakeForMeasurements: @Sendable () -> Void
        let reload: @Sendable () -> Void
    }

    private static let longestWait = Duration.seconds(1)

    private var watch: Watch
    private let outlets: Outlets
    private let opener: PortOpener
    private let bell: WakeDescriptor
    private let signals: SignalDescriptor
    private var port: SerialPort?
    private var reopenDelay = ReopenDelay()
    private var reopenAt: BootTime?
    private var lastPortError: SerialPortError?
    private var orders = 0
    private var publishedUrgency: UInt64 = 0
    private var publishedRounds: UInt64 = 0
    private var fedAt: BootTime?
    private var statusLine = ""

    init(
        _ watch: Watch, serial: String, bell: WakeDescriptor, signals: SignalDescriptor,
        outlets: Outlets
    ) {
        self.watch = watch
        self.outlets = outlets
        self.bell = bell
        self.signals = signals
        opener = PortOpener(serial) { bell.wake() }
    }

    /// Until SIGTERM or SIGINT.
    func run() {
        reopenAt = BootClock.now()
        while true {
            let woken = wait()
            if woken.bySignal, let signal = signals.next() {
                switch signal {
                case .terminate, .interrupt: return stop()
                case .hangUp: outlets.reload()
                case .hostStopping: watch.hostStopping(at: BootClock.now())
                }
            }
            if woken.byBell { takeMessages() }
            // A line brings its bytes one by one, and most of them complete nothing.
            let hasNews = woken.bySerial && takeBytes()
            let now = BootClock.now()
            guard woken.bySignal || woken.byBell || hasNews || now >= woken.due else { continue }
            openIfDue(at: now)
            watch.advance(to: now)
            carryOut(at: now)
            publish(at: now)
        }
    }

    /// Why the loop turns.
    private struct Woken {
        let bySignal, byBell, bySerial: Bool
        /// By then there is something to do in any case.
        let due: BootTime
    }

    private func wait() -> Woken {
        let now = BootClock.now()
        var due = now + Monitor.longestWait
        if let wake = watch.nextWake(at: now) { due = min(due, wake) }
        if let reopenAt { due = min(due, reopenAt) }
        let quiet = watch.quietUntil.flatMap { $0 > now ? $0 : nil }
        var descriptors = [
            pollfd(descriptor: signals.descriptor, events: POLLIN),
            pollfd(descriptor: bell.descriptor, events: POLLIN),
            // A hang-up is reported also when nothing is asked for.
            pollfd(descriptor: port?.descriptor ?? -1, events: quiet == nil ? POLLIN : 0),
        ]
        waitFor(&descriptors, atMost: min(due, quiet ?? due) - now)
        let woken = descriptors.map { $0.revents != 0 }
        if woken[1] { bell.clear() }
        return Woken(bySignal: woken[0], byBell: woken[1], bySerial: woken[2], due: due)
    }

    // MARK: What comes in

    private func takeMessages() {
        let now = BootClock.now()
        if let result = opener.take() { opened(result, at: now) }
        if let setup = outlets.bulletin.takeSetup() { watch.reconfigure(setup, at: now) }
        for (ticket, submission) in outlets.bulletin.takeSubmissions() {
            switch submission {
            case .command(let command): watch.submit(command, ticket, at: now)
            case .note(let name, let text): watch.note(name, text, at: now)
            case .problems(let problems, let concern):
                watch.report(problems, of: concern, at: now)
            }
        }
        for report in outlets.halt.takeReports() {
            if case .rehearsed(let problem) = report {
                watch.report(problem.map { [$0] } ?? [], of: .powerOff, at: now)
                guard problem == nil else { continue }
            }
            outlets.recorder.log(report.hasFailed == true ? .error : .notice, report.text)
            // The end of an older command says nothing of the newest one.
            if case .ended(let number, _, _) = report, number != orders - 1 { continue }
            if let failed = report.hasFailed { watch.commandEnded(failed: failed, at: now) }
        }
    }

    /// True: the decision has something new to look at.
    private func takeBytes() -> Bool {
        guard let port else { return false }
        let now = BootClock.now()
        do throws(SerialPortError) {
            let bytes = try port.read()
            guard !bytes.isEmpty, watch.received(bytes, at: now) else { return false }
            // Now it is a UPS: an adapter that hangs up at once would be told for ever.
            lastPortError = nil
            reopenDelay.reset()
            return true
        } catch {
            close(port, because: error, at: now)
            return true
        }
    }

    private func openIfDue(at now: BootTime) {
        guard let reopenAt, reopenAt <= now else { return }
        self.reopenAt = nil
        opener.start()
    }

    private func opened(_ result: Result<SerialPort, SerialPortError>, at now: BootTime) {
        switch result {
        case .success(let port):
            self.port = port
            outlets.recorder.log(.info, "\(port.path) is open")
            watch.portOpened(at: now)
        case .failure(let error):
            complain(error)
            reopenAt = now + reopenDelay.next()
        }
    }

    private func close(_ port: SerialPort, because error: SerialPortError, at now: BootTime) {
        complain(error)
        self.port = nil
        opener.close(port)
        reopenAt = now + reopenDelay.next()
        watch.portClosed(at: now)
    }

    /// Once for each cause: the port is tried every second, for ever.
    private func complain(_ error: SerialPortError) {
        guard error != lastPortError else { return }
        lastPortError = error
        let (bulletin, recorder) = (outlets.bulletin, outlets.recorder)
        // Who holds the port is looked up where waiting does not matter.
        _ = recorder.work("port") {
            let text = error.explained()
            recorder.log(.warning, "\(text); trying again until it is there")
            _ = bulletin.submit(.problems([text], .serialPort))
        }
    }

    // MARK: What goes out

    private func carryOut(at now: BootTime) {
        for action in watch.takeActions() {
            switch action {
            case .send(let bytes): send(bytes, at: now)
            case .drain: port?.drain()
            case .sync: outlets.halt.sync()
            case .runShutdown(let step): order(step, at: now)
            case .withdrawShutdown:
                outlets.halt.withdraw()
                outlets.lastShutdown.withdraw()
            case .record(let event): record(event)
            case .keep(let new): outlets.keep(new)
            }
        }
        outlets.store.save(watch.kept)
    }

    private func send(_ bytes: [UInt8], at now: BootTime) {
        guard let port else { return }
        do throws(SerialPortError) {
            try port.write(bytes)
        } catch {
            close(port, because: error, at: now)
        }
    }

    private func order(_ step: Int, at now: BootTime) {
        guard let shutdown = watch.committedShutdown else { return }
        let index = min(step, outlets.steps.count - 1)
        let order = ShutdownOrder(
            number: orders, step: outlets.steps[index], shutdown: shutdown)
        orders += 1
        if !outlets.halt.order(order) {
            outlets.recorder.log(.error, "The shutdown command could not be ordered")
        }
        if step == 0 { outlets.lastShutdown.begin(shutdown, at: now) }
    }

    private func record(_ event: Event) {
        outlets.recorder.record(event, at: BootClock.wall())
        let incident = event.incident.map { " [\($0)]" } ?? ""
        outlets.recorder.log(event.name.priority, event.text + incident)
    }

    private func publish(at now: BootTime) {
        let hasNews = watch.urgency != publishedUrgency
        let hasValues = watch.rounds != publishedRounds
        let snapshot = watch.snapshot(at: now, wall: BootClock.wall())
        outlets.bulletin.publish(snapshot)
        publishedUrgency = watch.urgency
        publishedRounds = watch.rounds
        if hasNews {
            outlets.wakeAll()
        } else if hasValues {
            outlets.wakeForMeasurements()
        }
        if hasValues, outlets.writesMeasurements { writeMeasurements(snapshot) }
        notify(snapshot, at: now)
    }

    private func writeMeasurements(_ snapshot: Snapshot) {
        outlets.recorder.record(
            MeasurementRow(
                reading: snapshot.reading, nominalPower: snapshot.rating.nominalPower,
                wall: snapshot.wall))
    }

    private func notify(_ snapshot: Snapshot, at now: BootTime) {
        guard let notifier = outlets.notifier else { return }
        if let limit = notifier.watchdogLimit, fedAt.map({ now - $0 >= limit / 4 }) ?? true {
            fedAt = now
            notifier.feedWatchdog()
        }
        let line = StatusLine.text(snapshot)
        guard line != statusLine else { return }
        statusLine = line
        notifier.status(line)
    }

    private func stop() {
        let now = BootClock.now()
        watch.note(.serviceStop, "ups-server stops", at: now)
        carryOut(at: now)
        publish(at: now)
        if let shutdown = watch.committedShutdown {
            outlets.lastShutdown.end(shutdown, at: now)
        }
        outlets.notifier?.stopping(status: "Stopping")
        // The outlets are given their time by the caller; the port goes with this object.
        port = nil
    }
}

extension Event.Name {
    /// Of the journal.
    var priority: LogPriority {
        switch self {
        case .shutdownCommitted, .shutdownFailed: .error
        case .powerFail, .shutdownPending, .lowCharge, .linkLost, .contradiction, .overcurrentOn,
            .warning, .commandRefused:
            .warning
        case .powerGood, .shutdownCancelled, .shutdownDelayed, .linkRestored, .overcurrentOff,
            .brokerLost:
            .notice
        case .serviceStart, .serviceStop, .measurementStarted, .measurementDone, .brokerRestored:
            .info
        }
    }
}
