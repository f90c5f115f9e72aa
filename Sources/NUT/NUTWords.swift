// The words of one line of NUT's protocol. Called by NUTSession with whatever a client sent. Source:
// NUT 2.8, common/parseconf.c; RFC 9271, section 4.

/// Blanks, tabs and CR separate words, `"…"` is one word, `\` takes the next character literally,
/// `=` is a word of its own, and `#` begins a comment. A `#` within quotes, on which upsd gives no
/// answer at all, stands for itself. What is no printable ASCII is left out.
struct NUTWords: Sendable {
    /// The rest of a longer word is left out. (characters)
    static let longestWord = 512
    /// Further words are left out.
    static let most = 32

    private(set) var words: [String] = []
    private var word: [UInt8]?
    private var isQuoted = false
    private var isEscaped = false

    /// `line` is without its LF.
    init(_ line: some Sequence<UInt8>) {
        for character in line {
            guard take(character) else { break }
        }
        end()
    }

    /// False: a comment begins.
    private mutating func take(_ character: UInt8) -> Bool {
        if isEscaped {
            isEscaped = false
            append(character)
        } else if character == UInt8(ascii: "\\") {
            isEscaped = true
        } else if character == UInt8(ascii: "\"") {
            isQuoted.toggle()
            word = word ?? []
        } else if isQuoted {
            append(character)
        } else if character == UInt8(ascii: "#") {
            return false
        } else if NUTWords.separators.contains(character) {
            end()
        } else if character == UInt8(ascii: "=") {
            end()
            append(character)
            end()
        } else {
            append(character)
        }
        return true
    }

    private static let separators = Array(" \t\r".utf8)

    private mutating func append(_ character: UInt8) {
        guard (0x20...0x7E).contains(character) else { return }
        if word == nil { word = [] }
        if word!.count < NUTWords.longestWord { word!.append(character) }
    }

    private mutating func end() {
        if let word, words.count < NUTWords.most {
            words.append(String(decoding: word, as: UTF8.self))
        }
        word = nil
    }
}
