// Looks through a text before libconfig reads it, for what the library gets wrong in silence or
// dies of. Called by `parse`; follows included files.

/// libconfig 1.5 wraps integers that need more than 32 bits (4294977320 becomes 10024), takes a
/// comment that is never closed, ends at a NUL byte, and ends the process when an included "file"
/// is a directory. Its tokens are told apart here as its scanner does.
struct SourceScan {
    /// libconfig's own limit.
    static let includeDepthLimit = 10
    static let includeLimit = 100

    private let bytes: [UInt8]
    private let path: String
    private var position = 0
    private var line = 1
    private(set) var includes: [(path: String, place: Place)] = []

    private init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// Checks a text and every file that it includes.
    static func check(_ bytes: [UInt8], path: String) throws(ConfigurationError) {
        var included = 0
        try check(bytes, path: path, depth: 0, included: &included)
    }

    private static func check(
        _ bytes: [UInt8], path: String, depth: Int, included: inout Int
    ) throws(ConfigurationError) {
        guard bytes.count <= SourceFile.sizeLimit else {
            throw ConfigurationError(
                place: Place(file: path),
                text: "the file is too large, allowed: \(SourceFile.sizeLimit) bytes")
        }
        var scan = SourceScan(bytes, path: path)
        try scan.run()
        for include in scan.includes {
            included += 1
            guard depth < includeDepthLimit, included <= includeLimit else {
                throw ConfigurationError(
                    place: include.place,
                    text: "too many included files, allowed: \(includeLimit), at most "
                        + "\(includeDepthLimit) inside each other")
            }
            let source = try SourceFile.read(include.path, from: include.place)
            try check(source, path: include.path, depth: depth + 1, included: &included)
        }
    }

    // MARK: Tokens

    private mutating func run() throws(ConfigurationError) {
        var isLineStart = true
        while position < bytes.count {
            if isLineStart { try takeInclude() }
            isLineStart = peek() == UInt8(ascii: "\n")
            try takeToken()
        }
    }

    private mutating func takeToken() throws(ConfigurationError) {
        switch (peek(), peek(1)) {
        case (UInt8(ascii: "#"), _), (UInt8(ascii: "/"), UInt8(ascii: "/")):
            while let byte = peek(), byte != UInt8(ascii: "\n") { try advance() }
        case (UInt8(ascii: "/"), UInt8(ascii: "*")): try takeComment()
        case (UInt8(ascii: "\""), _): _ = try takeText()
        case (let byte?, _) where byte.startsName:
            while let byte = peek(), byte.continuesName { try advance() }
        case (let byte?, let next):
            let isSigned = "+-".utf8.contains(byte) && next?.startsNumber == true
            if byte.startsNumber || isSigned { try takeNumber() } else { try advance() }
        case (nil, _): break
        }
    }

    private mutating func takeComment() throws(ConfigurationError) {
        let start = line
        try advance(2)
        while peek() != UInt8(ascii: "*") || peek(1) != UInt8(ascii: "/") {
            guard position < bytes.count else {
                throw error("a comment /* without its end, allowed: /* comment */", line: start)
            }
            try advance()
        }
        try advance(2)
    }

    /// A text in quotes, without its escapes.
    private mutating func takeText() throws(ConfigurationError) -> [UInt8] {
        let start = line
        var text: [UInt8] = []
        try advance()
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let next = peek(1), "\\\"".utf8.contains(next) {
                try advance()
            }
            if let byte = peek() { text.append(byte) }
            try advance()
        }
        guard position < bytes.count else {
            throw error("a text without its end, allowed: \"text\"", line: start)
        }
        try advance()
        return text
    }

    private mutating func takeInclude() throws(ConfigurationError) {
        let word = Array("@include".utf8)
        let start = bytes[position...].drop { $0.isBlank }
        let rest = start.dropFirst(word.count)
        let quote = rest.drop { $0.isBlank }
        guard start.starts(with: word), rest.first?.isBlank == true,
            quote.first == UInt8(ascii: "\"")
        else { return }
        position = quote.startIndex
        let place = Place(file: path, line: line)
        includes.append((String(decoding: try takeText(), as: UTF8.self), place))
    }

    private mutating func takeNumber() throws(ConfigurationError) {
        let start = position
        if let byte = peek(), "+-".utf8.contains(byte) { try advance() }
        let isHexadecimal =
            bytes[start] == UInt8(ascii: "0") && (peek(1).map { "xX".utf8.contains($0) } ?? false)
            && peek(2)?.isHexadecimalDigit == true
        if isHexadecimal { try advance(2) }
        while let byte = peek(), isHexadecimal ? byte.isHexadecimalDigit : byte.isDigit {
            try advance()
        }
        let digits = String(decoding: bytes[start..<position], as: UTF8.self)
        if !isHexadecimal, try takeFraction() { return }
        let isLong = peek() == UInt8(ascii: "L")
        let number =
            isHexadecimal ? Int(digits.dropFirst(2), radix: 16) : Int(digits, radix: 10)
        guard let number, isLong || Int32(exactly: number) != nil else {
            throw error(
                "\(digits.prefix(40)) is too large, allowed: integers of 32 bits, and of 64 bits "
                    + "with an L behind them",
                line: line)
        }
    }

    /// What makes a number a decimal one: a point, an exponent. Says whether there was any.
    private mutating func takeFraction() throws(ConfigurationError) -> Bool {
        let start = position
        if peek() == UInt8(ascii: ".") {
            try advance()
            while peek()?.isDigit == true { try advance() }
        }
        if let mark = peek(), "eE".utf8.contains(mark) {
            let isSigned = peek(1).map { "+-".utf8.contains($0) } ?? false
            if peek(isSigned ? 2 : 1)?.isDigit == true {
                try advance(isSigned ? 2 : 1)
                while peek()?.isDigit == true { try advance() }
            }
        }
        return position > start
    }

    // MARK: Bytes

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func advance(_ count: Int = 1) throws(ConfigurationError) {
        for _ in 0..<count {
            guard let byte = peek() else { return }
            guard byte != 0 else { throw error("a NUL byte, allowed: text", line: line) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private func error(_ text: String, line: Int) -> ConfigurationError {
        ConfigurationError(place: Place(file: path, line: line), text: text)
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
    fileprivate var startsNumber: Bool { isDigit || self == UInt8(ascii: ".") }
    fileprivate var isHexadecimalDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
    }
    fileprivate var startsName: Bool {
        isLetter || self == UInt8(ascii: "*")
    }
    fileprivate var continuesName: Bool { startsName || isDigit || "-_".utf8.contains(self) }
}
