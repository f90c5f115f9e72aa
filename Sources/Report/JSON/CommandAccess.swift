// Whether a client may command, as it stands in the status object. Decided by Web, which alone
// knows its clients.

/// The raw values are the words of the key `access`.
public enum CommandAccess: String, CaseIterable, Sendable {
    case allowed
    /// Each command has to bring the token.
    case token
    /// Commands are taken only from this host itself.
    case loopback
    /// A client that sends no Origin may read.
    case origin
    /// No client may.
    case off

    public var mayCommand: Bool { self == .allowed || self == .token }
}
