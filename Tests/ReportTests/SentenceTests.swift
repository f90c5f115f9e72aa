import Foundation
import Testing

@testable import UPS

@Suite struct SentenceTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func theTextHasTheValues() {
        let answer = Message(.delayTooShort, Origin.control.message, 15)
        #expect(answer.text == "Over the control socket a delay may not be below 15 s.")
        #expect(answer.sentence?.names == ["origin", "least"])
        let refused = Message(.refused, "delay", Origin.port.message, answer)
        #expect(refused.text == "Refused delay from the dashboard: \(answer.text)")
        #expect(Message(.contradictionAbsent, 11.84).text.contains("measures 11.84 V;"))
        #expect(Message(.brokerLost, "a{b}c", "{reason} }").text.hasSuffix(" a{b}c: {reason} }"))
        #expect(Message(.cancelled).text == "Cancelled." && Message("free").sentence == nil)
    }

    /// What is shown in another language needs the same values.
    @Test func germanHasEverySentence() throws {
        let path = "www/languages/de.js"
        let file = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        let block = try #require(file.split(separator: "export const sentences = {").last)
        let entries = block.replacing(/'\s*\+ '/, with: "").matches(of: /\n  (\w+): '([^'\n]+)',/)
        let german = Dictionary(uniqueKeysWithValues: entries.map { ("\($0.1)", "\($0.2)") })
        #expect(Set(german.keys) == Set(Sentence.allCases.map { "\($0)" }))
        for sentence in Sentence.allCases {
            let names = (german["\(sentence)"] ?? "").matches(of: /\{(\w+)\}/).map { "\($0.1)" }
            #expect(names.sorted() == sentence.names.sorted(), "\(sentence)")
            #expect(Set(names).count == names.count, "\(sentence)")
        }
    }

    /// The compiler does not count the values of a sentence.
    @Test func everyUseHasTheValues() throws {
        var unused = Set(Sentence.allCases.map { "\($0)" })
        for source in try sources() {
            for name in source.matches(of: /\.(\w+)/) { unused.remove("\(name.1)") }
            for use in source.split(separator: "Message(", omittingEmptySubsequences: false)
                .dropFirst()
            {
                let arguments = arguments(use)
                let names = (arguments.first ?? "").matches(of: /(?:^|[?:] )\.(\w+)/)
                for name in names {
                    let sentence = Sentence.allCases.first { "\($0)" == "\(name.1)" }
                    #expect(sentence?.names.count == arguments.count - 1, "\(arguments)")
                }
            }
        }
        #expect(unused == [])
    }

    private func sources() throws -> [String] {
        let folder = Self.root.appendingPathComponent("Sources")
        return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".swift") && !$0.hasSuffix("/Sentence.swift") }
            .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
    }

    /// To the parenthesis that closes the call.
    private func arguments(_ text: Substring) -> [String] {
        var (depth, arguments) = (0, [""])
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if depth < 0 { break }
            if character == ",", depth == 0 {
                arguments.append("")
            } else {
                arguments[arguments.count - 1].append(character)
            }
        }
        return arguments.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
    }
}
