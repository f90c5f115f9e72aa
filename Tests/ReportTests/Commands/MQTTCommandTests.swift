// Payloads of the command topic, the hostile ones too.

import Testing

@testable import Report
@testable import UPS

struct MQTTCommandTests {
    private func read(_ text: String) -> MQTTCommand { MQTTCommand(Array(text.utf8)) }

    @Test(arguments: [
        ("cancel", Command(.cancel, from: .mqtt)),
        (" cancel\r\n", Command(.cancel, from: .mqtt)),
        ("measure", Command(.measure, from: .mqtt)),
        ("delay 300", Command(.delay(seconds: 300), from: .mqtt)),
        ("delay \t -5", Command(.delay(seconds: -5), from: .mqtt)),
        (#"{"command":"cancel"}"#, Command(.cancel, from: .mqtt)),
        (
            #"  {"command":"delay","seconds":60,"id":"a","incident":"1f0c8b52-4","more":[1]}"#,
            Command(.delay(seconds: 60), from: .mqtt, id: "a", incident: "1f0c8b52-4")
        ),
        (#"{"command":"measure","id":null}"#, Command(.measure, from: .mqtt)),
        (#"{"command":"delay","seconds":60.0}"#, Command(.delay(seconds: 60), from: .mqtt)),
    ])
    func accepted(text: String, command: Command) {
        let read = read(text)
        #expect(read.command == command)
        #expect(read.problem == nil)
        #expect(read.name == command.name)
        #expect(read.id == command.id)
    }

    private static let unknown = "A command is one of cancel, delay SECONDS, measure."
    private static let seconds = "A delay is a whole number of seconds, 1 to 86400."
    private static let json = "The command is not a valid JSON object."

    @Test(arguments: [
        ("", unknown), (" ", unknown), ("PRESS", unknown), ("Cancel", unknown),
        ("cancel now", unknown), ("measure 1", unknown), ("drill", unknown),
        ("delay 1 2", seconds), ("delay", seconds), ("delay x", seconds), ("delay 1.5", seconds),
        ("delay 99999999999999999999", seconds), ("[1]", unknown), ("\"cancel\"", unknown),
        ("{", json), ("{}", unknown), (#"{"command":"drill"}"#, unknown),
        (#"{"command":"delay"}"#, seconds),
        (#"{"command":"delay","seconds":"60"}"#, seconds),
        (#"{"command":"delay","seconds":1.5}"#, seconds),
        (#"{"command":"delay","seconds":1e999}"#, nil),
        (#"{"command":7}"#, "\"command\" must be a string of at most 128 bytes."),
        (#"{"command":"cancel","id":7}"#, "\"id\" must be a string of at most 128 bytes."),
        (
            #"{"command":"cancel","incident":{}}"#,
            "\"incident\" must be a string of at most 128 bytes."
        ),
        (#"{"command":"cancel"}{"#, json),
    ])
    func refused(text: String, problem: String?) {
        let read = read(text)
        #expect(read.command == nil)
        if let problem { #expect(read.problem == problem) } else { #expect(read.problem != nil) }
    }

    @Test func limits() {
        let longest = #"{"command":"cancel","id":"\#(String(repeating: "i", count: 128))"}"#
        #expect(read(longest).command != nil)
        let longer = #"{"command":"cancel","id":"\#(String(repeating: "i", count: 129))"}"#
        #expect(read(longer).problem == "\"id\" must be a string of at most 128 bytes.")
        let padded = "cancel" + String(repeating: " ", count: MQTTCommand.longest - 6)
        #expect(read(padded).command != nil)
        #expect(read(padded + " ").problem == "A command has at most 4096 bytes.")
    }

    @Test func hostileBytes() {
        #expect(MQTTCommand([0xFF, 0xFE]).problem == "A command is UTF-8 text.")
        #expect(MQTTCommand([0x7B, 0xC0, 0x80, 0x7D]).problem == "A command is UTF-8 text.")
        #expect(MQTTCommand([0]).problem == MQTTCommandTests.unknown)
        let deep = String(repeating: "{\"a\":", count: 800)
        #expect(read(deep).problem == MQTTCommandTests.json)
        let brackets = "{\"command\":" + String(repeating: "[", count: 4000)
        #expect(read(brackets).command == nil)
    }

    /// Whatever arrives: no crash, and either a command or a problem.
    @Test func randomBytes() {
        var generator = SplitMix(state: 7)
        let seed = Array(#"{"command":"delay","seconds":60,"id":"a"}"#.utf8)
        for _ in 0..<3000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            let read = MQTTCommand(bytes)
            #expect((read.command == nil) != (read.problem == nil))
        }
    }

    /// The answer needs the id also when the command is refused.
    @Test func results() {
        let snapshot = mqttSnapshot()
        let accepted = CommandResult(
            isAccepted: true, message: "Shutdown in 300 s.", deadline: snapshot.time + .seconds(300)
        )
        #expect(
            read(#"{"command":"delay","seconds":300,"id":"a\n"}"#)
                .resultJSON(accepted, in: snapshot)
                == #"{"id":"a\n","command":"delay","ok":true,"message":"Shutdown in 300 s.","#
                + #""deadline":"2026-11-22T15:05:00Z"}"#)
        let refused = CommandResult(isAccepted: false, message: "No.")
        #expect(
            read(#"{"command":"x","id":"a"}"#).resultJSON(refused, in: snapshot)
                == #"{"id":"a","command":null,"ok":false,"message":"No.","deadline":null}"#)
        #expect(
            read("delay").resultJSON(refused, in: snapshot)
                == #"{"id":null,"command":"delay","ok":false,"message":"No.","deadline":null}"#)
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
