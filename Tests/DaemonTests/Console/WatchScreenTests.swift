// What `watch` shows, and what its keys do while nobody answers.

import Report
import Testing

@testable import Console
@testable import Daemon

@Suite struct WatchScreenTests {
    private func screen(_ change: String = "", _ other: String = "") throws -> WatchScreen {
        let text = StatusTableTests.online.replacing(change, with: other)
        var screen = WatchScreen()
        screen.status = try StatusTableTests.object(text)
        return screen
    }

    private func text(_ screen: WatchScreen, _ width: Int = 60, _ height: Int = 24) -> [String] {
        screen.lines(width: width, height: height).map(\.plain)
    }

    @Test(arguments: [(80, 24), (60, 10), (20, 5), (200, 60), (10, 1), (1, 2)])
    func everySize(_ width: Int, _ height: Int) throws {
        var screen = try screen()
        screen.events = (0..<100).map { InkedLine("event \($0)") }
        for values in (0..<1000).map({
            StatusValues(["time": .string("\($0)"), "soc": .number(5)])
        }) {
            screen.samples.take(values)
        }
        #expect(screen.samples.charge.count == WatchScreen.Samples.capacity)
        #expect(text(screen, width, height).count == height)
        #expect(text(screen, width, height).last?.hasPrefix("q quit") == true)
        screen.status = nil
        #expect(text(screen, width, height).count == height)
    }

    @Test func aPowerFailure() throws {
        let pending = #""phase":"pending","reason":"time","remaining":9,"delay":15"#
        let idle = #""phase":"idle","reason":null,"remaining":null,"delay":15"#
        var screen = try screen(idle, pending)
        screen.message = "Done."
        screen.events = ["one", "two"]
        let lines = text(screen)
        let bar = String(repeating: "█", count: 18) + String(repeating: "░", count: 12)
        #expect(lines[1] == "Shutdown in 9 s   " + bar)
        #expect(lines[2] == "Shutdown    in 9 s, when the delay is over")
        #expect(lines.suffix(2) == ["Done.", "q quit    c cancel the shutdown    d delay it    "])
        #expect(!text(screen, 60, 21).contains("one"), "there is no room for it")
        #expect(lines.contains("one"))
    }

    @Test func typing() throws {
        var screen = try screen()
        screen.typed = "30"
        #expect(text(screen).last?.hasPrefix("Shutdown in how many seconds? 30_") == true)
    }

    @Test func theHistoryFillsTheGraphs() throws {
        let history = try StatusTableTests.object(
            """
            {"columns":["time","soc","outputPower"],"rows":[["a",50,5],["b",null,null],\
            ["b",1,1],["c",100,25.5],["short"]]}
            """)
        let samples = WatchScreen.Samples(StatusValues(history))
        #expect(samples.charge == [50, nil, 100] && samples.power == [5, nil, 25.5])
        var screen = try screen()
        screen.samples = samples
        let lines = text(screen, 17)
        let graph = lines[lines.firstIndex(of: "Charge, %, last 3 s")!...].dropFirst().prefix(4)
        #expect(
            graph.joined(separator: "\n") == """
                 100 ┤         █
                     │         █
                     │       █ █
                   0 ┤       █ █
                """)
        #expect(lines.contains("  30 ┤         ▃"))
    }

    @Test func sparklines() {
        let line = Sparkline(values: [0, 1, 50, 100, 200, nil, -5], range: 0...100)
        #expect(line.rows(width: 7, height: 1) == ["▁▁▄██ ▁"])
        #expect(line.rows(width: 3, height: 1) == ["█ ▁"])
        #expect(line.rows(width: 9, height: 2) == ["     ██  ", "  ▁▁███ ▁"])
        #expect(Sparkline(values: [], range: 0...0).rows(width: 2, height: 1) == ["  "])
    }

    /// A key without a daemon says so; typing goes on, and ends.
    @Test func keys() {
        let session = WatchSession(ControlClient(socket: "/nowhere/control.sock"))
        session.begin()
        session.refresh()
        let absent = "no daemon is running (/nowhere/control.sock)"
        #expect(session.screen.message.plain == absent + "; trying again")
        #expect(session.line == absent + "; trying again" && session.json == "")
        #expect(session.take(Array("c".utf8)) && session.screen.message.plain == absent)
        #expect(session.take(Array("d12x".utf8)) && session.screen.typed == "12")
        #expect(session.take([0x7F]) && session.screen.typed == "1")
        #expect(session.take(Array("234567".utf8)) && session.screen.typed == "12345")
        #expect(session.take([0x1B]) && session.screen.typed == nil)
        #expect(session.take(Array("d9\nz".utf8)) && session.screen.typed == nil)
        #expect(!session.take(Array("xq".utf8)))
    }
}
