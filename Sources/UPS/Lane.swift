// One group of requests that are due together. Used by the Poller.

/// Goes through its requests once per interval, as fast as the line has room.
struct Lane: Sendable {
    let requests: [Request]
    /// Nil: once per link.
    let interval: Duration?
    private(set) var due: BootTime?
    private var position = 0

    init(_ requests: [Request], every interval: Duration?) {
        self.requests = requests
        self.interval = interval
    }

    static let values: [Request] = [
        .outputVoltage, .outputCurrent, .batteryVoltage, .charge, .inputVoltage, .inputCurrent,
        .batteryCurrent, .chargeStatus, .monitorStatus,
    ]
    static let slow: [Request] = [
        .capacitance, .esr, .cell1, .cell2, .cell3, .cell4, .alarms, .temperature,
    ]
    static let identity: [Request] = [
        .series, .serial, .batteryType, .firmware, .hardwareRevision, .maximumBackupTime,
    ]

    mutating func open(at now: BootTime) {
        due = now
        position = 0
    }

    func isDue(at now: BootTime) -> Bool {
        due.map { $0 <= now } ?? false
    }

    var current: Request { requests[position] }

    /// Goes on to the next request. True when that ended a round.
    mutating func advance(at now: BootTime) -> Bool {
        position += 1
        guard position == requests.count else { return false }
        position = 0
        due = interval.map { interval in max((due ?? now) + interval, now) }
        return true
    }
}
