// What `status` prints: the lines of a few states to the letter, and the exit codes.

import Report
import Testing
import UPS

@testable import Console
@testable import Daemon
@testable import Platform
@testable import Records

@Suite struct StatusTableTests {
    static func object(_ text: String) throws -> [String: JSONValue] {
        guard case .object(let members) = try JSONValue(text.utf8) else { return [:] }
        return members
    }

    static let online = """
        {"status":"online","link":"ok","host":"workhorse","series":"UPSIC Series",\
        "batteryType":"SUC-1011","soc":100,"remainTime":325,"inputVoltage":12.62,\
        "inputCurrent":992,"inputPower":12.5,"outputVoltage":12.448,"outputCurrent":310,\
        "outputPower":3.86,"outputLoad":6.2,"batteryVoltage":10.4,"batteryCurrent":-12,\
        "capacity":37500,"esr":18,"dryRun":false,"drill":false,"demo":false,"problem":null,\
        "age":0.07,"time":"2026-11-22T15:04:05Z",\
        "shutdown":{"phase":"idle","reason":null,"remaining":null,"delay":15}}
        """

    static func lines(_ text: String) throws -> String {
        try StatusTable(object(text)).lines.map(\.plain).joined(separator: "\n")
    }

    @Test func onLine() throws {
        #expect(
            try StatusTableTests.lines(StatusTableTests.online) == """
                ● online                        workhorse, UPSIC Series, SUC-1011
                Shutdown    15 s after input power fails
                Charge      100 %      5 min 25 s left
                Input       12.62 V    0.99 A     12.5 W
                Output      12.45 V    0.31 A     3.9 W      6 % load
                Capacitors  10.40 V    -0.01 A    37.5 F     18 mΩ
                """)
    }

    /// What is not known has no row; what is missing in a row leaves its place empty.
    @Test func linkLost() throws {
        let text = """
            {"status":"comm_lost","link":"lost","host":"h","series":null,"age":3.4,"dryRun":true,\
            "outputVoltage":null,"outputCurrent":100,"problem":"Bad","soc":null,\
            "shutdown":{"phase":"pending","reason":"link_lost","remaining":12,"delay":15}}
            """
        #expect(
            try StatusTableTests.lines(text) == """
                ● comm lost  dry run            h
                Shutdown    in 12 s, when the link to the UPS was lost on battery
                Output                 0.10 A                
                Age         3 s
                Problem     Bad
                """)
    }

    @Test(arguments: [
        (#""phase":"idle","delay":300"#, "5 min 0 s after input power fails"),
        (#""phase":"confirming""#, "confirming that input power failed"),
        (#""phase":"pending","remaining":9,"reason":"time""#, "in 9 s, when the delay is over"),
        (#""phase":"on_battery""#, "only when charge or runtime is low"),
        (#""phase":"cancelled""#, "the timer was cancelled"),
        (
            #""phase":"cancelled","remaining":7300,"reason":"ups_timer""#,
            "the timer was cancelled; in 2 h 1 min, when the UPS is about to cut its output"
        ),
        (#""phase":"committed","reason":"low_charge""#, "now, because the charge is low"),
        (#""phase":"committed""#, "now, because it was decided"),
    ])
    func shutdown(_ members: String, _ expected: String) throws {
        let text = try StatusTableTests.lines(#"{"status":"online","shutdown":{\#(members)}}"#)
        #expect(text.split(separator: "\n")[1] == "Shutdown    " + expected)
    }

    @Test(arguments: [
        ("online", "ok", 0), ("on_battery", "ok", 1), ("low_battery", "stale", 1),
        ("shutting_down", "ok", 1), ("comm_lost", "lost", 2), ("shutting_down", "lost", 2),
    ])
    func exitCode(_ status: String, _ link: String, _ code: Int32) throws {
        let values = try StatusTableTests.object(#"{"status":"\#(status)","link":"\#(link)"}"#)
        #expect(StatusTable(values).exitCode == code)
    }

    @Test func everything() throws {
        let text = """
            {"vcap1Voltage":2.6,"deviceStatus":12,"serial":"S1","powerFailCount":2,"uptime":7261,\
            "settings":{"restartDelay":{"value":8,"enabled":false,"minimum":1,"maximum":180},\
            "relayMode":{"value":1,"enabled":true,"minimum":1,"maximum":5}}}
            """
        let lines = try FullTable(StatusTableTests.object(text)).lines.map(\.plain)
        #expect(
            lines.joined(separator: "\n") == """

                Values
                Cell 1 voltage   2.600 V

                Registers
                Device status   0x000C

                UPS
                Serial number   S1

                Daemon
                Up for    2 h 1 min
                Outages   2

                Settings of the UPS
                restartDelay   off  (1 to 180)
                relayMode      1  (1 to 5)
                """)
        #expect(FullTable([:]).lines.isEmpty)
    }

    @Test func ink() {
        var line = InkedLine("a\u{1B}[2J\n", .red)
        line.add("b")
        #expect(line.plain == "a?[2J?b" && line.width == 7)
        #expect(line.coloured() == "\u{1B}[31ma?[2J?\u{1B}[0mb")
        #expect(line.coloured(width: 3) == "\u{1B}[31ma?[\u{1B}[0m")
        #expect(line.coloured(width: 0) == "")
    }

    @Test func eventsAreInLocalTime() {
        let local = someWall.localText(utcOffset: BootClock.utcOffset(at: someWall))
        #expect(EventText.localTime("2026-01-31T12:05:09Z") == local.dropLast(6))
        for text in ["", "yesterday", "2026-11-22", "2147483647-01-01T00:00:00Z"] {
            #expect(EventText.localTime(text) == text)
        }
    }
}
