// Clients get a new status at once when something urgent changed, else once a second, and the
// answers to their commands. Called on the web thread; never waits.

internal import CWebSockets
internal import Platform
internal import UPS

extension WebContext {
    private static let moment: lws_usec_t = 20_000
    /// After the beginning of a second, so that no tick falls into the one before.
    private static let margin = Duration.milliseconds(2)

    /// A hint that something may have changed; libwebsockets gives it also on every accept.
    func noticeChange() {
        let snapshot = uplink.latest()
        guard snapshot.urgentSequence != lastUrgent else { return }
        lastUrgent = snapshot.urgentSequence
        answerWaiting(snapshot)
        for client in webSockets.values { client.refresh(at: snapshot.time) }
    }

    /// Once a second.
    func tick() {
        isTicking = false
        // At the end a tick only wakes the loop, which then sees how late it is.
        guard !isLeaving else { return startTicking() }
        let now = BootClock.now()
        for client in webSockets.values where client.isStuck(at: now) {
            counters.withLock { $0.droppedClients += 1 }
            client.kill()
        }
        let snapshot = uplink.latest()
        sample(snapshot)
        listenForNUT()
        lastUrgent = snapshot.urgentSequence
        answerWaiting(snapshot)
        for client in webSockets.values {
            client.limitReading()
            client.refresh(at: now)
        }
        startTicking()
    }

    func startTicking() {
        guard !isTicking, let listener = listeners.first?.wsi else { return }
        isTicking = true
        lws_set_timer_usecs(listener, isLeaving ? WebContext.moment : untilNextSecond)
    }

    private var untilNextSecond: lws_usec_t {
        let present = BootClock.now().sinceBoot
        let wait = .seconds(present.components.seconds + 1) + WebContext.margin - present
        return wait.inNanoseconds / 1000
    }

    // MARK: Commands

    /// Hands a command up. An id names a command of this client only: without the number in front,
    /// another page that also counts from 1 would get the answer of this one, and no effect.
    func submit(_ command: Command, id: String?, by client: Client) {
        var command = command
        command.id = id.map { "\(client.number)/\($0)" }
        let snapshot = uplink.latest()
        guard !waiting.isFull, let ticket = uplink.submit(.command(command)) else {
            let busy = CommandResult.refused("Too many commands at once.")
            return client.answer(busy, id: id)
        }
        waiting.append(
            WaitingCommand(ticket: ticket, id: id, submitted: snapshot.time, client: client))
    }

    private func answerWaiting(_ snapshot: Snapshot) {
        guard !waiting.isEmpty else { return }
        for (command, result) in waiting.answered(by: snapshot) {
            command.client.answer(result, id: command.id)
        }
    }

    // MARK: The end

    /// Sends what is newest, then closes; the caller goes on with the loop for a moment.
    func leave() {
        isLeaving = true
        isTicking = false
        startTicking()
        let snapshot = uplink.latest()
        keepCourse(snapshot)
        answerWaiting(snapshot)
        let isNew = snapshot.urgentSequence != lastUrgent
        lastUrgent = snapshot.urgentSequence
        for client in webSockets.values {
            if isNew { client.refresh(at: snapshot.time) } else { client.askToWrite() }
        }
    }
}
