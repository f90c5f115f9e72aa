// The documents as a whole: README.md is one page from which all others are found, every link leads
// somewhere, and what they name in backquotes is there.

import Foundation
import Testing

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private let pagesOfDocs: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(
        atPath: root.appendingPathComponent("docs").path)
    return (names ?? []).filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
}()

/// For those who change the code.
private let pagesOfTheCode = ["ARCHITECTURE.md", "TESTING.md", "CONTRIBUTING.md"]
private let pagesOfTheRoot = ["README.md", "SECURITY.md"] + pagesOfTheCode

private func text(of path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
}

/// The lines outside of code blocks.
private func prose(of path: String) throws -> [String] {
    var isCode = false
    return try text(of: path).components(separatedBy: "\n").filter { line in
        let isFence = line.hasPrefix("```")
        if isFence { isCode.toggle() }
        return !isCode && !isFence
    }
}

/// The targets of links and pictures that lead to files of this repository.
private func links(of path: String) throws -> [String] {
    let prose = try prose(of: path).joined(separator: "\n")
    return prose.matches(of: /\]\(([^)\s]+)\)|src="([^"]+)"/).map { match in
        String(match.output.1 ?? match.output.2 ?? "")
    }.filter { !$0.contains("://") }
}

/// What a heading is called in a link to it.
private func anchors(of path: String) throws -> [String] {
    try prose(of: path).filter { $0.hasPrefix("#") }.map { heading in
        let words = heading.drop { $0 == "#" }.dropFirst().lowercased()
        return String(
            words.compactMap { letter in
                if letter == " " { return "-" }
                return letter.isLetter || letter.isNumber || "-_".contains(letter) ? letter : nil
            })
    }
}

@Suite struct DocumentLinksTests {
    @Test func readmeIsOnePage() throws {
        let lines = try text(of: "README.md").split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 151, "README.md has \(lines.count - 1) lines")
    }

    @Test func readmeLeadsToEveryPage() throws {
        let files = try links(of: "README.md").map { $0.prefix { $0 != "#" } }
        #expect(!pagesOfDocs.isEmpty)
        for page in pagesOfDocs + pagesOfTheRoot where page != "README.md" {
            #expect(files.contains { $0 == page }, "README.md has no link to \(page)")
        }
    }

    @Test(arguments: pagesOfDocs + pagesOfTheRoot)
    func linksLeadSomewhere(page: String) throws {
        let folder = root.appendingPathComponent(page).deletingLastPathComponent()
        for link in try links(of: page) {
            let parts = link.split(separator: "#", omittingEmptySubsequences: false)
            let name = String(parts[0])
            let file = name.isEmpty ? page : path(of: folder.appendingPathComponent(name))
            let isThere = FileManager.default.fileExists(
                atPath: root.appendingPathComponent(file).path)
            #expect(isThere, "\(page): \(link) leads to no file")
            guard isThere, parts.count > 1 else { continue }
            let isHeading = try anchors(of: file).contains(String(parts[1]))
            #expect(isHeading, "\(page): \(link) leads to no heading")
        }
    }

    private func path(of file: URL) -> String {
        String(file.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count + 1))
    }

    /// Files are named without their folder, so that one may move; not be renamed or removed.
    @Test(arguments: pagesOfTheCode)
    func namedFilesExist(page: String) throws {
        let folders = ["Sources", "Tests", "www", "debian", "homeassistant", "docs"]
        let files = try folders.map { root.appendingPathComponent($0).path }.flatMap {
            try FileManager.default.subpathsOfDirectory(atPath: $0)
        }
        let names = Set(files.compactMap { $0.split(separator: "/").last.map(String.init) })
            .union(["Package.swift"])
        let named = try text(of: page)
            .matches(of: /`([\w+.-]+\.(swift|py|js|html|txt|cfg|json|md|svg))`/)
        for match in named {
            let name = String(match.output.1)
            #expect(names.contains(name), "\(page) names \(name), which is not there")
        }
    }

    @Test(arguments: pagesOfDocs + pagesOfTheRoot)
    func namedTargetsExist(page: String) throws {
        let makefiles = try text(of: "Makefile") + text(of: "Tests/tests.mk")
        let rules = makefiles.matches(of: /(?m)^([a-z][a-z -]*):/)
        let targets = Set(rules.flatMap { $0.output.1.split(separator: " ") })
        for match in try text(of: page).matches(of: /(?m)(?:`|^)make ([a-z][a-z-]*)/) {
            let target = match.output.1
            #expect(targets.contains(target), "\(page) names make \(target), which is not there")
        }
    }

    @Test(arguments: pagesOfDocs)
    func pagesBeginWithTheirTitle(page: String) throws {
        let headings = try prose(of: page).filter { $0.hasPrefix("# ") }
        #expect(headings.count == 1)
        #expect(try text(of: page).hasPrefix("# "))
    }
}
