// What holds without a word in the file, and what the documented and the shipped file say.

import Testing
import UPS

@testable import Configuration

@Test func anEmptyFileGivesTheDefaults() throws {
    let parsed = try Configuration.parse("", path: "x.cfg")
    let (configuration, warnings) = (parsed.configuration, parsed.warnings)
    #expect(configuration == Configuration())
    #expect(configuration.broker == nil)
    #expect(warnings.isEmpty)
}

@Test func theDocumentedDefaultsAreTheDefaults() throws {
    let parsed = try Configuration.parse(documentedDefaults, path: "x.cfg")
    let (configuration, warnings) = (parsed.configuration, parsed.warnings)
    var expected = Configuration()
    expected.broker = Configuration.Broker()
    #expect(configuration == expected)
    #expect(warnings.isEmpty)
}

@Test func theDefaultsFitTheUPS() {
    let configuration = Configuration()
    #expect(configuration.policy == ShutdownPolicy())
    #expect(configuration.rating == Rating())
    #expect(configuration.intervals == PollIntervals())
    #expect(configuration.standingProblem == nil)
    #expect(configuration.warnings(at: [:]).isEmpty)
}

private let sample: String = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/\(root)/debian/ups-server.cfg"
}()

@Test func theShippedFileHoldsTheDefaultsWithMQTT() throws {
    let parsed = try Configuration.read(path: sample)
    let (configuration, warnings) = (parsed.configuration, parsed.warnings)
    var expected = Configuration()
    expected.broker = Configuration.Broker()
    #expect(configuration == expected)
    #expect(warnings.isEmpty)
}

/// A comment may show a setting too.
@Test func theShippedFileShowsEveryKey() throws {
    let lines = String(decoding: try SourceFile.read(sample), as: UTF8.self)
        .split(separator: "\n").map { $0.drop { " #".contains($0) } }
    for path in Keys.paths {
        let name = path.split(separator: ".").last ?? ""
        #expect(lines.contains { $0.hasPrefix("\(name) = ") }, "\(path)")
    }
}
