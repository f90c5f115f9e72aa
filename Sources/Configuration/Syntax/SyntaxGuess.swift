// What was probably meant by a text that libconfig does not understand: it says "syntax error" to
// all of it, at a line that may lie behind the cause. Called by Document with a whole file.

/// The first line, up to the one that libconfig names, that looks like another language or like a
/// slip of the hand.
struct SyntaxGuess {
    /// Counted from 1.
    let line: Int
    /// What is allowed, in words.
    let text: String
    /// The line as it stands in the file, and a mark below the place.
    let excerpt: String

    init?(_ source: [UInt8], reported: Int) {
        let scan = SyntaxScan(source)
        guard let finding = scan.firstFinding(until: reported) else { return nil }
        line = finding.line
        text = finding.text
        excerpt = SyntaxGuess.excerpt(of: scan.lines[line - 1], column: finding.column)
    }

    /// Of a line for which there is no guess.
    static func excerpt(_ source: [UInt8], line: Int) -> String? {
        let lines = SyntaxScan(source).lines
        guard lines.indices.contains(line - 1) else { return nil }
        let start = lines[line - 1].prefix { $0 == " " || $0 == "\t" }.count
        return excerpt(of: lines[line - 1], column: start)
    }

    private static let widest = 120

    private static func excerpt(of line: [Character], column: Int) -> String {
        let shown = line.prefix(widest).map { character in
            character != "\t" && character.unicodeScalars.contains(where: \.isUnprintable)
                ? "?" : character
        }
        let blanks = shown.prefix(column).map { $0 == "\t" ? "\t" : " " }
        return "    " + String(shown) + "\n    " + blanks.joined() + "^"
    }
}
