// One connection to the broker, by the library in this process or by a process of its own. Used by
// the publisher's thread, and by `mqtt-purge`.

import Glibc
import Platform

/// Made anew for every attempt. Nothing waits but `wait`.
protocol BrokerClient: AnyObject {
    /// The broker has said yes, whatever came after that.
    var isConnected: Bool { get }
    var failure: BrokerFailure? { get }
    /// How many messages may be handed over now.
    var room: Int { get }
    var isAllAcknowledged: Bool { get }
    var pollEntry: pollfd { get }
    /// There may be more to read than `poll` knows of.
    var hasMore: Bool { get }

    /// Called after every `poll`, at least once a second.
    func work(isReadable: Bool)
    /// `number` comes back when the broker has acknowledged it; nil: it is not asked for.
    func publish(_ topic: String, _ payload: String, retain: Bool, number: UInt64?)
    /// `isLive`: what was retained before is not wanted, but what is retained from now on is (MQTT
    /// 5; with 3.1.1 it comes, marked as retained). Else a mark of the sender's stays on a message.
    func subscribe(_ topic: String, isLive: Bool)
    /// The broker forgets the will, so `offline` must have been published before.
    func disconnect()

    /// What was not taken yet.
    var arrived: BrokerArrivals { get set }
}

/// What has come over a connection.
struct BrokerArrivals {
    /// At once.
    private static let mostWarnings = 8

    var acknowledged: [UInt64] = []
    var messages: [BrokerMessage] = []
    private(set) var warnings: [String] = []

    mutating func warn(_ text: String) {
        if warnings.count < BrokerArrivals.mostWarnings { warnings.append(text) }
    }
}

struct BrokerMessage: Equatable {
    let topic: String
    /// Cut off at `BrokerRole.largestMessage`.
    let payload: [UInt8]
    let isRetained: Bool
}

/// What a connection is for.
struct BrokerRole: Equatable {
    /// Distinguishes the client from the publisher.
    var suffix = ""
    /// Where `offline` is published when the connection ends without a word. Nil: nowhere.
    var will: String?
    /// A larger one is cut off, or not even sent by a broker with MQTT 5. (bytes)
    var largestMessage = 16384
}

extension BrokerClient {
    /// Unacknowledged messages: more are not handed over.
    static var window: Int { 64 }

    func publish(_ topic: String, _ payload: String, retain: Bool) {
        publish(topic, payload, retain: retain, number: nil)
    }

    func subscribe(_ topic: String) {
        subscribe(topic, isLive: false)
    }

    func takeArrivals() -> BrokerArrivals {
        defer { arrived = BrokerArrivals() }
        return arrived
    }

    /// Sleeps until there is something to do, and does it. Another descriptor may end the sleep:
    /// true, when it can be read.
    @discardableResult
    func wait(_ longest: Duration, or other: Int32 = -1) -> Bool {
        var entries = [pollEntry, pollfd(fd: other, events: Int16(POLLIN), revents: 0)]
        poll(&entries, 2, hasMore ? 0 : longest.inPollMilliseconds)
        work(isReadable: entries[0].revents & ~Int16(POLLOUT) != 0)
        return entries[1].revents != 0
    }
}
