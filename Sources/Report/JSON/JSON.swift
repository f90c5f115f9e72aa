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
        var pieces = ["{"]
        pieces.reserveCapacity(members.count * 4 + 1)
        for (name, value) in members {
            pieces.append(pieces.count > 1 ? ",\"" : "\"")
            pieces.append(escaped(name))
            pieces.append("\":")
            pieces.append(value.text)
        }
        pieces.append("}")
        return JSON(text: joined(pieces))
    }

    /// In one piece of memory: a status object has some hundred pieces, once a second.
    private static func joined(_ pieces: [String]) -> String {
        let count = pieces.reduce(0) { $0 + $1.utf8.count }
        return String(unsafeUninitializedCapacity: count) { buffer in
            var end = 0
            for var piece in pieces {
                piece.withUTF8 { end = buffer[end...].initialize(fromContentsOf: $0) }
            }
            return end
        }
    }

    private static func quoted(_ value: String) -> String {
        "\"" + escaped(value) + "\""
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
