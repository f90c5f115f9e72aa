// What a connection of NUT is answered, as upsd 2.8 answers it.

import Testing

@testable import NUT
@testable import UPS

@Suite struct NUTSessionTests {
    // MARK: What anybody may ask

    private static let lines: [(line: String, answer: String)] = [
        ("VER", "Network UPS Tools ups-server 2.0.0 - http://www.networkupstools.org/"),
        ("ver", "Network UPS Tools ups-server 2.0.0 - http://www.networkupstools.org/"),
        ("VER 1", "ERR INVALID-ARGUMENT"), ("NETVER", "1.3"), ("PROTVER", "1.3"),
        (
            "HELP",
            "Commands: HELP VER PROTVER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS"
        ),
        ("help me", "ERR INVALID-ARGUMENT"), ("STARTTLS", "ERR FEATURE-NOT-CONFIGURED"),
        ("NOSUCH", "ERR UNKNOWN-COMMAND"), ("", "ERR UNKNOWN-COMMAND"),
        ("# comment", "ERR UNKNOWN-COMMAND"),
        ("GET VAR ups ups.status", #"VAR ups ups.status "OL CHRG""#),
        ("get var UPS Ups.Status", #"VAR UPS Ups.Status "OL CHRG""#),
        ("GET VAR qnapups ups.status", #"VAR qnapups ups.status "OL CHRG""#),
        (#"GET "VAR" "ups" "ups.status""#, #"VAR ups ups.status "OL CHRG""#),
        ("  GET  VAR\tups ups.status \r\r", #"VAR ups ups.status "OL CHRG""#),
        (#"GET VAR u\ps ups.status#x"#, #"VAR ups ups.status "OL CHRG""#),
        ("GET VAR ups nosuch", "ERR VAR-NOT-SUPPORTED"), ("GET VAR ups", "ERR INVALID-ARGUMENT"),
        ("GET VAR nosuch ups.status", "ERR UNKNOWN-UPS"), ("GET", "ERR INVALID-ARGUMENT"),
        ("GET FOO ups x", "ERR INVALID-ARGUMENT"),
        ("GET VAR whatever server.version", #"VAR whatever server.version "2.0.0""#),
        ("GET VAR ups server.nope", "ERR VAR-NOT-SUPPORTED"),
        ("GET TYPE ups battery.charge", "TYPE ups battery.charge NUMBER"),
        ("GET TYPE ups ups.serial", "TYPE ups ups.serial STRING:256"),
        (
            "GET TYPE ups experimental.shutdown.delay",
            "TYPE ups experimental.shutdown.delay RW RANGE NUMBER"
        ),
        ("GET TYPE ups nosuch", "ERR VAR-NOT-SUPPORTED"),
        ("GET DESC ups ups.status", #"DESC ups ups.status "UPS status""#),
        ("GET DESC ups nosuch", #"DESC ups nosuch "Description unavailable""#),
        (
            "GET CMDDESC ups shutdown.stop",
            #"CMDDESC ups shutdown.stop "Stop a shutdown in progress""#
        ),
        ("GET CMDDESC ups nosuch", #"CMDDESC ups nosuch "Description unavailable""#),
        ("GET UPSDESC ups", #"UPSDESC ups "UPSIC Series""#),
        ("GET UPSDESC nosuch", "ERR UNKNOWN-UPS"), ("GET NUMLOGINS ups", "NUMLOGINS ups 2"),
        ("GET NUMLOGINS nosuch", "ERR UNKNOWN-UPS"), ("GET TRACKING", "OFF"),
        ("GET TRACKING abc", "ERR FEATURE-NOT-CONFIGURED"),
        ("LIST", "ERR INVALID-ARGUMENT"), ("LIST FOO ups", "ERR INVALID-ARGUMENT"),
        ("LIST VAR", "ERR INVALID-ARGUMENT"), ("LIST VAR nosuch", "ERR UNKNOWN-UPS"),
        ("LIST CLIENTS ups", "ERR INVALID-ARGUMENT"),
        ("LIST ENUM ups nosuch", "ERR VAR-NOT-SUPPORTED"),
    ]

    /// Else a connection that begins with one would be taken for NUT and not be understood.
    @Test(arguments: NUTSession.commands) func itsCommandsAreKnown(command: String) {
        var conversation = NUTConversation()
        #expect(conversation.send("\(command) x\n") != "ERR UNKNOWN-COMMAND\n")
    }

    @Test(arguments: lines)
    func oneLine(line: String, answer: String) {
        var conversation = NUTConversation()
        conversation.doors.clients = ["192.0.2.7", "fd00::1"]
        #expect(conversation.send(line + "\n") == answer + "\n")
    }

    private static let lists: [(subject: String, lines: String?)] = [
        ("UPS", #"UPS ups "UPSIC Series""#), ("CLIENT ups", "CLIENT ups 192.0.2.7"),
        ("RW ups", #"RW ups experimental.shutdown.delay "15""#),
        ("CMD ups", "CMD ups shutdown.stop\nCMD ups test.battery.start"),
        (
            "RANGE ups experimental.shutdown.delay",
            #"RANGE ups experimental.shutdown.delay "1" "86400""#
        ),
        ("RANGE ups ups.status", nil), ("ENUM ups ups.status", nil),
        ("CMD qnapups", "CMD qnapups shutdown.stop\nCMD qnapups test.battery.start"),
    ]

    @Test(arguments: lists)
    func aList(subject: String, lines: String?) {
        var conversation = NUTConversation()
        conversation.doors.clients = ["192.0.2.7"]
        let body = lines.map { $0 + "\n" } ?? ""
        #expect(
            conversation.send("LIST \(subject)\n")
                == "BEGIN LIST \(subject)\n\(body)END LIST \(subject)\n")
    }

    // MARK: Data that are not there

    @Test(arguments: [(State.nothingKnown, "DRIVER-NOT-CONNECTED"), (.lostOnLine, "DATA-STALE")])
    func withoutData(state: State, error: String) {
        for line in [
            "GET VAR ups ups.status", "GET TYPE ups ups.status", "GET DESC ups ups.status",
            "GET NUMLOGINS ups", "LIST VAR ups", "LIST RW ups", "LIST CMD ups",
            "LIST ENUM ups ups.status",
        ] {
            var conversation = NUTConversation(state)
            #expect(conversation.send(line + "\n") == "ERR \(error)\n", "\(line)")
        }
        var conversation = NUTConversation(state)
        #expect(conversation.send("LIST UPS\n").hasPrefix("BEGIN LIST UPS\nUPS ups \""))
        #expect(
            conversation.send("LIST CLIENT ups\n") == "BEGIN LIST CLIENT ups\nEND LIST CLIENT ups\n"
        )
        conversation.identify()
        #expect(conversation.send("LOGIN ups\n") == "OK\n")
        #expect(conversation.send("INSTCMD ups shutdown.stop\n") == "ERR \(error)\n")
        #expect(conversation.send("SET VAR ups x 1\n") == "ERR \(error)\n")
    }

    // MARK: Who

    @Test func aUserAndALogin() {
        var conversation = NUTConversation()
        for (line, answer) in [
            ("LOGIN ups", "ERR USERNAME-REQUIRED"), ("LOGIN", "ERR USERNAME-REQUIRED"),
            ("USERNAME", "ERR INVALID-ARGUMENT"), ("USERNAME a b", "ERR INVALID-ARGUMENT"),
            ("USERNAME monuser", "OK"), ("LOGIN ups", "ERR PASSWORD-REQUIRED"),
            ("PASSWORD x y", "ERR INVALID-ARGUMENT"), ("PASSWORD secret", "OK"),
            ("USERNAME b", "ERR ALREADY-SET-USERNAME"), ("PASSWORD b", "ERR ALREADY-SET-PASSWORD"),
            ("LOGIN nosuch", "ERR UNKNOWN-UPS"), ("LOGIN", "ERR INVALID-ARGUMENT"),
            ("LOGIN ups", "OK"), ("LOGIN ups", "ERR ALREADY-LOGGED-IN"),
            ("INSTCMD ups shutdown.stop", "ERR ACCESS-DENIED"),
            ("INSTCMD ups nosuch", "ERR CMD-NOT-SUPPORTED"),
            ("SET VAR ups nosuch 1", "ERR ACCESS-DENIED"),
            ("LOGOUT now", "ERR INVALID-ARGUMENT"), ("LOGOUT", "OK Goodbye\n<end>"),
        ] {
            let answered = conversation.send(line + "\n")
            #expect(answered == answer + (answer.hasSuffix("<end>") ? "" : "\n"), "\(line)")
        }
        #expect(conversation.verbs == [])
    }

    @Test func aWrongPassword() {
        var conversation = NUTConversation()
        conversation.identify("admin", "wrong")
        #expect(conversation.send("LOGIN ups\n") == "ERR ACCESS-DENIED\n")
        #expect(!conversation.session.isLoggedIn)
        #expect(conversation.send("INSTCMD ups shutdown.stop\n") == "ERR ACCESS-DENIED\n")
        #expect(conversation.verbs == [])
    }

    /// Whoever it is.
    @Test(arguments: ["FSD", "PRIMARY", "MASTER", "fsd"])
    func nobodyBringsAShutdownForward(command: String) {
        var conversation = NUTConversation()
        #expect(conversation.send("\(command) ups\n") == "ERR USERNAME-REQUIRED\n")
        conversation.identify()
        #expect(conversation.send("\(command) ups\n") == "ERR ACCESS-DENIED\n")
        #expect(conversation.send("\(command) nosuch\n") == "ERR UNKNOWN-UPS\n")
        #expect(conversation.verbs == [])
        #expect(conversation.send("GET VAR ups ups.status\n") == "VAR ups ups.status \"OL CHRG\"\n")
    }

    // MARK: Commands

    @Test(arguments: [
        ("INSTCMD ups shutdown.stop", Command.Verb.cancel, "INSTCMD-FAILED"),
        ("instcmd UPS Test.Battery.Start", .measure, "INSTCMD-FAILED"),
        ("SET VAR ups experimental.shutdown.delay 300", .delay(seconds: 300), "SET-FAILED"),
        (#"SET VAR ups experimental.shutdown.delay "300""#, .delay(seconds: 300), "SET-FAILED"),
    ])
    func isCarriedOut(line: String, verb: Command.Verb, failure: String) {
        for isAccepted in [true, false] {
            var conversation = NUTConversation(.pending)
            conversation.identify()
            conversation.isAccepted = isAccepted
            #expect(
                conversation.send(line + "\n") == (isAccepted ? "OK\n" : "ERR \(failure)\n"))
            #expect(conversation.verbs == [verb])
        }
    }

    private static let refused: [(line: String, error: String)] = [
        ("SET", "INVALID-ARGUMENT"), ("SET VAR ups", "INVALID-ARGUMENT"),
        ("SET VAR ups experimental.shutdown.delay", "INVALID-ARGUMENT"),
        ("SET FOO ups x y", "INVALID-ARGUMENT"), ("SET TRACKING MAYBE", "INVALID-ARGUMENT"),
        ("SET VAR nosuch experimental.shutdown.delay 10", "UNKNOWN-UPS"),
        ("SET VAR ups nosuch 10", "VAR-NOT-SUPPORTED"), ("SET VAR ups ups.status OL", "READONLY"),
        ("SET VAR ups ups.delay.shutdown 10", "READONLY"),
        ("SET VAR ups experimental.shutdown.delay 0", "INVALID-VALUE"),
        ("SET VAR ups experimental.shutdown.delay 86401", "INVALID-VALUE"),
        ("SET VAR ups experimental.shutdown.delay soon", "INVALID-VALUE"),
        ("INSTCMD ups", "INVALID-ARGUMENT"), ("INSTCMD nosuch shutdown.stop", "UNKNOWN-UPS"),
        ("INSTCMD ups shutdown.return", "CMD-NOT-SUPPORTED"),
        ("INSTCMD ups load.off", "CMD-NOT-SUPPORTED"),
    ]

    @Test(arguments: refused)
    func isNotCarriedOut(line: String, error: String) {
        var conversation = NUTConversation(.pending)
        conversation.identify()
        #expect(conversation.send(line + "\n") == "ERR \(error)\n")
        #expect(conversation.verbs == [])
    }

    @Test(arguments: [(true, "SUCCESS"), (false, "ERR FAILED")])
    func itIsTracked(isAccepted: Bool, result: String) throws {
        var conversation = NUTConversation()
        conversation.identify()
        conversation.isAccepted = isAccepted
        #expect(conversation.send("SET TRACKING ON\nGET TRACKING\n") == "OK\nON\n")
        let answer = conversation.send("INSTCMD ups test.battery.start\n")
        let id = try #require(answer.split(whereSeparator: \.isWhitespace).last)
        #expect(answer == "OK TRACKING \(id)\n" && id.utf8.count == 36)
        #expect(conversation.send("GET TRACKING \(id)\n") == result + "\n")
        #expect(conversation.send("GET TRACKING nosuch\n") == "ERR UNKNOWN\n")
        for _ in 0..<NUTSession.mostTracked {
            _ = conversation.send("INSTCMD ups test.battery.start\n")
        }
        #expect(conversation.send("GET TRACKING \(id)\n") == "ERR UNKNOWN\n")
        #expect(conversation.send("SET TRACKING OFF\nGET TRACKING\n") == "OK\nOFF\n")
    }

    /// Nothing behind a command is read before its answer.
    @Test func theOrderIsKept() {
        var session = NUTSession()
        session.receive("USERNAME admin\nPASSWORD a\nINSTCMD ups shutdown.stop\nNETVER\n".utf8)
        let report = NUTReport(State.pending.snapshot, names: NUTNames())
        let doors = NUTConversation.Doors()
        #expect(session.next(report, doors) == .text("OK\n"))
        #expect(session.next(report, doors) == .text("OK\n"))
        #expect(session.next(report, doors) == .command(.cancel))
        #expect(session.next(report, doors) == nil)
        #expect(session.finished(isAccepted: true) == .text("OK\n"))
        #expect(session.next(report, doors) == .text("1.3\n"))
        #expect(session.next(report, doors) == nil)
    }

    // MARK: What is sent

    @Test func splitAndTogether() {
        var conversation = NUTConversation()
        #expect(conversation.send("GET VAR ups ups.") == "")
        #expect(conversation.send("status\nNETVER\nNOS") == "VAR ups ups.status \"OL CHRG\"\n1.3\n")
        #expect(conversation.send("UCH\n") == "ERR UNKNOWN-COMMAND\n")
    }

    @Test func linesHaveALimit() {
        var conversation = NUTConversation()
        let blanks = String(repeating: " ", count: NUTSession.longestLine - 6)
        #expect(conversation.send("NETVER\(blanks)\n") == "1.3\n")
        #expect(conversation.send("NETVER \(blanks)\n") == "<end>")
        conversation = NUTConversation()
        #expect(conversation.send(String(repeating: "x", count: NUTSession.longestLine)) == "")
        #expect(conversation.send("x") == "<end>")
        conversation = NUTConversation()
        let most = NUTSession.longestBacklog
        #expect(conversation.send(String(repeating: "\n", count: most + 1)) == "<end>")
    }

    /// A page in a browser sends HTTP, with what it wants to be carried out in the body.
    @Test(arguments: ["GET / HTTP/1.1", "POST /x HTTP/1.0", "OPTIONS * HTTP/1.1"])
    func aBrowserIsNotAnswered(line: String) {
        var conversation = NUTConversation()
        #expect(conversation.send("\(line)\r\nHost: ups\r\n\r\nUSERNAME admin\n") == "<end>")
    }

    @Test func aTLSHandshakeEndsIt() {
        var conversation = NUTConversation()
        #expect(conversation.send([0x16, 0x03, 0x01]) == "<end>")
    }

    /// As from what speaks another protocol.
    @Test func threeUnknownCommandsInARow() {
        var conversation = NUTConversation()
        let unknown = "ERR UNKNOWN-COMMAND\n"
        #expect(conversation.send("a\nb\nVER x\na\n\n\nb\n").hasSuffix(unknown + unknown + unknown))
        #expect(!conversation.hasEnded)
        #expect(conversation.send("c\nNETVER\n") == "<end>")
    }

    /// Whatever arrives: no crash, and each answer is one line or a list, of printable ASCII.
    @Test func randomBytes() {
        var generator = SplitMix(state: 11)
        let alphabet = Array("GETLISVARups.tu \"\\#=\n\r\u{0}\u{1F}".utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<2000 {
            var conversation = NUTConversation(State.allCases.randomElement(using: &generator)!)
            var bytes = Array("GET VAR ups ups.status\nLIST VAR ups\n".utf8)
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[position] = alphabet.randomElement(using: &generator)!
            }
            for line in conversation.send(bytes).split(separator: "\n") {
                #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
                #expect(line.utf8.count < 512 + 300)
            }
        }
    }
}
