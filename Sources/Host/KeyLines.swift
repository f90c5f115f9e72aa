// The form of the small files that the daemon leaves for the units of the package and for the next
// boot: lines KEY=VALUE. Pure.

public struct KeyLines: Sendable {
    /// No such file is longer. (bytes)
    static let limit = 4096

    private var pairs: [(key: String, value: String)] = []

    public init(_ pairs: KeyValuePairs<String, String> = [:]) {
        self.pairs = pairs.map { ($0.key, $0.value) }
    }

    /// Nil: a line has another form, a key stands there twice, or a control character does. It goes
    /// by scalars: "\r\n" is one Character, which is not equal to "\n".
    public init?(_ text: String) {
        for line in text.unicodeScalars.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, self[String(parts[0])] == nil,
                !line.contains(where: KeyLines.endsLine)
            else { return nil }
            pairs.append((String(parts[0]), String(parts[1])))
        }
    }

    public subscript(_ key: String) -> String? {
        pairs.first { $0.key == key }?.value
    }

    public func number(_ key: String) -> Int64? {
        self[key].flatMap { Int64($0) }
    }

    /// A value ends with its line.
    var text: String {
        pairs.map { key, value in
            let scalars = value.unicodeScalars.map { KeyLines.endsLine($0) ? " " : $0 }
            return "\(key)=\(String(String.UnicodeScalarView(scalars)))\n"
        }.joined()
    }

    /// Also for a program that shows it.
    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
}
