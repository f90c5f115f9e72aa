// What a sink hands up to the Monitor, and the two closures by which it does: they are all that a
// sink knows of the loop.

/// Passed up by Web and MQTT; the Monitor hands it to the Watch.
public enum Submission: Sendable {
    /// The ticket finds the answer on the snapshot's `AnswerBoard`.
    case command(Command)
    /// For the event log: the broker lost or back, a warning.
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

/// Where something is wrong with the host or the UPS. Reported by what may look at files and
/// processes, told by the Watch.
public enum Concern: CaseIterable, Sendable {
    /// It cannot be opened. Over as soon as it is open; the link has events of its own.
    case serialPort
    /// Another program reads it, too.
    case serialReaders
    /// What the UPS does not tell.
    case device
    /// The way to power this host off does not work.
    case powerOff
    /// What the daemon needs of its own host.
    case host
    /// What is installed and configured.
    case installation
}
