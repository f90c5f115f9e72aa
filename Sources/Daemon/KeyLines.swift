// The form of the small files by which the daemon, the units of the package and the next boot leave
// word to each other: lines KEY=VALUE. Pure.

struct KeyLines: Equatable, Sendable {
    /// No such file is longer. (bytes)
    static let limit = 4096

    private var pairs: [(key: String, value: String)] = []

    init(_ pairs: KeyValuePairs<String, String> = [:]) {
        self.pairs = pairs.map { ($0.key, $0.value) }
    }

    /// Nil: some line is no such line, or a key stands there twice.
    init?(_ text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, self[String(parts[0])] == nil else { return nil }
            pairs.append((String(parts[0]), String(parts[1])))
        }
    }

    subscript(_ key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }

    func number(_ key: String) -> Int64? {
        self[key].flatMap { Int64($0) }
    }

    /// A value ends with its line.
    var text: String {
        pairs.map { key, value in
            "\(key)=" + value.map { $0.isNewline ? " " : String($0) }.joined() + "\n"
        }.joined()
    }

    static func == (left: KeyLines, right: KeyLines) -> Bool {
        left.text == right.text
    }
}
