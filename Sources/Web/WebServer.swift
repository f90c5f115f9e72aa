// The port and the control socket, as the Daemon sees them: bound by `init`, served by a thread of
// their own from `start` to `stop`.

internal import CWebSockets
internal import Glibc
internal import Platform
public import Report
internal import Synchronization
public import UPS

/// Safe to share: what the web thread owns is touched by no other thread between `start` and its end.
public final class WebServer: @unchecked Sendable {
    /// How long clients get for their last message.
    private static let farewell = Duration.milliseconds(300)

    /// The port that is bound, also when the settings said 0.
    public let port: Int
    /// What does not work as configured, in sentences for the log; everything else does.
    public let warnings: [String]

    private let context: WebContext
    /// False once there is no thread to wake any more, and its context is about to go.
    private let isAwake = Mutex(true)
    private let isStopping = Atomic<Bool>(false)
    private let hasStarted = Atomic<Bool>(false)
    /// Woken by the web thread at its end.
    private let ended: WakeDescriptor

    /// Binds; serves nothing yet. Call it before privileges are dropped.
    public init(_ settings: WebSettings, uplink: Uplink) throws(WebError) {
        let files = StaticFiles(reading: settings.www)
        let descriptors = settings.maxClients + ProtocolTable.otherDescriptors
        var settings = settings
        let available = WebServer.makeRoom(forDescriptors: descriptors)
        var warnings = files.warnings
        if available < descriptors {
            settings.maxClients = max(1, available - ProtocolTable.otherDescriptors)
            warnings.append(
                "the limit of open files (\(available)) leaves room for "
                    + "\(settings.maxClients) clients only")
        }
        do throws(SystemError) {
            ended = try WakeDescriptor()
        } catch {
            throw .library("\(error)")
        }
        self.warnings = warnings
        context = try WebContext(settings, uplink: uplink, files: files)
        port = context.port
    }

    deinit {
        if !hasStarted.load(ordering: .acquiring) { context.destroy() }
    }

    /// As `ps` shows it.
    var threadName: String { "web-\(port)" }

    public var counters: PortCounters { context.counters.withLock { $0 } }

    /// Spawns the thread. Called once.
    public func start() throws(WebError) {
        // Before the thread is there: `stop` may come from another one at any moment.
        hasStarted.store(true, ordering: .releasing)
        do throws(SystemError) {
            try PlainThread.start(threadName, stackSize: nil) { self.run() }
        } catch {
            hasStarted.store(false, ordering: .releasing)
            throw .library("\(error)")
        }
    }

    /// There is a newer snapshot. From any thread; returns at once.
    public func wake() {
        isAwake.withLock { if $0 { lws_cancel_service(context.lws) } }
    }

    /// Takes over the history that was kept before; empty: there was none. Until it is taken over,
    /// within a second once the wall clock is set, nothing is kept. From any thread.
    public func restore(_ kept: [UInt8]) {
        context.olderHistory.withLock { $0 = kept }
    }

    /// Ends the thread after the last messages, and waits at most so long for it.
    public func stop(within limit: Duration) {
        guard hasStarted.load(ordering: .acquiring) else { return }
        isStopping.store(true, ordering: .releasing)
        wake()
        ended.wait(atMost: limit)
    }

    private func run() {
        while !isStopping.load(ordering: .acquiring), lws_service(context.lws, 0) >= 0 {}
        context.leave()
        let deadline = BootClock.now() + WebServer.farewell
        while !context.webSockets.isEmpty, BootClock.now() < deadline {
            guard lws_service(context.lws, 0) >= 0 else { break }
        }
        isAwake.withLock { $0 = false }
        context.destroy()
        ended.wake()
    }

    /// Raises the soft limit of open files if that is needed and allowed. Returns what there is.
    private static func makeRoom(forDescriptors wanted: Int) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return wanted
        }
        if limit.rlim_cur < rlim_t(wanted) {
            limit.rlim_cur = min(rlim_t(wanted), limit.rlim_max)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }
}
