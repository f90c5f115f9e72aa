// The history of the last day: a sample a second, taken, kept and encoded on the web thread, so
// that the deciding thread has nothing to do with it.

internal import Report
internal import Synchronization
internal import UPS

extension WebContext {
    func sample(_ snapshot: Snapshot) {
        historyAnswers = HistoryAnswers()
        history.add(snapshot.reading, at: snapshot.time)
        history.note(snapshot.history)
        if let older = olderHistory.take() { history.fill(from: older) }
    }

    func historyMessage(seconds: Int) -> [UInt8] {
        let snapshot = uplink.latest()
        history.note(snapshot.history)
        return historyAnswers.answer(history, snapshot, seconds: seconds)
    }
}

/// What was answered in this second and since the last change: a thousand pages that load at once
/// cost no more than one.
struct HistoryAnswers {
    private static let capacity = 4

    private struct Moment: Equatable {
        let second: Int64
        let urgentSequence: UInt64
    }

    private var moment: Moment?
    private var answers: [Int: [UInt8]] = [:]

    mutating func answer(_ history: History, _ snapshot: Snapshot, seconds: Int) -> [UInt8] {
        let present = Moment(
            second: snapshot.time.sinceBoot.components.seconds,
            urgentSequence: snapshot.urgentSequence)
        if moment != present || answers.count == HistoryAnswers.capacity { answers = [:] }
        moment = present
        if let known = answers[seconds] { return known }
        let fresh = HistoryObject.json(history, snapshot, seconds: seconds)
        answers[seconds] = fresh
        return fresh
    }
}

/// Hands a history from the thread that made it to the web thread.
final class OlderHistory: Sendable {
    private let waiting = Mutex<History?>(nil)

    func put(_ history: History) {
        waiting.withLock { $0 = history }
    }

    func take() -> History? {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
    }
}
