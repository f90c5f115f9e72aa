// What the compiler cannot forbid: which room may import what, and how long a file may grow.

import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private struct SourceFile: CustomStringConvertible {
    let description: String
    let lines: [String]

    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let position = words.firstIndex(of: "import"), position <= 2 else { return nil }
            return words.dropFirst(position + 1).first.map(String.init)
        }
    }
}

private func files(in folder: String, _ ending: String = ".swift") throws -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    let paths = try FileManager.default.subpathsOfDirectory(atPath: base.path)
    return try paths.filter { $0.hasSuffix(ending) && !isLink(base, $0) }.map { path in
        let text = try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8)
        return SourceFile(
            description: "\(folder)/\(path)", lines: text.components(separatedBy: "\n"))
    }
}

/// What a link leads to is not ours.
private func isLink(_ base: URL, _ path: String) -> Bool {
    let file = base.appendingPathComponent(path).path
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: file)) != nil
}

@Suite struct TidyTests {
    /// The rooms that decide, and those that put it into words, cannot block.
    @Test(arguments: ["UPS", "Report", "Simulator"])
    func pureRoomsTouchNothing(room: String) throws {
        let allowed: Set = ["UPS", "FoundationEssentials"]
        let sources = try files(in: "Sources/\(room)")
        #expect(!sources.isEmpty)
        for file in sources {
            #expect(Set(file.imports).subtracting(allowed) == [], "\(file)")
        }
        if room == "UPS" { #expect(sources.allSatisfy { $0.imports.isEmpty }) }
    }

    @Test func nobodyImportsAllOfFoundation() throws {
        for file in try files(in: "Sources") {
            #expect(!file.imports.contains("Foundation"), "\(file)")
        }
    }

    /// Each C library is touched by one room.
    @Test(arguments: [
        ("CLibConfig", "Configuration"), ("CWebSockets", "Web"), ("CMosquitto", "MQTT"),
        ("CZlib", "Web"), ("CSystem", "Daemon"),
    ])
    func librariesStayInTheirRoom(module: String, room: String) throws {
        let users = try files(in: "Sources").filter { $0.imports.contains(module) }
        #expect(!users.isEmpty)
        for file in users {
            #expect(file.description.hasPrefix("Sources/\(room)/"), "\(file) imports \(module)")
        }
    }

    @Test func filesStaySmall() throws {
        for file in try files(in: "Sources") + files(in: "Tests") + files(in: "www", ".js") {
            #expect(file.lines.count <= 301, "\(file) has \(file.lines.count - 1) lines")
            if file.description.hasPrefix("Sources") {
                #expect(file.lines[0].hasPrefix("//"), "\(file) does not say what it is")
            }
        }
    }

    @Test func nothingIsLeftOpen() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in try files(in: "Sources") + files(in: "Tests") {
            let open = file.lines.filter { line in marks.contains { line.contains($0) } }
            #expect(open == [], "\(file)")
        }
    }
}
