// What survives a restart of the daemon within one boot, as bytes. Made by the Watch, stored by the
// Daemon in two alternating records.

public import UPS

/// One record of the kept state: sequence number, contents, checksum; always `length` bytes.
public struct KeptState: Equatable, Sendable {
    public var boot: BootID
    var stage = Stage.idle
    var request: Incident?
    var newRequest: BootTime?
    var incidents = 0
    var nextDelay: Duration?
    var lastPresent: BootTime?
    public var lastValid: BootTime?
    var chargeSought: BootTime?
    public var history = PowerHistory()
    public var lastMeasurement: BootTime?

    public static let length = 512
    private static let version: Int64 = 4

    /// The bytes to store; the record with the larger sequence number is the newer one.
    public func encoded(sequence: UInt64) -> [UInt8] {
        var words = KeptWords()
        encode(sequence: sequence, to: &words)
        return words.sealed(length: KeptState.length)
    }

    /// The words to seal in a record of `length` bytes.
    public func encode(sequence: UInt64, to words: inout KeptWords) {
        words.removeAll()
        words.put(KeptState.version)
        words.put(Int64(bitPattern: sequence))
        words.put(Int64(bitPattern: boot.high))
        words.put(Int64(bitPattern: boot.low))
        words.put(Int64(incidents))
        words.put(nextDelay)
        words.put(lastPresent)
        words.put(lastValid)
        words.put(chargeSought)
        words.put(lastMeasurement)
        history.put(to: &words)
        words.put(newRequest)
        words.put(request == nil ? 0 : 1)
        request?.put(to: &words)
        stage.put(to: &words)
    }

    /// Nil: not a whole, unharmed record of this version or the one before.
    public init?(_ bytes: [UInt8]) {
        guard var words = KeptWords(sealed: bytes, length: KeptState.length) else { return nil }
        let version = words.take()
        words.isFormer = version == KeptState.formerVersion
        guard version == KeptState.version || words.isFormer else { return nil }
        _ = words.take()
        boot = BootID(
            high: UInt64(bitPattern: words.take()), low: UInt64(bitPattern: words.take()))
        incidents = Int(words.take())
        nextDelay = words.takeDuration()
        lastPresent = words.takeTime()
        lastValid = words.takeTime()
        chargeSought = words.isFormer ? nil : words.takeTime()
        lastMeasurement = words.takeTime()
        history = PowerHistory(from: &words)
        newRequest = words.isFormer ? nil : words.takeTime()
        if !words.isFormer, words.take() == 1 {
            guard let request = Incident(from: &words) else { return nil }
            self.request = request
        }
        guard let stage = Stage(from: &words) else { return nil }
        self.stage = stage
        if words.isFormer { bringForward() }
    }

    public init(boot: BootID) {
        self.boot = boot
    }

    /// The newer whole record of the two, if it belongs to this boot, and its sequence number.
    public static func newest(
        of records: [[UInt8]], boot: BootID
    ) -> (state: KeptState, sequence: UInt64)? {
        let whole = records.compactMap { bytes in
            KeptState(bytes).map { (state: $0, sequence: KeptWords.sequence(of: bytes)) }
        }
        guard let newest = whole.max(by: { $0.sequence < $1.sequence }) else { return nil }
        return newest.state.boot == boot ? newest : nil
    }
}

extension Stage {
    fileprivate func put(to words: inout KeptWords) {
        switch self {
        case .idle:
            words.put(0)
        case .confirming(let confirmation):
            words.put(1)
            words.put(confirmation.firstReading)
            words.put(Int64(confirmation.count))
            words.put(confirmation.resuming == nil ? 0 : 1)
            confirmation.resuming?.put(to: &words)
        case .outage(let incident):
            words.put(2)
            incident.put(to: &words)
        case .returned(let incident):
            words.put(3)
            incident.put(to: &words)
        case .committed(let commit):
            words.put(4)
            commit.put(to: &words)
        }
    }

    fileprivate init?(from words: inout KeptWords) {
        switch words.take() {
        case 0:
            self = .idle
        case 1:
            guard let first = words.takeTime() else { return nil }
            var confirmation = Confirmation(firstReading: first, count: Int(words.take()))
            if words.take() == 1 {
                guard let incident = Incident(from: &words) else { return nil }
                confirmation.resuming = incident
            }
            self = .confirming(confirmation)
        case 2:
            guard let incident = Incident(from: &words) else { return nil }
            self = .outage(incident)
        case 3:
            guard let incident = Incident(from: &words) else { return nil }
            self = .returned(incident)
        case 4:
            guard let commit = Commit(from: &words) else { return nil }
            self = .committed(commit)
        default:
            return nil
        }
    }
}

extension Incident {
    fileprivate func put(to words: inout KeptWords) {
        words.put(Int64(number))
        words.put(Int64(cause.rawValue))
        words.put(start)
        words.put(delay)
        words.put(lastFailing)
        words.put(timer)
        words.put(inputLost)
        words.put(latest)
        words.put(wasCancelled ? 1 : 0)
        words.put(Int64(goodReadings))
        for reading in [lowCharge, lowRuntime] {
            words.put(reading.first)
            words.put(reading.last)
        }
        words.put(isLow ? 1 : 0)
        words.put(returned)
    }

    fileprivate init?(from words: inout KeptWords) {
        guard !words.isFormer else {
            self.init(version2: &words)
            return
        }
        let number = Int(words.take())
        guard let cause = Cause(rawValue: UInt8(truncatingIfNeeded: words.take())),
            let start = words.takeTime(), let delay = words.takeDuration(),
            let lastFailing = words.takeTime()
        else { return nil }
        self.init(
            number: number, cause: cause, start: start, delay: delay, timer: words.takeTime(),
            inputLost: words.takeTime(), latest: words.takeTime(), wasCancelled: words.take() == 1,
            goodReadings: Int(words.take()), lastFailing: lastFailing,
            lowCharge: LowReadings(first: words.takeTime(), last: words.takeTime()),
            lowRuntime: LowReadings(first: words.takeTime(), last: words.takeTime()),
            isLow: words.take() == 1, returned: words.takeTime())
    }
}

extension Commit {
    fileprivate func put(to words: inout KeptWords) {
        incident.put(to: &words)
        words.put(Int64(Reason.allCases.firstIndex(of: reason) ?? 0))
        words.put(time)
        words.put(isDry ? 1 : 0)
        words.put(grace)
        words.put(isUnderWay ? 1 : 0)
        words.put(Int64(attempts))
        words.put(nextAttempt)
        words.put(allTried)
        words.put(powerBack)
    }

    fileprivate init?(from words: inout KeptWords) {
        guard let incident = Incident(from: &words) else { return nil }
        let reason = Int(words.take())
        guard Reason.allCases.indices.contains(reason), let time = words.takeTime() else {
            return nil
        }
        let isDry = words.take() == 1
        guard let grace = words.takeDuration() else { return nil }
        let isUnderWay = words.take() == 1
        let attempts = Int(words.take())
        guard let nextAttempt = words.takeTime() else { return nil }
        self.init(
            incident: incident, reason: Reason.allCases[reason], time: time, isDry: isDry,
            grace: grace, isUnderWay: isUnderWay, attempts: attempts, nextAttempt: nextAttempt,
            allTried: words.takeTime(),
            powerBack: words.takeTime())
    }
}

extension PowerHistory {
    fileprivate func put(to words: inout KeptWords) {
        words.put(Int64(failures))
        words.put(lastFailure)
        words.put(lastReturn)
        words.put(onBatteryBefore)
    }

    fileprivate init(from words: inout KeptWords) {
        self.init()
        failures = Int(words.take())
        lastFailure = words.takeTime()
        lastReturn = words.takeTime()
        onBatteryBefore = words.takeDuration() ?? .zero
    }
}
