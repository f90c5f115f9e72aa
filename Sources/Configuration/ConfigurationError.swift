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
    /// The line in question and a mark below it; nil: the text says it all.
    public var excerpt: String?
    /// What else is wrong.
    public var others: [ConfigurationError] = []

    /// One line, for a log.
    public var description: String {
        "\(place): \(text)" + (others.isEmpty ? "" : " (and \(others.count) more)")
    }

    /// For a person: every fault, with its line of the file where that helps.
    public var explained: String {
        let own = "\(place): \(text)" + (excerpt.map { "\n\($0)" } ?? "")
        return ([own] + others.map(\.explained)).joined(separator: "\n")
    }
}

/// What deserves a look in a configuration that can be used.
public struct ConfigurationWarning: Equatable, Sendable, CustomStringConvertible {
    /// nil: it follows from defaults alone.
    public var place: Place?
    public var text: String

    public var description: String { place.map { "\($0): \(text)" } ?? text }
}
