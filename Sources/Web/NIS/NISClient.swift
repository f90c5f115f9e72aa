// A client that speaks apcupsd's NIS. Its requests are answered from the shared encodings; while
// the socket takes nothing, nothing is read: a pipelining client cannot pile up answers.

internal import CWebSockets
internal import Platform
internal import Report
internal import UPS

final class NISClient: Client {
    /// Answers in a row, before the other clients have their turn.
    private static let answersInARow = 16

    private var session = NISSession()
    private var limit = NISTimeLimit()

    func begin() {
        setTimeout(limit.answered(at: BootClock.now()))
    }

    /// Returns what the callback has to: not 0 ends the connection.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        session.receive(bytes)
        return answer(hasReceived: true)
    }

    func goOn() -> Int32 { answer(hasReceived: false) }

    private func answer(hasReceived: Bool) -> Int32 {
        var answered = 0
        while !isBlocked, answered < NISClient.answersInARow, let request = session.next() {
            guard answer(request) else { return -1 }
            answered += 1
        }
        if answered > 0 {
            setTimeout(limit.answered(at: BootClock.now()))
        } else if hasReceived {
            setTimeout(limit.begun())
        }
        let isBehind = isBlocked || answered == NISClient.answersInARow
        if isBehind { askToWrite() }
        setReading(!isBehind)
        return 0
    }

    /// False: the connection ends.
    private func answer(_ request: NISSession.Request) -> Bool {
        switch request {
        case .status: context.encoded(.nisStatus).write(to: wsi!, as: ups_lws_write_raw())
        case .events: context.encoded(.nisEvents).write(to: wsi!, as: ups_lws_write_raw())
        case .unknown: context.nisInvalidCommand.write(to: wsi!, as: ups_lws_write_raw())
        case .end, .tooLong: false
        }
    }

    /// Ends the connection after so many seconds, unless set again; nil: as it was set before.
    private func setTimeout(_ seconds: Int32?) {
        if let seconds { lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, seconds) }
    }
}

/// How long a raw connection may be silent: libwebsockets itself has no limit for these.
/// Each function returns the seconds to set now; nil: leave the limit that runs.
struct NISTimeLimit {
    /// Netdata keeps its connection for a minute and more.
    static let idle: Int32 = 90
    static let partial: Int32 = 10
    /// Within this the idle limit is not set again: that costs more than an answer.
    static let slack = Duration.seconds(10)

    /// Since when the idle limit runs; nil: the one for a request that has begun runs, or none.
    private var idleSince: BootTime?
    private var isPartial = false

    mutating func answered(at now: BootTime) -> Int32? {
        if let idleSince, now - idleSince < NISTimeLimit.slack { return nil }
        idleSince = now
        isPartial = false
        return NISTimeLimit.idle
    }

    /// Bytes came and made no request: more of them do not lengthen the limit.
    mutating func begun() -> Int32? {
        guard !isPartial else { return nil }
        isPartial = true
        idleSince = nil
        return NISTimeLimit.partial
    }
}
