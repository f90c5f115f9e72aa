// The tables of docs/ against the code: nothing is missing in them, and nothing stands there that is
// not true any more. DocumentLinksTests looks at the links.

import Testing

@testable import Configuration
@testable import Daemon
@testable import Host
@testable import NUT
@testable import Report
@testable import UPS

@Suite struct DocumentsTests {
    private func lines(of page: String) throws -> [String] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try #require(readSmallFile("/\(root)/docs/\(page)", limit: 1 << 20), "\(page)")
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// From a heading to the next one that is not below it.
    private func section(_ heading: String, of page: String) throws -> ArraySlice<String> {
        let lines = try lines(of: page)
        let start = try #require(lines.firstIndex(of: heading), "\(heading) is missing in \(page)")
        let level = heading.prefix { $0 == "#" }.count
        let rest = lines[(start + 1)...]
        let end = rest.firstIndex { line in
            let marks = line.prefix { $0 == "#" }.count
            return marks > 0 && marks <= level && line.dropFirst(marks).first == " "
        }
        return rest[..<(end ?? rest.endIndex)]
    }

    /// What stands in backquotes in the first columns of the tables below a heading.
    private func names(below heading: String, of page: String) throws -> [String] {
        try section(heading, of: page).flatMap { line -> [String] in
            guard line.hasPrefix("| `") else { return [] }
            let cell = line.dropFirst().prefix { $0 != "|" }
            let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
            return parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
        }
    }

    private func expect<Root>(_ group: KeyGroup<Root>, defaults: Root) throws {
        let heading = "## `\(group.path)`"
        let rows = try section(heading, of: "configuration.md").filter { $0.hasPrefix("| `") }
        #expect(rows.count == group.keys.count, "\(heading)")
        for (row, key) in zip(rows, group.keys) {
            let start = "| `\(key.name)` | `\(key.load(defaults).written)` | \(key.allowed) | "
            #expect(row.hasPrefix(start), "\(heading): \(start)")
        }
    }

    @Test func configuration() throws {
        for group in Keys.groups { try expect(group, defaults: Configuration()) }
        try expect(Keys.mqtt, defaults: Configuration.Broker())
        try expect(Keys.tls, defaults: Configuration.TLS())
        try expect(Keys.nut, defaults: Configuration.NUT())
    }

    @Test func events() throws {
        let names = try names(below: "## Events", of: "http.md")
        #expect(names.sorted() == Event.Name.allCases.map(\.rawValue).sorted())
    }

    @Test func topics() throws {
        let topics = MQTTTopics(prefix: "ups", id: "x")
        let others = [topics.availability, topics.event, topics.command, topics.commandResult]
        let all =
            others.map { String($0.dropFirst(topics.base.count + 1)) }
            + MQTTStateTopic.all.map(\.name)
        #expect(try names(below: "# MQTT", of: "mqtt.md").sorted() == all.sorted())
    }

    @Test func variablesOfNUT() throws {
        let names = try names(below: "## The variables", of: "nut.md")
        #expect(names.sorted() == NUTVariable.all.map(\.name))
    }

    @Test func statusObject() throws {
        let text = StatusObject.json(fullSnapshot, access: .allowed)
        guard case .object(let status) = try JSONValue(text.utf8),
            case .object(let shutdown)? = status["shutdown"]
        else {
            Issue.record("no object: \(text)")
            return
        }
        let all = Array(status.keys) + Array(shutdown.keys)
        let names = try names(below: "## The status object", of: "http.md")
        #expect(names.sorted() == all.sorted())
    }

    @Test func wordsOfTheStatus() throws {
        let text = try section("## The status object", of: "http.md").joined(separator: "\n")
        let words =
            Status.allCases.map(\.rawValue) + Link.allCases.map(\.rawValue)
            + Phase.allCases.map(\.rawValue) + Reason.allCases.map(\.rawValue)
        for word in words { #expect(text.contains("`\(word)`"), "\(word)") }
    }

    @Test func nisKeys() throws {
        let keys = NISStatus(fullSnapshot).records.map(\.key)
        #expect(try names(below: "# NIS", of: "nis.md").sorted() == (["APC"] + keys).sorted())
        var lost = fullSnapshot
        lost.link = .lost
        let table = try section("# NIS", of: "nis.md").joined(separator: "\n")
        let remaining = Set(NISStatus(lost).records.map(\.key))
        for key in keys {
            #expect(table.contains("`\(key)`*") == remaining.contains(key), "\(key)")
        }
    }

    @Test func metrics() throws {
        let names = try names(below: "# Metrics", of: "metrics.md")
        #expect(names.sorted() == Metric.all.map(\.name).sorted())
    }

    @Test func subcommands() throws {
        let text = try section("# Command line", of: "command-line.md").joined(separator: "\n")
        let all = UPSServer.configuration.subcommands.map { $0.configuration }
        for name in all.filter(\.shouldDisplay).compactMap(\.commandName) where name != "run" {
            #expect(text.contains("| `\(name)"), "\(name)")
        }
    }

    @Test func settings() throws {
        let names = try names(below: "## Settings of the UPS", of: "http.md")
        #expect(names.sorted() == SettingName.allCases.map(\.rawValue).sorted())
    }

    /// Comments in the code refer to the numbers.
    @Test func rules() throws {
        let numbers = try section("# The rules", of: "rules.md").compactMap { line -> Int? in
            let number = line.prefix { $0.isNumber }
            return line.dropFirst(number.count).hasPrefix(". ") ? Int(number) : nil
        }
        #expect(numbers == Array(1...16))
    }

    /// Everything is known.
    private var fullSnapshot: Snapshot {
        var snapshot = Snapshot(
            time: BootTime(.seconds(100)), wall: someWall,
            installation: Installation(host: "h", version: "1", started: BootTime(.seconds(1))),
            rating: Rating(), policy: ShutdownPolicy())
        snapshot.link = .ok
        snapshot.runtime = .seconds(60)
        snapshot.problems = ["Something"]
        let volts = Voltage(volts: 10)
        let amperes = Current(milliamperes: 1000)
        var reading = Reading()
        reading.deviceStatus = .powerPresent
        (reading.inputVoltage, reading.inputCurrent) = (volts, amperes)
        (reading.outputVoltage, reading.outputCurrent) = (volts, amperes)
        (reading.batteryVoltage, reading.batteryCurrent) = (volts, amperes)
        (reading.batteryCharge, reading.temperatureCelsius) = (100, 20)
        (reading.chargeStatus, reading.monitorStatus) = ([], [])
        snapshot.reading = reading
        return snapshot
    }
}
