// The MQTT sink as the Daemon sees it. Everything about the broker happens on a thread of its
// own, which this starts, wakes and stops; nothing here waits for the broker, except `stop` for so
// long.

public import Platform
public import Report
import Synchronization
public import UPS

/// Publishes one UPS on one broker. Other settings need a new one.
public final class Publisher: Sendable {
    /// Starts the program of the client, `ups-server mqtt-client`, with the socket as its standard
    /// input, and returns its number; the socket stays the caller's.
    public typealias ClientSpawner = @Sendable (_ socket: Int32) throws -> Int32

    private let shared: Shared

    /// `number` is the last event that need not be published any more: 0, or what an earlier
    /// publisher has `delivered`. `spawn` gives each connection a process of its own; nil: they are
    /// made in this one. `remember` takes what Home Assistant was told, to be kept; it must not
    /// wait. Throws when there is no descriptor left.
    public init(
        _ settings: Settings, uplink: Uplink, eventsAfter number: UInt64 = 0,
        spawn: ClientSpawner? = nil,
        remember: @escaping @Sendable (HomeAssistantRecord) -> Void = { _ in }
    ) throws(SystemError) {
        shared = try Shared(
            settings, uplink: uplink, delivered: number, spawn: spawn, remember: remember)
    }

    /// The thread ends soon, by itself.
    deinit { shared.stop(within: .zero) }

    /// Starts the thread. Called once.
    public func start() throws(SystemError) {
        try PlainThread.start("mqtt", stackSize: nil) { [shared] in PublisherThread(shared).run() }
    }

    /// There is a new snapshot. From any thread; returns at once.
    public func wake() {
        shared.wakeup.wake()
    }

    /// Publishes what is due, says `offline` and disconnects: returns when that is done, at the
    /// latest after `limit`. A thread inside the resolver ends whenever that returns.
    public func stop(within limit: Duration) {
        shared.stop(within: limit)
        shared.ended.wait(atMost: limit)
    }

    /// Up to this number the broker has acknowledged all events.
    public var delivered: UInt64 { shared.state.withLock { $0.delivered } }

    /// Since its start.
    public var counters: BrokerCounters { shared.state.withLock { $0.counters } }

    /// What the thread and its owner have in common.
    final class Shared: Sendable {
        struct Stop {
            /// From then on nothing but the farewell is sent.
            let farewell: ContinuousClock.Instant
            let end: ContinuousClock.Instant
        }

        struct State {
            var stop: Stop?
            var delivered: UInt64
            var counters = BrokerCounters()
        }

        let settings: Settings
        let uplink: Uplink
        let spawn: ClientSpawner?
        let remember: @Sendable (HomeAssistantRecord) -> Void
        let wakeup: WakeDescriptor
        let ended: WakeDescriptor
        let state: Mutex<State>

        init(
            _ settings: Settings, uplink: Uplink, delivered: UInt64, spawn: ClientSpawner?,
            remember: @escaping @Sendable (HomeAssistantRecord) -> Void
        ) throws(SystemError) {
            (wakeup, ended) = (try WakeDescriptor(), try WakeDescriptor())
            self.settings = settings
            self.uplink = uplink
            self.spawn = spawn
            self.remember = remember
            state = Mutex(State(delivered: delivered))
        }

        var stop: Stop? { state.withLock { $0.stop } }

        /// A connection on its way, but not there yet. May block where it is made in this process.
        func connection(
            _ role: BrokerRole, isVersion5: Bool
        ) throws(BrokerFailure) -> any BrokerClient {
            if let spawn {
                return try ClientProcess(settings, role, isVersion5: isVersion5, spawn: spawn)
            }
            return try BrokerConnection(settings, role, isVersion5: isVersion5)
        }

        func stop(within limit: Duration) {
            let now = ContinuousClock.now
            let stop = Stop(farewell: now + limit / 4 * 3, end: now + limit)
            state.withLock { $0.stop = $0.stop ?? stop }
            wakeup.wake()
        }
    }
}
