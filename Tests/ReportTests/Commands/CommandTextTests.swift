// Commands as clients send them: the right ones, the wrong ones and the hostile ones.

import Testing
import UPS

@testable import Report

@Suite struct CommandTextTests {
    @Test(
        arguments: [
            (#"{"cmd":"capesr"}"#, .measure), (#"{"cmd":"cancel"}"#, .cancel),
            (#" { "seconds" : 300, "cmd" : "delay", "more" : [1] } "#, .delay(seconds: 300)),
            (#"{"cmd":"delay","seconds":3e2}"#, .delay(seconds: 300)),
            (#"{"cmd":"delay","seconds":-5}"#, .delay(seconds: -5)),
        ] as [(String, Command.Verb)])
    func everywhere(_ text: String, _ verb: Command.Verb) {
        for origin in [Origin.port, .control] {
            let parsed = CommandText(text.utf8, from: origin)
            #expect(parsed.command == Command(verb, from: origin))
            #expect(parsed.problem == nil && parsed.query == nil)
        }
    }

    @Test(
        arguments: [
            (#"{"cmd":"measure"}"#, .measure), (#"{"cmd":"drill"}"#, .drill(seconds: nil)),
            (#"{"cmd":"drill","seconds":30}"#, .drill(seconds: 30)),
            (#"{"cmd":"set","name":"restartDelay","value":30}"#, .set(.restartDelay, 30)),
            (#"{"cmd":"set","name":"relayMode","value":"off"}"#, .set(.relayMode, nil)),
        ] as [(String, Command.Verb)])
    func onlyFromTheControlSocket(_ text: String, _ verb: Command.Verb) {
        #expect(CommandText(text.utf8, from: .control).command == Command(verb, from: .control))
        let refused = CommandText(text.utf8, from: .port)
        #expect(refused.command == nil)
        #expect(refused.problem == #""cmd" must be one of cancel, delay, capesr."#)
    }

    @Test(
        arguments: [
            (#"{"cmd":"status"}"#, .status), (#"{"cmd":"events"}"#, .events(limit: 50)),
            (#"{"cmd":"events","limit":3,"id":"x"}"#, .events(limit: 3)),
        ] as [(String, CommandText.Query)])
    func queries(_ text: String, _ query: CommandText.Query) {
        let parsed = CommandText(text.utf8, from: .control)
        #expect(parsed.query == query && parsed.command == nil && parsed.problem == nil)
        let refused = CommandText(text.utf8, from: .port)
        #expect(refused.query == nil && refused.problem != nil)
    }

    @Test func linesForASimulatedUPS() {
        for origin in Origin.allCases {
            let parsed = CommandText(#"{"cmd":"simulate","line":"load 2"}"#.utf8, from: origin)
            #expect(parsed.query == .simulate(line: "load 2") && parsed.problem == nil)
            let empty = CommandText(#"{"cmd":"simulate"}"#.utf8, from: origin)
            #expect(empty.query == nil && empty.problem == #""line" is missing."#)
        }
    }

    @Test(arguments: Origin.allCases) func whetherItMay(origin: Origin) {
        let parsed = CommandText(#"{"cmd":"access","token":"t"}"#.utf8, from: origin)
        #expect(parsed.query == .access && parsed.token == "t" && parsed.command == nil)
    }

    @Test func idTokenAndIncident() {
        let text = #"{"cmd":"cancel","id":"ü-1","token":"secret","incident":"1f0c8b52-3"}"#
        let parsed = CommandText(text.utf8, from: .control)
        #expect(parsed.id == "ü-1" && parsed.token == "secret")
        let command = Command(.cancel, from: .control, id: "ü-1", incident: "1f0c8b52-3")
        #expect(parsed.command == command)
    }

    @Test(arguments: [
        (#"{"id":"a"}"#, "cmd"), (#"{"id":"a","cmd":null}"#, "cmd"),
        (#"{"id":"a","cmd":7}"#, "cmd"), (#"{"id":"a","cmd":["cancel"]}"#, "cmd"),
        (#"{"id":"a","cmd":"Cancel"}"#, "cmd"), (#"{"id":"a","cmd":"poweroff"}"#, "cmd"),
        (#"{"id":"a","cmd":"delay"}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":null}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":"300"}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":true}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":2.5}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":1e400}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":99999999999999999999}"#, "seconds"),
        (#"{"id":"a","cmd":"delay","seconds":{"seconds":3}}"#, "seconds"),
        (#"{"id":"a","cmd":"drill","seconds":"x"}"#, "seconds"),
        (#"{"id":"a","cmd":"cancel","token":1}"#, "token"),
        (#"{"id":"a","cmd":"set","value":1}"#, "name"),
        (#"{"id":"a","cmd":"set","name":"delay","value":1}"#, "name"),
        (#"{"id":"a","cmd":"set","name":"relayMode"}"#, "value"),
        (#"{"id":"a","cmd":"set","name":"relayMode","value":65536}"#, "value"),
        (#"{"id":"a","cmd":"set","name":"relayMode","value":-1}"#, "value"),
        (#"{"id":"a","cmd":"set","name":"relayMode","value":"on"}"#, "value"),
        (#"{"id":"a","cmd":"cancel","incident":1}"#, "incident"),
        (#"{"id":"a","cmd":"events","limit":0}"#, "limit"),
        (#"{"id":"a","cmd":"events","limit":1001}"#, "limit"),
        (#"{"id":"a","cmd":"events","limit":"5"}"#, "limit"),
    ])
    func wrongMembers(_ text: String, _ named: String) {
        let parsed = CommandText(text.utf8, from: .control)
        #expect(parsed.command == nil && parsed.query == nil)
        // The sender learns about it.
        #expect(parsed.id == "a")
        #expect(parsed.problem?.hasPrefix("\"\(named)\" must be ") == true)
    }

    @Test func idHasALimit() {
        for (count, isAccepted) in [(0, true), (128, true), (129, false)] {
            let id = String(repeating: "i", count: count)
            let parsed = CommandText(#"{"cmd":"cancel","id":"\#(id)"}"#.utf8, from: .port)
            #expect((parsed.command != nil) == isAccepted)
            #expect(parsed.id == (isAccepted ? id : nil))
        }
        let parsed = CommandText(#"{"cmd":"cancel","id":5}"#.utf8, from: .port)
        #expect(parsed.command == nil && parsed.id == nil)
        #expect(parsed.problem == #""id" must be a string of at most 128 bytes."#)
    }

    @Test(arguments: [
        "", " ", "null", "7", #""cancel""#, "[]", #"[{"cmd":"cancel"}]"#, "{", "{}}", "cancel",
        #"{"cmd":"cancel""#, #"{"cmd":"cancel"} {"cmd":"cancel"}"#, "{'cmd':'cancel'}",
        #"{"cmd":"\ud800"}"#, "{\"cmd\":\"can\ncel\"}", "{\"cmd\":\"cancel\",\"\0\":1}",
        "\0", "{\"cmd\":\"cancel\"}\0", #"{"cmd":"cancel","cmd":"cancel"}"#,
    ])
    func notAnObject(_ text: String) {
        let parsed = CommandText(text.utf8, from: .control)
        #expect(parsed.command == nil && parsed.query == nil)
        #expect(parsed.problem == #"A command is a JSON object like {"cmd":"cancel"}."#)
    }

    @Test func hostileBytes() {
        let openings = ["[", "{\"cmd\":", "{\"cmd\":[", "9", "{\"cmd\":\"delay\",\"seconds\":9"]
        var texts = openings.map { opening in
            [UInt8](String(repeating: opening, count: 4096 / opening.utf8.count).utf8)
        }
        texts += [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80]]
        texts += [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF, 0, 0x7B]]
        texts.append([UInt8](#"{"cmd":""#.utf8) + [0xFF, 0xFE] + [UInt8](#""}"#.utf8))
        let digits = String(repeating: "9", count: 4000)
        texts.append([UInt8](#"{"cmd":"delay","seconds":\#(digits)}"#.utf8))
        for text in texts {
            let parsed = CommandText(text, from: .control)
            #expect(parsed.command == nil && parsed.query == nil && parsed.problem != nil)
        }
    }

    @Test func lengthHasALimit() {
        let frame = #"{"cmd":"cancel","x":""}"#
        let longest = CommandText.longest - frame.utf8.count
        for (count, isAccepted) in [(longest, true), (longest + 1, false), (10_000_000, false)] {
            let filler = String(repeating: "x", count: count)
            let parsed = CommandText(#"{"cmd":"cancel","x":"\#(filler)"}"#.utf8, from: .port)
            #expect((parsed.command != nil) == isAccepted)
            #expect((parsed.problem == "A command has at most 4096 bytes.") == !isAccepted)
        }
    }

    /// Every prefix and every changed byte of a command is read or refused, never a crash.
    @Test func damagedCommands() {
        let whole = [UInt8](#"{"cmd":"delay","seconds":300,"id":"\u00fc"}"#.utf8)
        for index in whole.indices {
            let cut = CommandText(whole[..<index], from: .port)
            #expect(cut.command == nil && cut.problem != nil)
            for byte in UInt8.min...UInt8.max {
                var damaged = whole
                damaged[index] = byte
                let parsed = CommandText(damaged, from: .port)
                #expect((parsed.command == nil) == (parsed.problem != nil))
            }
        }
    }
}
