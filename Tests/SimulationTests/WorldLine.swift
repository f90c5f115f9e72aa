// What is on its way from the device to the daemon, and what of it is an unharmed status answer.

import Simulator

@testable import UPS

struct WorldLine {
    struct Status {
        let flags: UInt8
        let made: BootTime
        /// When its first byte is there, and its last one.
        let begin, time: BootTime
    }

    private var inFlight: [SimulatedUPS.Delivery] = []
    private var statuses: [Status] = []
    /// When a whole charge will be there, and its first byte.
    private var charges: [(begin: BootTime, time: BootTime)] = []

    var nextArrival: BootTime? { inFlight.first?.time }

    func hasArrived(at now: BootTime) -> Bool {
        inFlight.first.map { $0.time <= now } ?? false
    }

    /// The answer to one request.
    mutating func add(_ deliveries: [SimulatedUPS.Delivery], made: BootTime) {
        inFlight += deliveries
        let bytes = deliveries.flatMap(\.bytes)
        if let (_, end) = Tap.charge(in: bytes) {
            charges.append(
                (
                    WorldLine.time(ofByte: end - 5, in: deliveries),
                    WorldLine.time(ofByte: end, in: deliveries)
                ))
        }
        guard let (flags, end) = Tap.status(in: bytes) else { return }
        let begin = WorldLine.time(ofByte: end - 5, in: deliveries)
        let last = WorldLine.time(ofByte: end, in: deliveries)
        statuses.append(Status(flags: flags, made: made, begin: begin, time: last))
    }

    /// What has arrived waits in the tty and is read in one go.
    mutating func take(at now: BootTime) -> (bytes: [UInt8], statuses: [Status]) {
        let arrived = inFlight.prefix { $0.time <= now }
        inFlight.removeFirst(arrived.count)
        let whole = statuses.prefix { $0.time <= now }
        statuses.removeFirst(whole.count)
        return (arrived.flatMap(\.bytes), Array(whole))
    }

    /// Whether a charge has come by now.
    mutating func takeCharge(at now: BootTime) -> Bool {
        let whole = charges.prefix { $0.time <= now }
        charges.removeFirst(whole.count)
        return !whole.isEmpty
    }

    /// Of an answer that has begun to arrive the rest is worth nothing.
    mutating func drain(at now: BootTime) {
        _ = take(at: now)
        statuses.removeAll { $0.begin <= now }
        charges.removeAll { $0.begin <= now }
    }

    /// Of the first, second … byte.
    private static func time(
        ofByte number: Int, in deliveries: [SimulatedUPS.Delivery]
    ) -> BootTime {
        var count = 0
        let delivery = deliveries.first { delivery in
            count += delivery.bytes.count
            return count >= number
        }
        return delivery?.time ?? BootTime(.zero)
    }
}
