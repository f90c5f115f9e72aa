// JSON from outside, read strictly by RFC 8259. Called by CommandText and by all else that
// reads JSON from outside. JSONDecoder is not used on such text: with Swift 6.0 a control character
// in a name ends the process.

/// A name that stands twice in an object is malformed: which one was meant is not known.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    package struct Malformed: Error {}

    /// Arrays and objects in each other.
    static let deepest = 16

    /// The caller has limited the length.
    package init(_ text: some Collection<UInt8>) throws(Malformed) {
        guard String(validating: text, as: UTF8.self) != nil else { throw Malformed() }
        var reader = JSONReader(bytes: [UInt8](text))
        self = try reader.document()
    }

    /// Nil: no number, not a whole one, or larger than can be counted.
    package var integer: Int? {
        if case .number(let value) = self { Int(exactly: value) } else { nil }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }
}

private struct JSONReader {
    typealias Malformed = JSONValue.Malformed

    let bytes: [UInt8]
    var position = 0

    mutating func document() throws(Malformed) -> JSONValue {
        let value = try value(depth: 0)
        skipBlanks()
        guard next == nil else { throw Malformed() }
        return value
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func members(depth: Int) throws(Malformed) -> [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        try list(until: "}", depth: depth) { (reader) throws(Malformed) in
            reader.skipBlanks()
            let name = try reader.string()
            reader.skipBlanks()
            guard reader.take(":"), members[name] == nil else { throw Malformed() }
            members[name] = try reader.value(depth: depth)
        }
        return members
    }

    private mutating func elements(depth: Int) throws(Malformed) -> [JSONValue] {
        var elements: [JSONValue] = []
        try list(until: "]", depth: depth) { (reader) throws(Malformed) in
            elements.append(try reader.value(depth: depth))
        }
        return elements
    }

    /// From the opening to the closing bracket, with commas between the items.
    private mutating func list(
        until end: Unicode.Scalar, depth: Int,
        item: (inout JSONReader) throws(Malformed) -> Void
    ) throws(Malformed) {
        guard depth <= JSONValue.deepest else { throw Malformed() }
        position += 1
        skipBlanks()
        if take(end) { return }
        repeat {
            try item(&self)
            skipBlanks()
        } while take(",")
        guard take(end) else { throw Malformed() }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Malformed) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw Malformed() }
        position += word.utf8.count
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(Malformed) -> Double {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw Malformed()
        }
        return value
    }

    private mutating func digits() throws(Malformed) {
        let start = position
        while let byte = next, ("0"..."9").contains(Unicode.Scalar(byte)) { position += 1 }
        guard position > start else { throw Malformed() }
    }

    // MARK: Strings

    private mutating func string() throws(Malformed) -> String {
        guard take("\"") else { throw Malformed() }
        var text: [UInt8] = []
        while let byte = next, byte >= 0x20 {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += String(try escape()).utf8
            default: text.append(byte)
            }
        }
        throw Malformed()
    }

    private mutating func escape() throws(Malformed) -> Unicode.Scalar {
        guard let byte = next else { throw Malformed() }
        position += 1
        switch Unicode.Scalar(byte) {
        case "\"", "\\", "/": return Unicode.Scalar(byte)
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "u": return try scalar()
        default: throw Malformed()
        }
    }

    /// One UTF-16 unit, or two that belong together.
    private mutating func scalar() throws(Malformed) -> Unicode.Scalar {
        let first = try unit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else { throw Malformed() }
        let second = try unit()
        let pair = (UInt32(first) - 0xD800) << 10 + UInt32(second & 0x3FF) + 0x10000
        guard UTF16.isTrailSurrogate(second), let scalar = Unicode.Scalar(pair) else {
            throw Malformed()
        }
        return scalar
    }

    private mutating func unit() throws(Malformed) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw Malformed()
            }
            position += 1
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    // MARK: Bytes

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: expected) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }
}

extension JSONValue {
    /// As a text again, the members sorted by name.
    package var json: String { written.text }

    private var written: JSON {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): integer.map { .integer($0) } ?? JSON(text: "\(value)")
        case .string(let value): .string(value)
        case .array(let values): .array(values.map(\.written))
        case .object(let members):
            .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.written) })
        }
    }
}
