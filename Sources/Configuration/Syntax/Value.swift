// A setting's value as it stands in the file, free of libconfig. Made by Document from a file and
// by Form from a configuration.

enum Value: Equatable, Sendable {
    case boolean(Bool)
    case integer(Int)
    case decimal(Double)
    case text(String)
    case list([Value])
    case group([Entry])
}

/// A named value in a file.
struct Entry: Equatable, Sendable {
    let name: String
    let value: Value
    let place: Place
}

extension Value {
    /// In libconfig's syntax.
    var written: String {
        switch self {
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .integer(let number): Int32(exactly: number) == nil ? "\(number)L" : "\(number)"
        case .decimal(let number): "\(number)"
        case .text(let text): Value.quoted(text)
        case .list(let elements): Value.written(elements)
        case .group: "a group"
        }
    }

    /// In one line of an error message.
    var shown: String {
        let limit = 60
        var text = ""
        for scalar in written.unicodeScalars {
            text.unicodeScalars.append(scalar.isUnprintable ? "?" : scalar)
        }
        return text.count > limit ? text.prefix(limit) + "…" : text
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    private static func written(_ elements: [Value]) -> String {
        let isArray = elements.allSatisfy { if case .text = $0 { true } else { false } }
        let inner = elements.map(\.written).joined(separator: ", ")
        return isArray ? "[\(inner)]" : "( \(inner) )"
    }
}

extension Value {
    /// nil: no text, or not a printable one.
    var printable: String? {
        guard case .text(let text) = self else { return nil }
        return text.unicodeScalars.contains(where: \.isUnprintable) ? nil : text
    }

    /// False: a text of other bytes, such as those of Latin-1.
    var isUTF8: Bool {
        guard case .text(let text) = self else { return true }
        return !text.unicodeScalars.contains("\u{FFFD}")
    }

    var elements: [Value]? {
        guard case .list(let elements) = self else { return nil }
        return elements
    }
}

extension Unicode.Scalar {
    /// Control characters, and what stands for bytes that are not UTF-8.
    var isUnprintable: Bool { properties.generalCategory == .control || self == "\u{FFFD}" }
}
