// What stands behind a name, and what was probably meant by it. Called by `firstFinding` for each
// line outside of lists.

extension SyntaxScan {
    func assignments(_ line: [Character], at index: Int) -> SyntaxFinding? {
        for (column, sign) in line.enumerated() where sign == "=" || sign == ":" {
            if let found = dottedName(line, before: column, at: index) { return found }
            let start = line[(column + 1)...].firstIndex { !$0.isWhitespace } ?? line.count
            let rest = line[start...]
            let value = String(rest.prefix { !";}{([".contains($0) }).trimmed
            if let text = mistake(value, of: rest.first, before: firstAfter(index)) {
                return SyntaxFinding(line: index + 1, column: min(start, line.count), text: text)
            }
        }
        return nil
    }

    /// `server.port = 10024`.
    private func dottedName(
        _ line: [Character], before column: Int, at index: Int
    ) -> SyntaxFinding? {
        let end = line[..<column].lastIndex { !$0.isWhitespace } ?? column
        let start = line[..<end].lastIndex { !$0.continuesName && $0 != "." }.map { $0 + 1 } ?? 0
        let name = line[start...max(start, min(end, line.count - 1))]
        guard name.contains("."), let group = name.split(separator: ".").first else { return nil }
        return SyntaxFinding(
            line: index + 1, column: start,
            text: "settings stand in the braces of their group, \(String(group)) = { … };")
    }

    private func mistake(
        _ value: String, of first: Character?, before next: Character?
    ) -> String? {
        guard let first else {
            // It may stand in the next line.
            return next == nil || next == "}" ? "a value is missing, name = value;" : nil
        }
        if ";}".contains(first) { return "a value is missing, name = value;" }
        if first == "=" { return "one = stands between a name and its value" }
        guard !"\"{([".contains(first), first != SyntaxScan.inQuotes else { return nil }
        if first.isNumber || "+-.".contains(first) { return mistake(ofNumber: value) }
        switch value.lowercased() {
        case "true", "false": return nil
        case "yes", "on", "no", "off", "enabled", "disabled":
            let isOn = ["yes", "on", "enabled"].contains(value.lowercased())
            return "yes and no are written true and false, here \(isOn ? "true" : "false");"
        case "null", "none", "nil", "~":
            return "what is not wanted is left out, or is an empty text, \"\""
        default: return "texts stand in double quotes, \"\(value.prefix(60))\""
        }
    }

    private func mistake(ofNumber value: String) -> String? {
        if value.isDotted { return "texts stand in double quotes, \"\(value.prefix(60))\"" }
        let digits = value.prefix { $0.isNumber || "+-.".contains($0) }
        let rest = String(value.dropFirst(digits.count)).trimmed
        guard !rest.isEmpty else { return nil }
        if rest.first == "," {
            let decimals = rest.dropFirst().prefix { $0.isNumber }
            return decimals.isEmpty
                ? "a setting ends with a semicolon, \(digits);"
                : "decimals are written with a point, \(digits).\(decimals)"
        }
        let isHexadecimal = digits == "0" && rest.lowercased().hasPrefix("x")
        let isExponent =
            rest.lowercased().hasPrefix("e") && rest.dropFirst().contains(where: \.isNumber)
        guard !isHexadecimal, !isExponent, !["L", "LL"].contains(rest) else { return nil }
        if rest.hasPrefix("_") { return "numbers have digits alone, \(value.filter(\.isNumber))" }
        return "numbers stand without a unit, \(digits)"
    }

    /// `port 10024` and `server {`.
    func lackOfSign(_ line: [Character], _ first: Int, at index: Int) -> SyntaxFinding? {
        guard line[first].isLetter, !line.contains("="), !line.contains(":") else { return nil }
        let name = line[first...].prefix { $0.continuesName }
        guard let value = line[name.endIndex...].first(where: { !$0.isWhitespace }) else {
            let next = firstAfter(index)
            guard let next, next != "=", next != ":" else { return nil }
            return SyntaxFinding(
                line: index + 1, column: first,
                text: "a setting is written \(String(name)) = value;")
        }
        let isGroup = value == "{"
        return SyntaxFinding(
            line: index + 1, column: name.endIndex,
            text: "behind a name comes =, \(String(name)) = \(isGroup ? "{ … }" : "value");")
    }
}

extension Character {
    var continuesName: Bool { isLetter || isNumber || self == "_" || self == "-" }
}

extension String {
    /// An address or a version, such as 192.168.1.10, or a path or time that begins with a digit.
    var isDotted: Bool {
        first?.isNumber == true
            && (filter { $0 == "." }.count > 1 || contains("/") || contains(":"))
    }

    var trimmed: String {
        let start = drop { $0.isWhitespace }
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { String(start[...$0]) } ?? ""
    }
}
