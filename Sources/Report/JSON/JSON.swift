// JSON being written: what is unknown is null, and members stay in the order in which they are
// given. Called by all that writes JSON; JSONValue reads.

import UPS

/// A JSON text, whole and valid.
struct JSON {
    let text: String

    static let null = JSON(text: "null")

    static func bool(_ value: Bool?) -> JSON {
        value.map { JSON(text: $0 ? "true" : "false") } ?? .null
    }

    static func integer(_ value: (some BinaryInteger)?) -> JSON {
        value.map { JSON(text: "\($0)") } ?? .null
    }

    static func decimal(_ value: Double?, _ decimals: Int) -> JSON {
        guard let value, value.isFinite else { return .null }
        return JSON(text: "\(rounded(value, decimals))")
    }

    static func string(_ value: String?) -> JSON {
        value.map { JSON(text: "\"" + escaped($0) + "\"") } ?? .null
    }

    static func array(_ elements: [JSON]) -> JSON {
        JSON(text: "[" + elements.map(\.text).joined(separator: ",") + "]")
    }

    static func object(_ members: [(String, JSON)]) -> JSON {
        var text = "{"
        // In one piece of memory: a status object has some hundred members, once a second.
        text.reserveCapacity(members.reduce(2) { $0 + $1.0.utf8.count + $1.1.text.utf8.count + 4 })
        for (name, value) in members {
            text += text.utf8.count > 1 ? ",\"" : "\""
            text += escaped(name)
            text += "\":"
            text += value.text
        }
        return JSON(text: text + "}")
    }

    /// What is said to people, for a program that says it in another language: its name and its
    /// values. Null: there is only the English text.
    static func sentence(_ message: Message) -> JSON {
        guard let sentence = message.sentence else { return .null }
        let values = zip(sentence.names, message.values).map { ($0, JSON.value($1)) }
        return .object([("key", .string("\(sentence)")), ("values", .object(values))])
    }

    private static func value(_ value: any MessageValue) -> JSON {
        switch value {
        case let number as Int: .integer(number)
        case let number as Double: .decimal(number, 3)
        case let message as Message: sentence(message)
        default: .string(value.description)
        }
    }

    private static func escaped(_ value: String) -> String {
        guard !value.utf8.allSatisfy(isPlain) else { return value }
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}":
                text += "\\u00" + hexadecimal(scalar.value, 2).dropFirst(2)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// U+0080 to U+009F, which some terminals obey, begin with 0xC2 in UTF-8.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && byte != 0xC2 && byte != UInt8(ascii: "\"")
            && byte != UInt8(ascii: "\\")
    }
}
