// The past outages over a restart, on disk.

import Glibc
import Report
import Testing
import UPS

@testable import Console
@testable import Daemon
@testable import Records

@Suite struct OutageStoreTests {
    private let folder = TemporaryFolder()
    private let wall = WallTime(nanoseconds: 1_800_000_000_000_000_000)
    private let now = BootTime(.seconds(500))

    private func keep(_ book: OutageBook) throws {
        let recorder = try Recorder(
            eventLog: nil, measurementFolder: nil,
            logDescriptor: open("/dev/null", O_WRONLY | O_CLOEXEC))
        OutageStore(folder: folder.path).keep(book, at: now, wall: wall, by: recorder)
        #expect(recorder.flush(within: .seconds(5)))
    }

    @Test func whatIsKeptIsReadBack() throws {
        var whole = PastOutage(incident: "1f0c8b52-3", from: BootTime(.seconds(-90_000)))
        whole.to = BootTime(.seconds(-89_950))
        (whole.lowestCharge, whole.reason, whole.end) = (61, .lowCharge, .forced)
        (whole.isDrill, whole.isDryRun) = (true, true)
        let open = PastOutage(incident: "1f0c8b52-4", from: BootTime(.seconds(499)))
        try keep(OutageBook([whole, open]))
        let store = OutageStore(folder: folder.path)
        #expect(store.load(at: now, wall: wall).outages == [whole, open])
        // After a boot an hour later.
        let later = WallTime(nanoseconds: wall.nanoseconds + 3_600_000_000_000)
        let moved = store.load(at: BootTime(.seconds(10)), wall: later).outages
        #expect(moved.map(\.from) == [whole.from, open.from].map { $0 - .seconds(490 + 3600) })
    }

    @Test func whatIsNotUnderstoodIsLeftOut() throws {
        folder.write(
            """
            {"incident":"a-1","from":1799999000,"to":null,"end":"returned","lowestCharge":101}
            nonsense
            {"incident":"a-2","from":-1}
            {"from":1799999000}
            {"incident":"a-5","from":9799999000}
            {"incident":"a-3","from":1799999000,"reason":"whim","end":"exploded"}
            {"incident":"a-4","from":17999
            """, to: OutageStore.name)
        let outages = OutageStore(folder: folder.path).load(at: now, wall: wall).outages
        #expect(outages.map(\.incident) == ["a-1", "a-3"])
        #expect(outages.allSatisfy { $0.lowestCharge == nil && $0.reason == nil })
        #expect(outages.map(\.end) == [.returned, nil])
        #expect(OutageStore(folder: "/nowhere").load(at: now, wall: wall).outages == [])
    }

    @Test(arguments: [
        (
            #""to":"2026-11-22T15:05:09Z","end":"returned","lowestCharge":88"#,
            "64 s       to 88 %     power came back"
        ),
        (
            #""to":null,"end":"committed","reason":"time""#,
            "shut down, because the delay is over"
        ),
        (
            #""to":null,"end":"forced","reason":"time","dryRun":true"#,
            "shut down, because the delay is over, and ended by force  dry run"
        ),
        (#""to":null,"end":null,"drill":true"#, "goes on  drill"),
    ])
    func aLine(members: String, text: String) throws {
        let outage = try JSONValue(#"{"from":"2026-11-22T15:04:05Z",\#(members)}"#.utf8)
        let line = OutageText.line(outage).plain
        #expect(line.hasPrefix("2026-11-22 ") && line.hasSuffix(text))
    }
}
