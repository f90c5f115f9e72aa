// JSON being written: what is unknown is null, and members stay in the order in which they are
// given. JSONValue reads.

/// A JSON text, whole and valid.
struct JSON {
    let text: String

    static let null = JSON(text: "null")

    static func bool(_ value: Bool) -> JSON {
        JSON(text: value ? "true" : "false")
    }

    static func integer(_ value: (some BinaryInteger)?) -> JSON {
        value.map { JSON(text: "\($0)") } ?? .null
    }

    static func decimal(_ value: Double?, _ decimals: Int) -> JSON {
        guard let value, value.isFinite else { return .null }
        return JSON(text: "\(rounded(value, decimals))")
    }

    static func string(_ value: String?) -> JSON {
        value.map { JSON(text: quoted($0)) } ?? .null
    }

    static func array(_ elements: [JSON]) -> JSON {
        JSON(text: "[" + elements.map(\.text).joined(separator: ",") + "]")
    }

    static func object(_ members: [(String, JSON)]) -> JSON {
        let texts = members.map { name, value in "\(quoted(name)):\(value.text)" }
        return JSON(text: "{" + texts.joined(separator: ",") + "}")
    }

    private static func quoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                text += "\\u00" + hexadecimal(scalar.value, 2).dropFirst(2)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
