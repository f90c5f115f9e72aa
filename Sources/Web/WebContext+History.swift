// The history: a sample a second, taken, kept and encoded on the web thread, so that the deciding
// thread need not do it. Called by the tick of each second; does no I/O.

internal import Report
internal import UPS

/// The history, and when it was last handed out to be kept.
struct HistoryCourse {
    /// A crash costs at most so much of the history; a shorter time would write more each day.
    static let pause = Duration.seconds(3600)

    var history = History()
    var answers = HistoryAnswers()
    /// What was before is in it: only then may it replace what is kept.
    var isWhole = false
    var kept: BootTime?
    var wasCommitted = false

    /// Once an hour, and before this host goes down.
    mutating func isDue(_ snapshot: Snapshot) -> Bool {
        let isCommitted = snapshot.shutdown.phase == .committed
        defer { wasCommitted = isCommitted }
        if isCommitted, !wasCommitted { return true }
        return snapshot.time - (kept ?? snapshot.installation.started) >= HistoryCourse.pause
    }
}

extension WebContext {
    func sample(_ snapshot: Snapshot) {
        course.answers = HistoryAnswers()
        takeOlder(snapshot)
        course.history.add(snapshot.reading, at: snapshot.time)
        if course.isDue(snapshot) { keepCourse(snapshot) }
    }

    private func takeOlder(_ snapshot: Snapshot) {
        guard let older = olderHistory.withLock({ $0 }) else { return }
        // A clock that was wrong when it was kept must not keep everything from being kept.
        let isLast = snapshot.time - snapshot.installation.started >= HistoryCourse.pause
        guard course.history.fill(from: older, snapshot, isLastAttempt: isLast) else { return }
        olderHistory.withLock { $0 = nil }
        course.isWhole = true
    }

    func keepCourse(_ snapshot: Snapshot) {
        takeOlder(snapshot)
        guard course.isWhole else { return }
        course.kept = snapshot.time
        settings.keepHistory(course.history.kept(snapshot))
    }

    func historyMessage(seconds: Int) -> [UInt8] {
        course.answers.answer(course.history, uplink.latest(), seconds: seconds)
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
