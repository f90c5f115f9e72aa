// What was probably meant by a text that libconfig does not understand: it says "syntax error" to
// all of it, at a line that may lie behind the cause. Called by Document with a whole file.

/// What looks like another language or like a slip of the hand.
struct SyntaxFinding {
    /// Counted from 1.
    let line: Int
    /// In characters, from 0.
    let column: Int
    /// What is allowed, in words.
    let text: String
}

struct SyntaxScan {
    private let lines: [[Character]]
    /// The same without comments, and with marks in place of what stands in quotes.
    private let code: [[Character]]
    static let inQuotes: Character = "\u{1}"

    init(_ source: [UInt8]) {
        let text = String(decoding: source, as: UTF8.self)
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .map { Array($0) }
        var state = State.code
        code = lines.map { SyntaxScan.masked($0, &state) }
    }

    private enum State { case code, comment, text }

    private static func masked(_ line: [Character], _ state: inout State) -> [Character] {
        var masked = line
        var index = 0
        while index < line.count {
            let next = index + 1 < line.count ? line[index + 1] : nil
            switch (state, line[index], next) {
            case (.code, "#", _), (.code, "/", "/"):
                let rest = repeatElement(Character(" "), count: line.count - index)
                masked.replaceSubrange(index..., with: rest)
                return masked
            case (.code, "/", "*"):
                state = .comment
                masked[index] = " "
            case (.comment, "*", "/"):
                state = .code
                masked[index] = " "
                masked[index + 1] = " "
                index += 1
            case (.comment, _, _): masked[index] = " "
            case (.code, "\"", _): state = .text
            case (.text, "\\", _?):
                masked[index] = inQuotes
                masked[index + 1] = inQuotes
                index += 1
            case (.text, "\"", _): state = .code
            case (.text, _, _): masked[index] = inQuotes
            case (.code, _, _): break
            }
            index += 1
        }
        return masked
    }

    private static let widest = 120

    /// A line as it stands in the file, and a mark below the place; without one, below its first
    /// character. Nil: there is no such line.
    func excerpt(line number: Int, column: Int? = nil) -> String? {
        guard lines.indices.contains(number - 1) else { return nil }
        let line = lines[number - 1]
        let shown = line.prefix(SyntaxScan.widest).map { character in
            character != "\t" && character.unicodeScalars.contains(where: \.isUnprintable)
                ? "?" : character
        }
        let column = column ?? line.prefix { $0 == " " || $0 == "\t" }.count
        let blanks = shown.prefix(column).map { $0 == "\t" ? "\t" : " " }
        return "    " + String(shown) + "\n    " + blanks.joined() + "^"
    }

    // MARK: Looking

    /// A bracket that waits for its end.
    private struct Opening {
        let sign: Character
        let line: Int
        let column: Int
        let name: String

        var isList: Bool { sign != "{" }

        func unended() -> SyntaxFinding {
            let what = isList ? "this list" : name.isEmpty ? "this group" : "the group \(name)"
            let end = sign == "{" ? "a brace and a semicolon, };" : sign == "(" ? ")" : "]"
            return SyntaxFinding(line: line, column: column, text: "\(what) has no end, \(end)")
        }
    }

    /// The first one up to the line that libconfig names.
    func firstFinding(until reported: Int) -> SyntaxFinding? {
        var open: [Opening] = []
        for (index, line) in code.enumerated().prefix(reported) {
            let isInList = open.last?.isList ?? false
            if let found = finding(in: line, at: index, isInList: isInList) { return found }
            for (column, sign) in line.enumerated() {
                if let found = takeBracket(sign, column, index, &open) { return found }
            }
        }
        let isRest = code.dropFirst(reported).allSatisfy { $0.allSatisfy(\.isWhitespace) }
        return isRest ? open.last?.unended() : nil
    }

    private func takeBracket(
        _ sign: Character, _ column: Int, _ index: Int, _ open: inout [Opening]
    ) -> SyntaxFinding? {
        switch sign {
        case "{", "(", "[":
            let name = name(before: column, at: index)
            open.append(Opening(sign: sign, line: index + 1, column: column, name: name))
        case ";", "}", ")", "]":
            if let list = open.last, list.isList, ";}".contains(sign) { return list.unended() }
            guard sign == ";" || open.popLast() != nil else {
                let what = sign == "}" ? "brace closes no group" : "bracket closes no list"
                return SyntaxFinding(line: index + 1, column: column, text: "this \(what)")
            }
        default: break
        }
        return nil
    }

    /// Of the group that a brace opens.
    private func name(before column: Int, at index: Int) -> String {
        let before = code[max(0, index - 1)..<index].joined() + [" "] + code[index][..<column]
        let words = before.split { !$0.continuesName }
        return words.last.map { String($0) } ?? ""
    }

    private func finding(in line: [Character], at index: Int, isInList: Bool) -> SyntaxFinding? {
        func found(_ column: Int, _ text: String) -> SyntaxFinding {
            SyntaxFinding(line: index + 1, column: column, text: text)
        }
        if let quote = line.firstIndex(where: { "'‘’“”„«»`".contains($0) }) {
            return found(quote, "texts stand in straight double quotes, \"text\"")
        }
        guard let first = line.firstIndex(where: { !$0.isWhitespace }),
            let last = line.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        let words = line[first...last]
        if line[first] == ";" { return found(first, "comments begin with # or //") }
        if line[first] == "<" { return found(first, "groups are written server = { … };") }
        if line[first] == "[", line[last] == "]", !isInList, !follows("=:", index) {
            let name = String(words.dropFirst().dropLast())
            return found(first, "groups are written \(name) = { … };")
        }
        if line[first] == "{", !isInList, !follows("=:", index) {
            return found(first, "braces stand behind a name, server = { … };")
        }
        if line[first] == "\"", !isInList, !follows("=:", index),
            let end = line[(first + 1)...].firstIndex(of: "\""),
            let sign = line[(end + 1)...].first(where: { !$0.isWhitespace }), ":=".contains(sign)
        {
            let name = String(lines[index][(first + 1)..<end])
            return found(first, "names stand without quotes, \(name) = value;")
        }
        if line[last] == ":", let next = firstAfter(index), !"{([".contains(next) {
            return found(last, "groups stand in braces, \(String(words.dropLast())) = { … };")
        }
        if let found = bareElement(line, at: index, isInList: isInList) { return found }
        return isInList ? nil : assignments(line, at: index) ?? lackOfSign(line, first, at: index)
    }

    /// The last thing before the line.
    private func follows(_ signs: String, _ index: Int) -> Bool {
        let before = code[..<index].joined().last { !$0.isWhitespace }
        return before.map { signs.contains($0) } ?? false
    }

    func firstAfter(_ index: Int) -> Character? {
        code[(index + 1)...].joined().first { !$0.isWhitespace }
    }

    /// A text without quotes in a list.
    private func bareElement(_ line: [Character], at index: Int, isInList: Bool) -> SyntaxFinding? {
        var isInList = isInList
        for (column, sign) in line.enumerated() {
            if "[(".contains(sign) { isInList = true }
            if "{])".contains(sign) { isInList = false }
            guard isInList, "[(,".contains(sign) else { continue }
            let rest = line[(column + 1)...].drop { $0.isWhitespace }
            let word = String(rest.prefix { !",])}{([".contains($0) }).trimmed
            guard let first = word.first, !["true", "false"].contains(word.lowercased()),
                first.isLetter || "/~-".contains(first) || word.isDotted
            else { continue }
            let isNegative = first == "-" && word.dropFirst().first?.isNumber == true
            if isNegative { continue }
            return SyntaxFinding(
                line: index + 1, column: rest.startIndex,
                text: "texts stand in double quotes, \"\(word.prefix(60))\"")
        }
        return nil
    }
}
