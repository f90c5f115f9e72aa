// Where something is wrong with the host or the UPS. Reported by those who may look at files and
// processes, told by the Watch.

/// Where it is wrong.
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
