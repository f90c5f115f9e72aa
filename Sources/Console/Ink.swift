// Coloured text for a terminal. Pure: the caller decides whether there is colour.

enum Ink: String, Sendable {
    case plain = ""
    case bold = "1"
    case dim = "2"
    case green = "32"
    case yellow = "33"
    case red = "31"
    case alarm = "1;41;97"
}

/// One line, in parts of one ink each.
struct InkedLine: Equatable, Sendable, ExpressibleByStringLiteral {
    private var parts: [Part] = []

    private struct Part: Equatable, Sendable {
        let text: String
        let ink: Ink
    }

    init() {}

    init(_ text: String, _ ink: Ink = .plain) {
        add(text, ink)
    }

    init(stringLiteral text: String) {
        self.init(text)
    }

    mutating func add(_ text: String, _ ink: Ink = .plain) {
        parts.append(Part(text: InkedLine.printable(text), ink: ink))
    }

    /// Behind blanks up to a column.
    mutating func add(_ text: String, _ ink: Ink = .plain, at column: Int) {
        add(String(repeating: " ", count: max(1, column - width)))
        add(text, ink)
    }

    var width: Int { parts.reduce(0) { $0 + $1.text.count } }

    var plain: String { parts.map(\.text).joined() }

    /// At most so many characters, with the escape sequences of a terminal.
    func coloured(width limit: Int = .max) -> String {
        var left = limit
        return parts.map { part in
            let text = String(part.text.prefix(left))
            left -= text.count
            return part.ink == .plain || text.isEmpty
                ? text : "\u{1B}[\(part.ink.rawValue)m\(text)\u{1B}[0m"
        }.joined()
    }

    /// What the UPS says of itself must not steer the terminal.
    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : $0
                }
            ))
    }
}
