// A client that speaks neither HTTP nor WebSocket: NIS and NUT. While the socket takes nothing,
// nothing is read: a pipelining client cannot pile up answers.

internal import CWebSockets
internal import Platform
internal import UPS

class RawClient: Client {
    enum Progress {
        /// Something was answered, there may be more.
        case answered
        /// The next request is not complete, or may not be answered yet.
        case waiting
        /// The connection ends.
        case over
    }

    /// Answers in a row, before the other clients have their turn.
    private static let answersInARow = 16

    private var limit: RawTimeLimit
    /// It has a place among the raw ones.
    private(set) var isAdmitted = false

    /// `idle`: how long it may be silent. (s)
    init(successorOf client: Client, idle: Int32) {
        limit = RawTimeLimit(idle: idle)
        super.init(successorOf: client)
    }

    func begin() {
        isAdmitted = true
        setTimeout(limit.answered(at: BootClock.now()))
    }

    // MARK: What a protocol adds

    func take(_ bytes: UnsafeRawBufferPointer) {}

    /// Answers the next request.
    func answerNext() -> Progress { .over }

    /// Nothing is to be read before an answer that is yet to come.
    var isBusy: Bool { false }

    // MARK: Requests

    /// Returns what the callback has to: not 0 ends the connection.
    final func receive(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        take(bytes)
        return answer(hasReceived: true)
    }

    final func goOn() -> Int32 { answer(hasReceived: false) }

    private func answer(hasReceived: Bool) -> Int32 {
        var answered = 0
        while !isBlocked, answered < RawClient.answersInARow {
            let progress = answerNext()
            if progress == .over { return -1 }
            guard progress == .answered else { break }
            answered += 1
        }
        if answered > 0 {
            setTimeout(limit.answered(at: BootClock.now()))
        } else if hasReceived {
            setTimeout(limit.begun())
        }
        let isBehind = isBlocked || answered == RawClient.answersInARow
        if isBehind { askToWrite() }
        setReading(!isBehind && !isBusy)
        return 0
    }
}

/// How long a raw connection may be silent: libwebsockets itself has no limit for these.
/// Each function returns the seconds to set now; nil: leave the limit that runs.
struct RawTimeLimit {
    static let partial: Int32 = 10
    /// Within this the idle limit is not set again: that costs more than an answer.
    static let slack = Duration.seconds(10)

    /// Without a request.
    let idle: Int32
    /// Since when the idle limit runs; nil: the one for a request that has begun runs, or none.
    private var idleSince: BootTime?
    private var isPartial = false

    init(idle: Int32) {
        self.idle = idle
    }

    mutating func answered(at now: BootTime) -> Int32? {
        if let idleSince, now - idleSince < RawTimeLimit.slack { return nil }
        idleSince = now
        isPartial = false
        return idle
    }

    /// Bytes came and made no request: more of them do not lengthen the limit.
    mutating func begun() -> Int32? {
        guard !isPartial else { return nil }
        isPartial = true
        idleSince = nil
        return RawTimeLimit.partial
    }
}
