// What a sink hands up to the Monitor. Two closures are all that a sink knows of its maker.

/// Passed up by Web and MQTT; the Monitor hands it to the Watch.
public enum Submission: Sendable {
    /// The ticket finds the answer on the snapshot's `AnswerBoard`.
    case command(Command)
    /// Something for the event log: the broker lost or back, a warning.
    case note(Event.Name, Message)
    /// What is wrong there now, a sentence each.
    case problems([Message], Concern)
}

/// What a sink is given. Both closures return at once and may be called from any thread.
public struct Uplink: Sendable {
    /// The newest snapshot.
    public let latest: @Sendable () -> Snapshot
    /// Nil when the queue is full: then nothing was taken.
    public let submit: @Sendable (Submission) -> Ticket?

    public init(
        latest: @escaping @Sendable () -> Snapshot,
        submit: @escaping @Sendable (Submission) -> Ticket?
    ) {
        self.latest = latest
        self.submit = submit
    }
}
