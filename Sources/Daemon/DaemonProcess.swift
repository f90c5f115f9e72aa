// Puts the rooms together, starts their threads and runs the Monitor. Wires, and does nothing else.

import Configuration
import Glibc
import Host
import Loop
import Monitoring
import Platform
import Poweroff
import Records
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

    private let recorder: Recorder
    private let web: PortSink
    private let broker: BrokerLink
    private var monitor: Monitor
    private let notifier: ServiceNotifier?
    private let unfinished: UnfinishedRun

    init(
        _ parsed: Configuration.Parsed, path: String, signals: SignalDescriptor,
        simulator: SimulatorLines? = nil
    ) throws {
        let started = BootClock.now()
        // The first call reads the zone's file; none after it touches a disk.
        _ = BootClock.utcOffset(at: BootClock.wall())
        notifier = ServiceNotifier.fromEnvironment()
        var configuration = parsed.configuration
        let place = try DaemonPlace(configuration)
        recorder = place.recorder
        let left = LeftBehind(configuration.server, boot: place.boot, place.recorder, at: started)
        unfinished = left.unfinished
        let notes = configuration.settle(measured: left.measured)
        var watch = DaemonProcess.watch(
            configuration, warnings: parsed.warnings.map { Message("\($0)") }, notes: notes,
            place: place, left: left, isDemo: simulator != nil, at: started)
        let wakeup = try WakeDescriptor()
        let bulletin = Bulletin(watch.snapshot(at: started, wall: BootClock.wall()), wakeup: wakeup)
        broker = BrokerLink(uplink: bulletin.uplink, recorder: place.recorder)
        web = try DaemonProcess.web(
            configuration, place: place, bulletin: bulletin, broker: broker, simulator: simulator)
        let runner = try DaemonProcess.runner(configuration, place: place, &watch) { wakeup.wake() }
        watch.report(
            (place.control.warnings
                + MemoryLock.take(isService: ThisHost.isStartedBySystemd) + left.warnings)
                .map { Message($0) },
            of: .host, at: started)
        DaemonProcess.rehearse(configuration, boot: place.boot, runner: runner, watch: &watch)
        for warning in web.warnings { watch.note(.warning, Message(warning), at: started) }
        broker.replace(with: configuration.broker, server: configuration.server)
        let reload = Reload(
            path: path, running: configuration, measured: left.measured, recorder: recorder,
            bulletin: bulletin, broker: broker, notifier: notifier)
        monitor = Monitor(
            watch, serial: configuration.server.serial, wakeup: wakeup, signals: signals,
            sinks: Monitor.Sinks(
                bulletin: bulletin, recorder: recorder, runner: runner, store: left.store,
                lastShutdown: left.lastShutdown, upsStore: left.upsStore, record: left.record,
                outageStore: left.outageStore, notifier: notifier, steps: configuration.steps,
                writesMeasurements: configuration.server.logToFile,
                explain: { $0.explained() },
                otherReader: { SerialPortHolder.findOther($0)?.description },
                wakeAll: { [web, broker] in
                    web.wake()
                    broker.wake()
                },
                wakeForMeasurements: { [broker] in broker.wake() },
                reload: { reload.start() }))
    }

    // MARK: The steps of the start

    /// With all that is wrong with what is installed and configured, and with what was left behind.
    private static func watch(
        _ configuration: Configuration, warnings: [Message], notes: [Message], place: DaemonPlace,
        left: LeftBehind, isDemo: Bool, at started: BootTime
    ) -> Watch {
        let installation = Installation(
            host: ThisHost.name, version: UPSServer.version, started: started, isDemo: isDemo,
            fallbackSerial: left.record.fallbackSerial)
        var watch = Watch(
            configuration.setup(with: notes), installation: installation, boot: place.boot,
            kept: left.store.restored, answers: left.store.answers, new: left.record.new,
            outages: left.outages, at: started)
        watch.note(.serviceStart, Message(.serviceStarts, UPSServer.version), at: started)
        for note in warnings + notes { watch.note(.warning, note, at: started) }
        left.tell(to: &watch, at: started)
        let check = HostCheck(
            configuration: configuration, hasSystemd: ThisHost.isStartedBySystemd)
        watch.report(check.problems().map { Message($0) }, of: .installation, at: started)
        for secret in check.openSecrets() { watch.note(.warning, Message(secret), at: started) }
        return watch
    }

    private static func web(
        _ configuration: Configuration, place: DaemonPlace, bulletin: Bulletin,
        broker: BrokerLink, simulator: SimulatorLines?
    ) throws -> PortSink {
        var settings = try configuration.webSettings(
            controlSocket: place.control.socket, isTicking: { bulletin.isTicking() })
        if let simulator { settings.simulator = { simulator.submit($0) } }
        let recorder = place.recorder
        settings.otherCounters = {
            var counters = SinkCounters()
            (counters.broker, counters.recordsLost) = (broker.counters, recorder.recordsLost)
            return counters
        }
        let history = HistoryStore(
            folder: configuration.server.stateDirectory, recorder: recorder)
        settings.keepHistory = { history.keep($0) }
        let web = try PortSink(settings, uplink: bulletin.uplink) { server in
            history.load { server.restore($0) }
        }
        if simulator != nil, let failure = web.failure { throw failure }
        return web
    }

    private static func runner(
        _ configuration: Configuration, place: DaemonPlace, _ watch: inout Watch,
        wake: @escaping ShutdownRunner.Wake
    ) throws -> ShutdownRunner {
        let folder = configuration.server.runtimeDirectory
        try? PoweroffRequester.removeLeftovers(in: folder)
        if watch.committedShutdown == nil { try? LateOrder.remove(in: folder) }
        return try ShutdownRunner(
            runtimeDirectory: folder, boot: place.boot, late: configuration.lateTerms, wake: wake)
    }

    /// What the first power failure needs, it has used before.
    private static func rehearse(
        _ configuration: Configuration, boot: BootID, runner: ShutdownRunner, watch: inout Watch
    ) {
        guard let shutdown = Rehearsal.run(configuration.setup(), boot: boot) else {
            let text: Message = "A rehearsed power failure came to no shutdown"
            return watch.note(.warning, text, at: BootClock.now())
        }
        if configuration.steps.first == .request, ThisHost.isStartedBySystemd {
            runner.rehearse(shutdown)
        }
    }

    /// Until a signal ends it.
    func run() {
        unfinished.begin()
        do {
            try web.start(after: unfinished.pause)
        } catch {
            recorder.log(.error, "\(error)")
        }
        notifier?.ready(status: "Started")
        monitor.run()
        // All sinks end side by side: each has said its last within the time that one may take.
        let (web, broker) = (web, broker)
        try? PlainThread.start("stop") { broker.stop(within: DaemonProcess.stopLimit) }
        web.stop(within: DaemonProcess.stopLimit)
        broker.stop(within: DaemonProcess.stopLimit)
        unfinished.end()
        _ = recorder.flush(within: DaemonProcess.flushLimit)
    }
}
