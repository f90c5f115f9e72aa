// Everything that waits for files and for standard error, on a thread of its own: log lines, event
// log, measurement log, reading the configuration again. Others post and go on; posting never
// waits.

public import Glibc
public import Host
public import Platform
import Synchronization
public import UPS

/// Lives as long as the process.
public final class Recorder: Sendable {
    private enum Item: Sendable {
        case log(LogPriority, String)
        case event(Event, WallTime)
        case measurement(MeasurementRow)
        case work(String, @Sendable () -> Void)
    }

    private struct Queue {
        var items: [Item] = []
        /// A batch has been taken and is not done yet.
        var isBusy = false
        var lost = 0
        /// The lost ones of all batches before.
        var lostBefore = 0
    }

    static let capacity = 1024
    /// Log lines and measurements leave room for events and work.
    static let commonCapacity = 768
    private static let longWork = Duration.seconds(1)

    private let queue = Mutex(Queue())
    private let wakeup: WakeDescriptor

    /// Starts the thread. Without a path there is no event log, and without a folder no measurement
    /// log; the log is another than standard error in tests.
    public init(
        eventLog: String?, measurementFolder: String?, logDescriptor: CInt = 2,
        journal: String? = getenv("JOURNAL_STREAM").map { String(cString: $0) }
    ) throws(SystemError) {
        wakeup = try WakeDescriptor()
        try PlainThread.start("recorder") { [self] in
            run(
                Sinks(
                    log: LogStream(descriptor: logDescriptor, journal: journal),
                    eventLog: eventLog,
                    measurements: measurementFolder.map { MeasurementLog(folder: $0) }))
        }
    }

    // MARK: For every thread

    public func log(_ priority: LogPriority, _ text: String) {
        let text = String(decoding: text.utf8.prefix(LogStream.lineLimit), as: UTF8.self)
        _ = post(.log(priority, text), capacity: Recorder.commonCapacity)
    }

    /// To the event log; `wall` is the wall clock at the moment of the event.
    public func record(_ event: Event, at wall: WallTime) {
        _ = post(.event(event, wall), capacity: Recorder.capacity)
    }

    public func record(_ row: MeasurementRow) {
        _ = post(.measurement(row), capacity: Recorder.commonCapacity)
    }

    /// Runs something that may take its time. False: the queue is full, it will not run.
    public func work(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        post(.work(name, body), capacity: Recorder.capacity)
    }

    /// The same of what may fail; `failure` is what the log says then, before the error.
    func work(_ name: String, failure: String, _ body: @escaping @Sendable () throws -> Void) {
        _ = work(name) { [self] in
            do { try body() } catch { log(.warning, "\(failure): \(error)") }
        }
    }

    /// Waits until everything posted so far is written, but no longer than the limit. For the end
    /// of the process. False: there is something left.
    public func flush(within limit: Duration) -> Bool {
        let end = BootClock.now() + limit
        while !queue.withLock({ $0.items.isEmpty && !$0.isBusy }) {
            guard BootClock.now() < end else { return false }
            usleep(1000)
        }
        return true
    }

    /// What did not fit, since the start.
    public var recordsLost: Int { queue.withLock { $0.lost + $0.lostBefore } }

    private func post(_ item: Item, capacity: Int) -> Bool {
        let isTaken = queue.withLock { queue in
            guard queue.items.count < capacity else {
                queue.lost += 1
                return false
            }
            queue.items.append(item)
            return true
        }
        wakeup.wake()
        return isTaken
    }

    // MARK: On the thread of the Recorder

    private struct Sinks {
        var log: LogStream
        let eventLog: String?
        var events = RecordFile(name: "The event log")
        var measurements: MeasurementLog?
    }

    private func run(_ sinks: Sinks) {
        var sinks = sinks
        while true {
            wakeup.wait()
            wakeup.clear()
            let (items, lost) = take()
            sinks.log.renewPatience()
            for item in items {
                write(item, to: &sinks)
            }
            if lost > 0 {
                sinks.log.write(.warning, "\(lost) records came too fast and were lost")
            }
            queue.withLock { $0.isBusy = false }
        }
    }

    private func take() -> ([Item], lost: Int) {
        queue.withLock { queue in
            defer { queue = Queue(isBusy: true, lostBefore: queue.lostBefore + queue.lost) }
            return (queue.items, queue.lost)
        }
    }

    private func write(_ item: Item, to sinks: inout Sinks) {
        var notice: RecordFile.Notice?
        switch item {
        case .log(let priority, let text):
            sinks.log.write(priority, text)
        case .event(let event, let wall):
            guard let path = sinks.eventLog else { return }
            let line = event.line(at: wall, utcOffset: BootClock.utcOffset(at: wall))
            notice = sinks.events.append(line, to: path, isSynced: true)
        case .measurement(let row):
            notice = sinks.measurements?.append(row)
        case .work(let name, let body):
            let start = BootClock.now()
            body()
            let time = BootClock.now() - start
            if time >= Recorder.longWork {
                notice = (.info, "\(name) took \(time.roundedSeconds) s")
            }
        }
        if let notice { sinks.log.write(notice.priority, notice.text) }
    }
}

extension Event {
    private static let textLimit = 1000

    /// Of the event log: `YYYY-MM-DD HH:MM:SS ±ZZZZ` TAB text
    func line(at wall: WallTime, utcOffset: Int) -> String {
        let words = String(decoding: oneLine(text, limit: Event.textLimit), as: UTF8.self)
        return "\(wall.localText(utcOffset: utcOffset))\t\(words)\n"
    }
}

extension Event.Name {
    /// How important it is to a reader of the journal.
    public var priority: LogPriority {
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
