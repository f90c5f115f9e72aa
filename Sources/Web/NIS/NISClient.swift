// A client that speaks apcupsd's NIS. Its requests are answered from the shared encodings; while
// the socket takes nothing, nothing is read: a pipelining client cannot pile up answers.

internal import CWebSockets
internal import Platform
internal import Report

final class NISClient: Client {
    /// Answers in a row, before the other clients have their turn.
    private static let answersInARow = 16

    private var session = NISSession()
    private var isReading = true
    private var limit = NISTimeLimit()

    func begin() {
        if let seconds = limit.answered(at: BootClock.now()) { setTimeout(seconds: seconds) }
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
        limitTime(hasAnswered: answered > 0, hasReceived: hasReceived)
        let isBehind = isBlocked || answered == NISClient.answersInARow
        if isBehind { askToWrite() }
        if isReading == isBehind {
            isReading = !isBehind
            setReading(isReading)
        }
        return 0
    }

    /// False: the connection ends.
    private func answer(_ request: NISSession.Request) -> Bool {
        switch request {
        case .status: context.nisStatus.write(to: wsi!, as: ups_lws_write_raw())
        case .events: context.nisEvents.write(to: wsi!, as: ups_lws_write_raw())
        case .unknown: context.nisInvalidCommand.write(to: wsi!, as: ups_lws_write_raw())
        case .end, .tooLong: false
        }
    }

    private func limitTime(hasAnswered: Bool, hasReceived: Bool) {
        var seconds: Int32?
        if hasAnswered {
            seconds = limit.answered(at: BootClock.now())
        } else if hasReceived {
            seconds = limit.begun()
        }
        if let seconds { setTimeout(seconds: seconds) }
    }
}
