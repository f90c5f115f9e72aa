// What people write when they think of another language, or slip: each gets a sentence that says
// what was meant, with its line of the file and a mark.

import Configuration
import Testing

private func told(_ text: String) -> String {
    do {
        let parsed = try Configuration.parse(text, path: "x.cfg")
        return parsed.warnings.map(\.description).joined(separator: "\n")
    } catch {
        return error.explained
    }
}

/// A text, what is told of it, and the rest of its line from the mark on; nil: no line is shown.
private struct Slip: Sendable, CustomTestStringConvertible {
    let text: String
    let sentence: String
    let marked: String?

    init(_ text: String, _ sentence: String, _ marked: String?) {
        (self.text, self.sentence, self.marked) = (text, sentence, marked)
    }

    var testDescription: String { text }

    var told: String {
        let place = sentence.split(separator: ":")[0]
        guard let marked, let number = Int(place) else { return "x.cfg:\(sentence)" }
        let line = text.split(separator: "\n", omittingEmptySubsequences: false)[number - 1]
        let blanks = String(repeating: " ", count: line.count - marked.count)
        return "x.cfg:\(sentence)\n    \(line)\n    \(blanks)^"
    }
}

private let slips = [
    Slip(
        "server = {\n  serial = '/dev/ttyUSB0';\n};",
        #"2: syntax error: texts stand in straight double quotes, "text""#,
        "'/dev/ttyUSB0';"),
    Slip(
        "server = {\n  serial = “/dev/ttyUSB0”;\n};",
        #"2: syntax error: texts stand in straight double quotes, "text""#,
        "“/dev/ttyUSB0”;"),
    Slip(
        "server = {\n  serial = /dev/ttyUSB0;\n};",
        #"2: syntax error: texts stand in double quotes, "/dev/ttyUSB0""#,
        "/dev/ttyUSB0;"),
    Slip(
        "server = {\n  user = nobody;\n};",
        #"2: syntax error: texts stand in double quotes, "nobody""#,
        "nobody;"),
    Slip(
        "server = {\n  ip = 192.168.1.10;\n};",
        #"2: syntax error: texts stand in double quotes, "192.168.1.10""#,
        "192.168.1.10;"),
    Slip(
        "mqtt = {\n  host = broker.lan;\n};",
        #"2: syntax error: texts stand in double quotes, "broker.lan""#,
        "broker.lan;"),
    Slip(
        "server = {\n  shutdownByTime = yes;\n};",
        "2: syntax error: yes and no are written true and false, here true;",
        "yes;"),
    Slip(
        "server = {\n  shutdownByTime = no\n};",
        "2: syntax error: yes and no are written true and false, here false;",
        "no"),
    Slip(
        "shutdown = {\n  dryRun = on;\n};",
        "2: syntax error: yes and no are written true and false, here true;",
        "on;"),
    Slip(
        "ups = {\n  inputVoltage = 12,4;\n};",
        "2: syntax error: decimals are written with a point, 12.4",
        "12,4;"),
    Slip(
        "server = {\n  shutdownDelay = 15s;\n};",
        "2: syntax error: numbers stand without a unit, 15",
        "15s;"),
    Slip(
        "server = {\n  shutdownDelay = 15 s;\n};",
        "2: syntax error: numbers stand without a unit, 15",
        "15 s;"),
    Slip(
        "server = {\n  shutdownSocPercent = 25%;\n};",
        "2: syntax error: numbers stand without a unit, 25",
        "25%;"),
    Slip(
        "ups = {\n  inputVoltage = 12.4V;\n};",
        "2: syntax error: numbers stand without a unit, 12.4",
        "12.4V;"),
    Slip(
        "server = {\n  shutdownDelay = 2 min;\n};",
        "2: syntax error: numbers stand without a unit, 2",
        "2 min;"),
    Slip(
        "[server]\nport = 10024",
        "1: syntax error: groups are written server = { … };",
        "[server]"),
    Slip(
        "[server]\nshutdownDelay=15\n[mqtt]\nhost=broker",
        "1: syntax error: groups are written server = { … };",
        "[server]"),
    Slip(
        "server:\n  port: 10024\n  serial: /dev/ttyUSB0",
        "1: syntax error: groups stand in braces, server = { … };",
        ":"),
    Slip("server:\n  port: 10024", "1: syntax error: groups stand in braces, server = { … };", ":"),
    Slip(
        #"{\#n  "server": {\#n    "port": 10024\#n  }\#n}"#,
        "1: syntax error: braces stand behind a name, server = { … };",
        "{"),
    Slip(
        #"server = {\#n  "port": 10024\#n};"#,
        "2: syntax error: names stand without quotes, port = value;",
        #""port": 10024"#),
    Slip(
        #"server = {\#n  "port" = 10024;\#n};"#,
        "2: syntax error: names stand without quotes, port = value;",
        #""port" = 10024;"#),
    Slip(
        #"server = {\#n  port = 10024;\#n\#nmqtt = {\#n  host = "a";\#n};"#,
        "1: syntax error: the group server has no end, a brace and a semicolon, };",
        "{"),
    Slip(
        "server = {\n  port = 10024;",
        "1: syntax error: the group server has no end, a brace and a semicolon, };",
        "{"),
    Slip("server = {\n  port = 10024;\n}}", "3: syntax error: this brace closes no group", "}"),
    Slip(
        "server = {\n  port = 10024;\n};\n};",
        "4: syntax error: this brace closes no group",
        "};"),
    Slip(
        "server {\n  port = 10024;\n};",
        "1: syntax error: behind a name comes =, server = { … };",
        " {"),
    Slip(
        "server = {\n  port 10024;\n};",
        "2: syntax error: behind a name comes =, port = value;",
        " 10024;"),
    Slip("server = {\n  port = ;\n};", "2: syntax error: a value is missing, name = value;", ";"),
    Slip("server = {\n  port =\n};", "2: syntax error: a value is missing, name = value;", ""),
    Slip("server = {\n  port\n};", "2: syntax error: a setting is written port = value;", "port"),
    Slip(
        "server = {\n  port == 10024;\n};",
        "2: syntax error: one = stands between a name and its value",
        "= 10024;"),
    Slip(
        #"server = {\#n  port = 10024;\#n  ip = "::1;\#n};"#,
        #"3: a text without its end, allowed: "text""#,
        nil),
    Slip(
        "server.port = 10024;",
        "1: syntax error: settings stand in the braces of their group, server = { … };",
        "server.port = 10024;"),
    Slip(
        #"server = {\#n  port = "10024";\#n};"#,
        #"2: server.port is "10024", allowed: an integer from 1 to 65535"#,
        nil),
    Slip(
        #"shutdown = {\#n  command = "/sbin/poweroff";\#n};"#,
        #"2: shutdown.command is "/sbin/poweroff", allowed: a program and its arguments, "#
            + #"such as ["/sbin/poweroff"], or []"#,
        nil),
    Slip(
        "shutdown = {\n  command = /sbin/poweroff;\n};",
        #"2: syntax error: texts stand in double quotes, "/sbin/poweroff""#,
        "/sbin/poweroff;"),
    Slip(
        "shutdown = {\n  command = [/sbin/poweroff, -f];\n};",
        #"2: syntax error: texts stand in double quotes, "/sbin/poweroff""#,
        "/sbin/poweroff, -f];"),
    Slip(
        #"shutdown = {\#n  escalation = ["/sbin/poweroff"];\#n};"#,
        #"2: shutdown.escalation is ["/sbin/poweroff"], allowed: up to 10 programs with "#
            + #"arguments, such as ( ["/sbin/poweroff", "-f"] )"#,
        nil),
    Slip(
        "server = {\n  user = null;\n};",
        #"2: syntax error: what is not wanted is left out, or is an empty text, """#,
        "null;"),
    Slip(
        "; a comment\nserver = {\n};",
        "1: syntax error: comments begin with # or //",
        "; a comment"),
    Slip(
        "server = {\n  port = 10024; -- a comment\n};",
        "2: syntax error, allowed: settings like name = value; and groups like name = { … };",
        "port = 10024; -- a comment"),
    Slip(
        "server = {\n  port = 10024;\n  port = 10025;\n};",
        "3: duplicate setting name, allowed: each name once in its group",
        "port = 10025;"),
    Slip(
        "server = {\n};\nserver = {\n};",
        "3: duplicate setting name, allowed: each name once in its group",
        "server = {"),
    Slip(
        "UPSNAME myups\nUPSCABLE smart",
        "1: syntax error: behind a name comes =, UPSNAME = value;",
        " myups"),
    Slip(
        "[ups]\n  driver = bicker_ser\n  port = /dev/ttyUSB0",
        "1: syntax error: groups are written ups = { … };",
        "[ups]"),
    Slip(
        "export PORT=10024",
        "1: syntax error, allowed: settings like name = value; and groups like name = { … };",
        "export PORT=10024"),
    Slip(
        "<server>\n  <port>10024</port>\n</server>",
        "1: syntax error: groups are written server = { … };",
        "<server>"),
    Slip(
        #"server = {\#n  ip = ("127.0.0.1", "::1";\#n};"#,
        "2: syntax error: this list has no end, )",
        #"("127.0.0.1", "::1";"#),
    Slip(
        "server = {\n  ip = [127.0.0.1];\n};",
        #"2: syntax error: texts stand in double quotes, "127.0.0.1""#,
        "127.0.0.1];"),
    Slip(
        "server = {\n  port = 1_000;\n};",
        "2: syntax error: numbers have digits alone, 1000",
        "1_000;"),
    Slip(
        "server = {\n  /* port = 1;\n};",
        "2: a comment /* without its end, allowed: /* comment */",
        nil),
    Slip(
        #"mqtt = {\#n  tls = {\#n    caFile = "/a";\#n  };"#,
        "1: syntax error: the group mqtt has no end, a brace and a semicolon, };",
        "{"),
    Slip(
        "mqtt = {\n  keepalive = 30;\n  tls = { caFile: /etc/ssl/ca.crt };\n};",
        #"3: syntax error: texts stand in double quotes, "/etc/ssl/ca.crt""#,
        "/etc/ssl/ca.crt };"),
    Slip(
        "a = 1;\nserver = {\n  port = yes;\n};",
        "3: syntax error: yes and no are written true and false, here true;",
        "yes;"),
    Slip(
        "server = {\n  port = 10024;\n  # a comment's quote\n  ip = any;\n};",
        #"4: syntax error: texts stand in double quotes, "any""#,
        "any;"),
]

@Test(arguments: slips)
private func aSlipIsUnderstood(_ slip: Slip) {
    #expect(told(slip.text) == slip.told)
}

/// The mark stands below its place also where tabs and strange characters come before it.
@Test func theMarkStandsBelowItsPlace() {
    let told = told("server = {\n\t/* \u{1B} */ port = yes; };")
    #expect(told.hasSuffix("\n    \t/* ? */ port = yes; };\n    \t               ^"))
}

@Test func whatIsOnlyUnusualIsTaken() {
    for text in [
        #"server = {\#n  port = 10024,\#n  ip = "::1";\#n};\#n"#,
        #"shutdown = {\#n  command = ["/sbin/poweroff" "-f"];\#n};\#n"#,
        #"poll = {\#n  status = .1;\#n};\#n"#,
        #"server = {\#n  port = 010024;\#n};\#n"#,
        #"server = {\#n  serial = "C:\dev";\#n};\#n"#,
        #"server = {\#n  shutdownDelay: 15;\#n};\#n"#,
        #"server =\#n{\#n  port = 1;\#n}\#n"#,
        #"server:\#n{\#n  port: 1\#n}\#n"#,
        #"ups = { name = "it's # fine"; };\#n"#,
    ] {
        #expect(told(text) == "")
    }
}

@Test func aMarkOfTheByteOrderIsSkipped() throws {
    let parsed = try Configuration.parse("\u{FEFF}server = {\n  port = 81;\n};\n", path: "x.cfg")
    #expect(parsed.configuration.server.port == 81)
}

/// One look at the file, one list; a log gets one line.
@Test func everyFaultIsTold() {
    let text = "server = {\n port = 0;\n ip = 1;\n};\nmqtt = 1;\npoll = { slow = 0; };\n"
    #expect(
        told(text).split(separator: "\n").map { $0.prefix(7) } == [
            "x.cfg:2", "x.cfg:3", "x.cfg:5", "x.cfg:6",
        ])
    #expect(refusal(of: text).hasPrefix("x.cfg:2: server.port is 0,"))
    #expect(refusal(of: text).hasSuffix("(and 3 more)"))
}

/// Latin-1, which old editors write.
@Test func otherBytesAreNamed() {
    #expect(
        told("server = { www = \"k\u{FFFD}\"; };")
            == #"x.cfg:1: server.www is "k?", which is not UTF-8, "#
            + "allowed: a path, 1 to 1000 bytes")
}
