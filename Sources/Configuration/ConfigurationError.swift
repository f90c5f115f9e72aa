// What is wrong with a configuration, and where. Shown by the Daemon, one line each.

/// A line of a file, or a whole file.
public struct Place: Equatable, Sendable, CustomStringConvertible {
    public var file: String
    /// Counted from 1; nil: the file as a whole.
    public var line: Int?

    public init(file: String, line: Int? = nil) {
        self.file = file
        self.line = line
    }

    public var description: String { line.map { "\(file):\($0)" } ?? file }
}

/// Why a configuration cannot be used: `FILE:LINE: what is wrong, what is allowed`.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    public var place: Place
    public var text: String

    public var description: String { "\(place): \(text)" }
}

/// What deserves a look in a configuration that can be used.
public struct ConfigurationWarning: Equatable, Sendable, CustomStringConvertible {
    /// nil: it follows from defaults alone.
    public var place: Place?
    public var text: String

    public var description: String { place.map { "\($0): \(text)" } ?? text }
}
