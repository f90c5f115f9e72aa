// Puts the rooms together, starts their threads and runs the Monitor. Wires, and does nothing else.

import Configuration
import Glibc
import Report
import Synchronization
import UPS
import Web

/// What ends the start, in one sentence.
struct StartError: Error, CustomStringConvertible {
    let description: String
}

final class DaemonProcess {
    private static let stopLimit = Duration.milliseconds(1500)
    private static let flushLimit = Duration.milliseconds(400)

    private let path: String
    private let recorder: Recorder
    private let web: PortOutlet
    private let broker: BrokerLink
    private var monitor: Monitor
    private let notifier: ServiceNotifier?

    init(
        _ parsed: Configuration.Parsed, path: String, signals: SignalDescriptor,
        simulator: SimulatorLines? = nil
    ) throws {
        let started = BootClock.now()
        // The first call reads the zone's file; none after it touches a disk.
        _ = BootClock.utcOffset(at: BootClock.wall())
        var configuration = parsed.configuration
        self.path = path
        notifier = ServiceNotifier.fromEnvironment()
        let host = ThisHost()
        let boot = try ThisHost.boot()
        let control = RuntimeFolder(configuration.server.runtimeDirectory, of: configuration.server)
        try UserAccount.change(to: configuration.server)
        recorder = try Recorder.start(configuration.recorderDestinations)
        let lastShutdown = LastShutdown(
            folder: configuration.server.stateDirectory, recorder: recorder)
        let past = LastShutdown.load(from: configuration.server.stateDirectory)
        let measured = past?.measured(in: boot)
        let hostNotes = configuration.settle(measured: measured)
        let steps = configuration.steps
        let notes = parsed.warnings.map { "\($0)" } + hostNotes
        let bell = try WakeDescriptor()
        let store = KeptStore(folder: configuration.server.runtimeDirectory, boot: boot)
        let upsStore = UPSStore(folder: configuration.server.stateDirectory)
        let (record, unkept) = upsStore.load()
        var watch = Watch(
            configuration.setup(with: hostNotes),
            installation: Installation(
                host: host.name, version: UPSServer.version, started: started,
                isDemo: simulator != nil, fallbackSerial: record.fallbackSerial),
            boot: boot, kept: store.restored, new: record.new, at: started)
        watch.note(.serviceStart, "ups-server \(UPSServer.version) starts", at: started)
        for note in notes { watch.note(.warning, note, at: started) }
        if let past { DaemonProcess.tell(past, of: boot, lastShutdown, to: &watch, at: started) }
        let check = HostCheck(
            configuration: configuration, hasSystemd: ThisHost.isStartedBySystemd)
        watch.report(check.problems(), of: .installation, at: started)
        let bulletin = Bulletin(watch.snapshot(at: started, wall: BootClock.wall()), bell: bell)
        let runtimeDirectory = configuration.server.runtimeDirectory
        try? PoweroffRequester.removeLeftovers(in: runtimeDirectory)
        if watch.committedShutdown == nil { try? LateOrder.remove(in: runtimeDirectory) }
        let halt = try Halt.start(
            runtimeDirectory: runtimeDirectory, boot: boot, late: configuration.lateTerms
        ) { bell.wake() }
        let (broker, recorder) = (BrokerLink(uplink: bulletin.uplink, recorder: recorder), recorder)
        self.broker = broker
        var webSettings = try configuration.webSettings(
            controlSocket: control.socket, isTicking: { bulletin.isTicking() })
        if let simulator { webSettings.simulator = { simulator.submit($0) } }
        webSettings.otherCounters = {
            var counters = OutletCounters()
            (counters.broker, counters.recordsLost) = (broker.counters, recorder.recordsLost)
            return counters
        }
        let opened = configuration
        let web = try PortOutlet(webSettings, uplink: bulletin.uplink) { server in
            DaemonProcess.refill(server, from: opened, by: recorder)
        }
        if simulator != nil, let failure = web.failure { throw failure }
        self.web = web
        watch.report(
            control.warnings + MemoryLock.take() + [store.warning, unkept].compactMap { $0 },
            of: .host, at: started)
        DaemonProcess.rehearse(configuration, boot: boot, halt: halt, watch: &watch)
        for warning in web.warnings { watch.note(.warning, warning, at: started) }
        broker.replace(with: configuration.broker, host: host.name, server: configuration.server)
        let reload = Reload(
            path: path, running: configuration, host: host.name, measured: measured,
            recorder: recorder, bulletin: bulletin, broker: broker, notifier: notifier)
        monitor = Monitor(
            watch, serial: configuration.server.serial, bell: bell, signals: signals,
            outlets: Monitor.Outlets(
                bulletin: bulletin, recorder: recorder, halt: halt, store: store,
                lastShutdown: lastShutdown, notifier: notifier, steps: steps,
                writesMeasurements: configuration.server.logToFile,
                keep: { new in
                    upsStore.keep(new, in: record, by: recorder)
                },
                wakeAll: {
                    web.wake()
                    broker.wake()
                },
                wakeForMeasurements: { broker.wake() },
                reload: { reload.start() }))
    }

    /// What the first power failure needs, it has used before.
    private static func rehearse(
        _ configuration: Configuration, boot: BootID, halt: Halt, watch: inout Watch
    ) {
        guard let shutdown = Rehearsal.run(configuration.setup, boot: boot) else {
            let text = "A rehearsed power failure came to no shutdown"
            return watch.note(.warning, text, at: BootClock.now())
        }
        if configuration.steps.first == .request, ThisHost.isStartedBySystemd {
            halt.rehearse(shutdown)
        }
    }

    /// On the first start after a shutdown.
    private static func tell(
        _ past: ShutdownRecord, of boot: BootID, _ lastShutdown: LastShutdown,
        to watch: inout Watch, at now: BootTime
    ) {
        guard past.boot != boot, !past.isTold else { return }
        let story = past.story(backAt: BootClock.wall(), utcOffset: BootClock.utcOffset)
        for line in story { watch.note(.serviceStart, line, at: now) }
        if past.duration == nil {
            let text =
                "The last shutdown was ended by force, or by the UPS: look into the journal for "
                + "what hung, hostShutdownTime may be too low"
            watch.note(.warning, text, at: now)
        }
        lastShutdown.tell(past)
    }

    /// The history from before, read while the daemon already runs.
    private static func refill(
        _ web: WebServer, from configuration: Configuration, by recorder: Recorder
    ) {
        guard configuration.server.logToFile else { return }
        let (folder, rating) = (configuration.server.logDirectory, configuration.setup.rating)
        let (now, wall) = (BootClock.now(), BootClock.wall())
        _ = recorder.work("history") {
            web.restore(
                MeasurementHistory.read(folder: folder, rating: rating, now: now, wall: wall))
        }
    }

    /// Until a signal ends it.
    func run() {
        do {
            try web.start()
        } catch {
            recorder.log(.error, "\(error)")
        }
        notifier?.ready(status: "Started")
        monitor.run()
        // All outlets end side by side: each has said its last within the time that one may take.
        let (web, broker) = (web, broker)
        try? PlainThread.start("stop") { broker.stop(within: DaemonProcess.stopLimit) }
        web.stop(within: DaemonProcess.stopLimit)
        broker.stop(within: DaemonProcess.stopLimit)
        _ = recorder.flush(within: DaemonProcess.flushLimit)
    }
}
