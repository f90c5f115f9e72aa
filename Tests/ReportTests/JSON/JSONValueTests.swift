// Strict reading of JSON: what RFC 8259 allows is read, everything else is refused.

import Testing

@testable import Report

@Suite struct JSONValueTests {
    @Test(
        arguments: [
            ("null", .null), ("true", .bool(true)), (" false\r\n", .bool(false)),
            ("0", .number(0)), ("-0.5e+1", .number(-5)), ("12E2", .number(1200)),
            ("1e400", .number(.infinity)), ("\t[ ]", .array([])), ("{ }", .object([:])),
            ("[1,[2,{}]]", .array([.number(1), .array([.number(2), .object([:])])])),
            (#"{"a":1 , "b" : [null]}"#, .object(["a": .number(1), "b": .array([.null])])),
            (
                #""\"\\\/\b\f\n\r\t\u00e9\uD83D\udd0cü""#,
                .string("\"\\/\u{8}\u{C}\n\r\té\u{1F50C}ü")
            ),
            ("\"\u{7F}\"", .string("\u{7F}")), (#""\u0000""#, .string("\0")),
        ] as [(String, JSONValue)])
    func allowed(_ text: String, _ expected: JSONValue) throws {
        #expect(try JSONValue(text.utf8) == expected)
    }

    /// A terminal may obey what is left of them.
    @Test func controlCharactersAreEscaped() throws {
        for code in Array(0..<0x20) + Array(0x7F..<0xA0) as [UInt32] {
            let text = "a\(try #require(Unicode.Scalar(code)))é"
            let written = JSON.string(text).text
            let isVisible = written.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
            }
            #expect(isVisible, "\(code)")
            #expect(try JSONValue(written.utf8) == .string(text))
        }
        #expect(JSON.string("\u{A0}Â©").text == "\"\u{A0}Â©\"")
    }

    @Test(arguments: [
        "", " ", "nul", "True", "nullx", "+1", "-", ".5", "1.", "01", "1e", "1e+", "0x1", "NaN",
        "1 2", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{", #"{"a"}"#, #"{"a":}"#,
        #"{"a":1,}"#, #"{a:1}"#, "{1:1}", #"{"a":1 "b":2}"#, #"{"a":1,"a":2}"#, "\"", "\"a",
        #""\x""#, #""\u12""#, #""\u12G4""#, #""\uD83D""#, #""\uD83Dx""#, #""\uD83D\u0041""#,
        #""\udd0c""#, "\"\n\"", "\"\0\"", "'a'", "/**/1", "1//", "\u{FEFF}1",
    ])
    func malformed(_ text: String) {
        #expect(throws: JSONValue.Malformed.self) { try JSONValue(text.utf8) }
    }

    @Test func depthHasALimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(nested(JSONValue.deepest).utf8)
        let tooDeep = nested(JSONValue.deepest + 1)
        #expect(throws: JSONValue.Malformed.self) { try JSONValue(tooDeep.utf8) }
        let bottomless = String(repeating: #"{"a":"#, count: 1_000_000)
        #expect(throws: JSONValue.Malformed.self) { try JSONValue(bottomless.utf8) }
    }

    @Test(
        arguments: [
            ("300", 300), ("-7", -7), ("3e2", 300), ("2.0", 2), ("2.5", nil), ("1e19", nil),
            ("1e400", nil), ("\"3\"", nil), ("true", nil),
            ("9007199254740992", 9_007_199_254_740_992),
        ] as [(String, Int?)])
    func integers(_ text: String, _ expected: Int?) throws {
        #expect(try JSONValue(text.utf8).integer == expected)
    }

    /// Whatever is written can be read.
    @Test func roundTrip() throws {
        let text = (0...0x2FF).compactMap { Unicode.Scalar($0).map(String.init) }.joined()
        let written = JSON.object([
            ("a\"", .string(text)), ("b", .array([.bool(true), .null, .decimal(-1.25, 2)])),
            ("c", .integer(Int64.max)),
        ])
        let expected: [String: JSONValue] = [
            "a\"": .string(text), "b": .array([.bool(true), .null, .number(-1.25)]),
            "c": .number(9.223372036854775807e18),
        ]
        #expect(try JSONValue(written.text.utf8) == .object(expected))
    }
}
