// One group of requests that are due together. Used by the Poller.

import UPS

/// Asks for each of its requests once per interval, as fast as the line has room.
struct PollGroup: Sendable {
    let requests: [Request]
    let interval: Duration
    /// What it tells stays known while the link is lost.
    var isRare = false
    /// When the next round begins.
    var due = BootTime(.zero)
    /// So many are still to be dealt with in this round; 0: none is under way.
    var left = 0
    var opened: BootTime?

    /// What says which UPS this is changes when another one is plugged in, or by other programs.
    static let rarely = Duration.seconds(300)
    private static let openedAtMostEvery = Duration.seconds(60)

    /// The next round begins now. False: it has only just been, and a link that comes and goes must
    /// not keep the line busy with what changes so seldom.
    mutating func open(at now: BootTime) -> Bool {
        if isRare, let opened, now - opened < PollGroup.openedAtMostEvery { return false }
        (opened, due, left) = (now, now, 0)
        return true
    }
}
