// From a file, or its text, to a configuration. Called by the Daemon: at start, and by its Recorder
// on a reload, because a disk may wait.

extension Configuration {
    public struct Parsed: Sendable {
        public var configuration: Configuration
        public var warnings: [ConfigurationWarning] = []
        /// Where each key and group stands, by its path.
        public var places: [String: Place] = [:]

        public init(_ configuration: Configuration) { self.configuration = configuration }
    }

    /// Reads a file of at most 256 KiB; files that it includes are looked for in the working
    /// directory.
    public static func read(path: String) throws(ConfigurationError) -> Parsed {
        try parse(try SourceFile.read(path), path: path)
    }

    /// `path` is the name in errors.
    public static func parse(_ text: String, path: String) throws(ConfigurationError) -> Parsed {
        try parse(Array(text.utf8), path: path)
    }

    private static func parse(
        _ source: [UInt8], path: String
    ) throws(ConfigurationError) -> Parsed {
        // Some editors begin a file with a mark of its byte order.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let source = source.starts(with: mark) ? Array(source.dropFirst(mark.count)) : source
        try SourceScan.check(source, path: path)
        let reader = Reader(try Document.entries(of: source, path: path))
        var parsed = reader.parsed
        if var first = reader.faults.first {
            first.others = Array(reader.faults.dropFirst())
            throw first
        }
        parsed.warnings += parsed.configuration.warnings(at: parsed.places)
        return parsed
    }
}
