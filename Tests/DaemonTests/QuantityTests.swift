// Each measured value on each sink: there, or on the list of what is left out on purpose.

import Testing

@testable import Console
@testable import Host
@testable import NUT
@testable import Records
@testable import Report
@testable import UPS

@Suite struct QuantityTests {
    private static let cells: Set<Quantity> = [.cell1, .cell2, .cell3, .cell4]
    private static let whenNew: Set<Quantity> = [.capacitanceWhenNew, .esrWhenNew]
    private static let energies: Set<Quantity> = [.inputEnergy, .outputEnergy]
    private static let ageing: Set<Quantity> = whenNew.union([.capacitance, .esr])

    /// Every value is known.
    private static let snapshot: Snapshot = {
        var snapshot = Snapshot(
            time: BootTime(.seconds(100)), wall: someWall,
            installation: Installation(host: "h", version: "1", started: BootTime(.seconds(1))),
            rating: Rating(), policy: ShutdownPolicy())
        snapshot.link = .ok
        for (index, quantity) in Quantity.allCases.enumerated() {
            snapshot.reading[quantity] = 41 + index
        }
        snapshot.runtime = .seconds(60)
        snapshot.capacitorsWhenNew = CapacitorsWhenNew(
            serial: "1", batteryType: nil, capacitance: Capacitance(millifarads: 900),
            esrMilliohms: 7)
        (snapshot.energyIn, snapshot.energyOut) = (Energy(joules: 7200), Energy(joules: 3600))
        return snapshot
    }()

    private static let status: [String: JSONValue]? = {
        let text = StatusObject.json(snapshot, access: nil)
        guard case .object(let members)? = try? JSONValue(Array(text.utf8)) else { return nil }
        return members
    }()

    @Test(arguments: Quantity.allCases) func isInTheStatusObject(_ quantity: Quantity) throws {
        let value = try #require(QuantityTests.status?[quantity.status.key])
        #expect(value != .null)
    }

    @Test(arguments: Quantity.allCases) func isATopicWithAnEntity(_ quantity: Quantity) throws {
        let topic = MQTTStateTopic.all.first { $0.name == quantity.topic?.name }
        let isLeftOut = QuantityTests.whenNew.contains(quantity)
        #expect((topic == nil) == isLeftOut)
        guard let topic else { return }
        let payload = topic.payload(QuantityTests.snapshot, url: nil)
        #expect(Double(payload) != nil, "\(payload)")
        #expect(topic.entity?.name == quantity.title)
    }

    @Test(arguments: Quantity.allCases) func isAVariableOfNUT(_ quantity: Quantity) {
        #expect((quantity.nutVariables == nil) == QuantityTests.energies.contains(quantity))
        var snapshot = QuantityTests.snapshot
        snapshot.reading.deviceStatus = .powerPresent
        let report = NUTReport(snapshot, names: NUTNames())
        for name in quantity.nutVariables?.names ?? [] {
            #expect(report.value(of: name).flatMap { Double($0) } != nil, "\(name)")
        }
    }

    @Test(arguments: Quantity.allCases) func isANISRecord(_ quantity: Quantity) {
        let isLeftOut = QuantityTests.cells.union(QuantityTests.ageing)
            .union(QuantityTests.energies).union([.inputPower, .outputPower]).contains(quantity)
        let keys = NISStatus(QuantityTests.snapshot).records.map(\.key)
        #expect((quantity.nisRecord == nil) == isLeftOut)
        #expect(quantity.nisRecord.map { keys.contains($0.key) } ?? true)
    }

    @Test(arguments: Quantity.allCases) func isAMetric(_ quantity: Quantity) {
        let text = Metrics.text(QuantityTests.snapshot, SinkCounters())
        let label = quantity.cell.map { "{cell=\"\($0)\"}" } ?? ""
        #expect(text.contains("\nups_\(quantity.metric.name)\(label) "))
    }

    @Test(arguments: Quantity.allCases) func isAColumnOfTheLog(_ quantity: Quantity) throws {
        let isLeftOut = QuantityTests.ageing.union(QuantityTests.energies).union([.runtime])
            .contains(quantity)
        let snapshot = QuantityTests.snapshot
        let row = MeasurementRow(
            reading: snapshot.reading, nominalPower: snapshot.rating.nominalPower,
            wall: snapshot.wall)
        let names = MeasurementRow.header.dropLast().split(separator: ";").map(String.init)
        let fields = row.text(utcOffset: 0).dropLast()
            .split(separator: ";", omittingEmptySubsequences: false)
        let column = names.firstIndex { $0 == quantity.csvColumn?.name }
        #expect((column == nil) == isLeftOut)
        if let column { #expect(!fields[column].isEmpty) }
    }

    @Test(arguments: Quantity.allCases) func isInTheTerminal(_ quantity: Quantity) throws {
        let members = try #require(QuantityTests.status)
        let lines = StatusTable(members).lines + FullTable(members).lines
        let value = try #require(StatusValues(members).text(quantity))
        // The runtime stands beside the charge, in minutes.
        let shown = quantity == .runtime ? "60 s left" : value
        #expect(lines.contains { $0.plain.contains(shown) }, "\(shown)")
    }

    @Test(arguments: Quantity.allCases) func isInTheHistory(_ quantity: Quantity) {
        let isLeftOut = QuantityTests.ageing.union(QuantityTests.energies).union([.runtime])
            .contains(quantity)
        #expect(Quantity.historyColumns.contains(quantity) != isLeftOut)
        var history = History()
        history.add(QuantityTests.snapshot.reading, at: QuantityTests.snapshot.time)
        let bytes = HistoryObject.json(history, QuantityTests.snapshot, seconds: 10)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"\(quantity.status.key)\"") != isLeftOut)
        #expect(!text.contains("null"))
    }

    @Test(arguments: Quantity.allCases) func isOnThePage(_ quantity: Quantity) throws {
        let key = quantity.status.key
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let texts = ["index.html", "scripts/capacitors.js"].compactMap {
            readSmallFile("/\(root)/www/\($0)", limit: 1 << 20)
        }
        #expect(texts.count == 2)
        let ways = ["data-key=\"\(key)\"", "'\(key)'", "values?.\(key)"]
        #expect(texts.contains { text in ways.contains { text.contains($0) } }, "\(key)")
    }

    /// In the order of a row, one place each.
    @Test func placesOfTheHistory() {
        #expect(SampleRing.kept.map(\.historyPlace) == Array(0..<SampleRing.kept.count))
    }
}
