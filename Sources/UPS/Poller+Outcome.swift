// What the Poller asks for and what it has found out. Read by the Watch.

extension Poller {
    public enum Step: Equatable, Sendable {
        case send(Request)
        case write(SettingChange)
        /// Nothing to do before this moment; nil while the port is closed.
        case wait(until: BootTime?)
    }

    public enum Outcome: Equatable, Sendable {
        case reply(Request, Reply)
        /// No valid answer in time: the input is to be drained.
        case missed(Request)
        /// The device does not know this request.
        case refused(Request)
        /// The value behind this request is no longer known.
        case gone(Request)
        /// Every value that the device offers has been asked once more.
        case valuesFinished
    }

    public struct Counters: Equatable, Sendable {
        /// How often the port was opened.
        public var opens = 0
        public var requests = 0
        public var replies = 0
        public var timeouts = 0
        public var invalidFrames = 0
        public var unsolicitedFrames = 0
        public var discardedBytes = 0

        public init() {}
    }

    var hasOrders: Bool { !orders.isEmpty }

    /// What the UPS says of itself has been asked for once since the link was there.
    var hasIdentity: Bool { lanes.contains { $0.interval == nil && $0.due == nil } }

    var hasOutcomes: Bool { !outcomes.isEmpty }

    /// There is an outcome to take, or a request may be sent.
    var hasNews: Bool { hasOutcomes || outstanding == nil }
}
