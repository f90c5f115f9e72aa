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
    /// The rooms that decide, and those that put it into words, cannot block; in the loop only what is
    /// handed in could.
    private static let pure: [String: Set<String>] = [
        "UPS": [], "Bicker": [], "Decision": [], "Monitoring": [], "Simulator": [],
        "Report": ["FoundationEssentials"], "NUT": [], "Loop": ["Synchronization"],
    ]
    private static let system: Set = ["Glibc", "Synchronization", "FoundationEssentials"]

    /// {room: what it may import}, by the table in ARCHITECTURE.md.
    private static let rooms: [String: Set<String>] = {
        let page = try? String(
            contentsOf: root.appendingPathComponent("ARCHITECTURE.md"), encoding: .utf8)
        let rows = (page ?? "").matches(of: /(?m)^\| `([A-Z]\w+)` \| [^|]+ \| ([^|]+) \|$/)
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let names = row.output.2.split(separator: ", ").map { String($0) }
                return (String(row.output.1), names == ["nothing"] ? [] : Set(names))
            })
    }()

    /// All but the wiring, which sees them all.
    private static let walled = rooms.keys.filter { $0 != "Daemon" }.sorted()

    @Test func roomsAreThoseOfTheTable() throws {
        let folders = try files(in: "Sources").map { $0.description.split(separator: "/")[1] }
        #expect(Set(folders.map { String($0) }) == Set(TidyTests.rooms.keys))
    }

    /// Nothing more than the table says, and nothing that it says in vain.
    @Test(arguments: walled) func arrowsAreThoseOfTheTable(room: String) throws {
        let sources = try files(in: "Sources/\(room)")
        #expect(!sources.isEmpty)
        let allowed = try #require(TidyTests.rooms[room])
        let free = TidyTests.pure[room] ?? TidyTests.system
        for file in sources {
            #expect(Set(file.imports).subtracting(allowed).subtracting(free) == [], "\(file)")
        }
        let used = sources.reduce(into: Set<String>()) { $0.formUnion($1.imports) }
        #expect(allowed.subtracting(used) == [])
    }

    @Test func nobodyImportsAllOfFoundation() throws {
        for file in try files(in: "Sources") {
            #expect(!file.imports.contains("Foundation"), "\(file)")
        }
    }

    /// Each C library is touched by one room.
    @Test(arguments: ["CLibConfig", "CWebSockets", "CMosquitto", "CZlib"])
    func librariesStayInTheirRoom(module: String) throws {
        let users = try files(in: "Sources").filter { $0.imports.contains(module) }
        let rooms = Set(users.map { $0.description.split(separator: "/")[1] })
        #expect(rooms.count == 1, "\(rooms)")
    }

    @Test func foldersStaySmall() throws {
        let all = try files(in: "Sources")
        let folders = Dictionary(
            grouping: all, by: { $0.description.split(separator: "/").dropLast() })
        for (folder, files) in folders { #expect(files.count <= 20, "\(folder)") }
    }

    @Test func filesStaySmall() throws {
        for file in try files(in: "Sources") + files(in: "Tests") + files(in: "www", ".js") {
            #expect(file.lines.count <= 301, "\(file) has \(file.lines.count - 1) lines")
            if file.description.hasPrefix("Sources") {
                #expect(file.lines[0].hasPrefix("//"), "\(file) does not say what it is")
            }
        }
    }

    /// Extensions (`Type+Subject`) and files of functions apart.
    @Test func filesCarryTheNameOfTheirType() throws {
        for file in try files(in: "Sources") {
            let name = file.description.split(separator: "/").last.map { $0.dropLast(6) } ?? ""
            let types = file.lines.compactMap { line in
                line.firstMatch(of: /^(?:[a-z@]+ )*(?:struct|class|enum|protocol|typealias) (\w+)/)
                    .map { String($0.output.1) }
            }
            let isNamed = types.isEmpty || types.contains(String(name)) || name.contains("+")
            #expect(isNamed, "\(file) holds \(types.joined(separator: ", "))")
        }
    }

    /// From its first line to the brace at the same depth.
    @Test func functionsStayShort() throws {
        for file in try files(in: "Sources") {
            for (start, line) in file.lines.enumerated() {
                guard
                    let match = line.firstMatch(of: /^( *)(?:[a-z@]+(?:\(set\))? )*(?:func|init)\b/)
                else { continue }
                let brace = match.output.1 + "}"
                let end = file.lines[start...].firstIndex { $0 == brace } ?? start
                #expect(end - start < 50, "\(file):\(start + 1) has \(end - start + 1) lines")
            }
        }
    }

    /// By name: what stands in no other place of the code is used by nobody. What the simulated UPS
    /// can be made to do is there for the tests.
    @Test func everyDeclarationIsUsed() throws {
        let declaration =
            /^ *(?:[a-z@]+(?:\(\w+\))? )*(?:func|var|let|struct|enum|class|protocol|typealias) (\w+)/
        let sources = try files(in: "Sources")
        let uses = uses(in: sources)
        let usesInTests = self.uses(in: try files(in: "Tests/SimulationTests"))
        for file in sources {
            let isSimulator = file.description.hasPrefix("Sources/Simulator")
            for (number, line) in file.lines.enumerated() {
                guard let name = line.firstMatch(of: declaration)?.output.1 else { continue }
                let count = uses[name, default: 0] + (isSimulator ? usesInTests[name] ?? 0 : 0)
                let isCalled = TidyTests.calledByLibraries.contains(String(name))
                #expect(count > 1 || isCalled, "\(file):\(number + 1): \(name)")
            }
        }
    }

    /// {a word: how often it stands in the code, without comments}
    private func uses(in files: [SourceFile]) -> [Substring: Int] {
        files.flatMap(\.lines).reduce(into: [:]) { uses, line in
            let code = line.firstMatch(of: /^(.*?)(?:^|\s)\/\//)?.output.1 ?? line[...]
            for word in code.matches(of: /\w+/) { uses[word.output, default: 0] += 1 }
        }
    }

    /// ArgumentParser calls it.
    private static let calledByLibraries: Set = ["validate"]

    @Test func nothingIsLeftOpen() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in try files(in: "Sources") + files(in: "Tests") {
            let open = file.lines.filter { line in marks.contains { line.contains($0) } }
            #expect(open == [], "\(file)")
        }
    }
}
