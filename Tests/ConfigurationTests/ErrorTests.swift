// The errors of single keys, word for word.

import Configuration
import Testing

/// A text, and the error it gives after `x.cfg:`.
struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let error: String

    init(_ text: String, _ error: String) {
        self.text = text
        self.error = error
    }

    var testDescription: String { text }
}

func refusal(of text: String) -> String {
    do {
        _ = try Configuration.parse(text, path: "x.cfg")
        return "accepted"
    } catch {
        return error.description
    }
}

private let addresses =
    "1 to 16 numeric IP addresses, each once; this host is 127.0.0.1 or ::1"
private let account = "a name, an id from 0 to 4294967294, or -1 = stay"
private let command = #"a program and its arguments, such as ["/sbin/poweroff"], or []"#
private let commands =
    #"up to 10 programs with arguments, such as ( ["/sbin/poweroff", "-f"] )"#
private let topic =
    #"topic levels without + and #, such as "home/ups", 1 to 128 bytes"#
private let level = "one topic level without + # and /, empty = the host name, 0 to 64 bytes"

private let wrongTypes = [
    Refusal("server = 5;", "1: server is 5, allowed: a group, server = { … };"),
    Refusal("mqtt = { tls = 1; };", "1: mqtt.tls is 1, allowed: a group, tls = { … };"),
    Refusal(
        "server = {\n  port = \"80\";\n};",
        #"2: server.port is "80", allowed: an integer from 1 to 65535"#),
    Refusal(
        "server = { port = 80.0; };",
        "1: server.port is 80.0, allowed: an integer from 1 to 65535"),
    Refusal(
        "server = { port = { a = 1; }; };",
        "1: server.port is a group, allowed: an integer from 1 to 65535"),
    Refusal(
        "server = { daemonize = 0; };", "1: server.daemonize is 0, allowed: true or false"),
    Refusal(
        "poll = { slow = true; };",
        "1: poll.slow is true, allowed: a number from 1 to 3600 s"),
    Refusal("server = { www = 1; };", "1: server.www is 1, allowed: a path, 1 to 1000 bytes"),
    Refusal(
        #"shutdown = { command = "/sbin/poweroff"; };"#,
        #"1: shutdown.command is "/sbin/poweroff", allowed: \#(command)"#),
    Refusal(
        "shutdown = { command = [1, 2]; };",
        "1: shutdown.command is ( 1, 2 ), allowed: \(command)"),
    Refusal(
        #"shutdown = { command = [""]; };"#,
        #"1: shutdown.command is [""], allowed: \#(command)"#),
    Refusal(
        #"shutdown = { escalation = ["/a", "/b"]; };"#,
        #"1: shutdown.escalation is ["/a", "/b"], allowed: \#(commands)"#),
    Refusal(
        #"shutdown = { escalation = (["/a"], []); };"#,
        #"1: shutdown.escalation is ( ["/a"], [] ), allowed: \#(commands)"#),
]

private let wrongNumbers = [
    Refusal(
        "server = { port = 0; };", "1: server.port is 0, allowed: an integer from 1 to 65535"),
    Refusal(
        "server = { port = 4294977320L; };",
        "1: server.port is 4294977320L, allowed: an integer from 1 to 65535"),
    Refusal(
        "server = { shutdownDelay = 86401; };",
        "1: server.shutdownDelay is 86401, allowed: an integer from 0 to 86400 s"),
    Refusal(
        "server = { shutdownSocPercent = 101; };",
        "1: server.shutdownSocPercent is 101, allowed: an integer from 0 to 100 %"),
    Refusal(
        "poll = { timeout = 0.049; };",
        "1: poll.timeout is 0.049, allowed: a number from 0.05 to 1 s"),
    Refusal(
        "poll = { status = 1e999; };",
        "1: poll.status is inf, allowed: a number from 0 to 0.5 s"),
    Refusal(
        "ups = { maxAmps = -5; };", "1: ups.maxAmps is -5, allowed: a number from 0.1 to 100 A"),
    Refusal(
        "ups = { maxBackupTime = -1; };",
        "1: ups.maxBackupTime is -1, allowed: an integer from 0 to 86400 s, 0 = never"),
    Refusal(
        "ups = { cutoffVoltage = 101; };",
        "1: ups.cutoffVoltage is 101, allowed: a number from 0 to 100 V, "
            + "0 = half of batteryVoltage"),
    Refusal("server = { user = -2; };", "1: server.user is -2, allowed: \(account)"),
    Refusal(
        "server = { user = 4294967295L; };",
        "1: server.user is 4294967295L, allowed: \(account)"),
    Refusal(
        "mqtt = { keepalive = 4; };",
        "1: mqtt.keepalive is 4, allowed: an integer from 5 to 3600 s"),
]

private let wrongTexts = [
    Refusal(
        #"server = { ip = "localhost"; };"#, #"1: server.ip is "localhost", allowed: \#(addresses)"#
    ),
    Refusal("server = { ip = []; };", "1: server.ip is [], allowed: \(addresses)"),
    Refusal(
        #"server = { ip = ["::1", "0:0::1"]; };"#,
        #"1: server.ip is ["::1", "0:0::1"], allowed: \#(addresses)"#),
    Refusal(#"server = { user = "1000"; };"#, #"1: server.user is "1000", allowed: \#(account)"#),
    Refusal(
        #"server = { serial = ""; };"#, #"1: server.serial is "", allowed: a path, 1 to 1000 bytes"#
    ),
    Refusal(
        "server = { www = \"a\nb\"; };",
        #"1: server.www is "a?b", allowed: a path, 1 to 1000 bytes"#
    ),
    Refusal(
        #"server = { webCommands = "all"; };"#,
        #"1: server.webCommands is "all", allowed: "loopback", "token", "off""#),
    Refusal(
        #"shutdown = { cutOutput = "Never"; };"#,
        #"1: shutdown.cutOutput is "Never", allowed: "never", "onBattery", "always""#),
    Refusal(
        #"ups = { name = "\#(String(repeating: "x", count: 65))"; };"#,
        #"1: ups.name is "\#(String(repeating: "x", count: 59))…, allowed: text, 0 to 64 bytes"#),
    Refusal(
        #"mqtt = { host = "localhost:1883"; };"#,
        #"1: mqtt.host is "localhost:1883", allowed: a host name or a numeric address, "#
            + "1 to 253 bytes"),
    Refusal(#"mqtt = { prefix = "a/+"; };"#, #"1: mqtt.prefix is "a/+", allowed: \#(topic)"#),
    Refusal(#"mqtt = { prefix = "/a"; };"#, #"1: mqtt.prefix is "/a", allowed: \#(topic)"#),
    Refusal(#"mqtt = { prefix = "$SYS"; };"#, #"1: mqtt.prefix is "$SYS", allowed: \#(topic)"#),
    Refusal(#"mqtt = { prefix = ""; };"#, #"1: mqtt.prefix is "", allowed: \#(topic)"#),
    Refusal(#"mqtt = { id = "a/b"; };"#, #"1: mqtt.id is "a/b", allowed: \#(level)"#),
    Refusal("mqtt = { id = \"#\u{301}\"; };", "1: mqtt.id is \"#\u{301}\", allowed: \(level)"),
]

private let wrongTogether = [
    Refusal(
        "server = {\n maxClients = 100;\n maxRawClients = 101;\n};",
        "3: server.maxRawClients is 101, allowed: at most server.maxClients, 100"),
    Refusal(
        #"server = { webCommands = "token"; };"#,
        #"1: server.webCommands is "token", allowed: only with a file in server.controlTokenFile"#),
    Refusal(
        "ups = { cutoffVoltage = 10.5; };",
        "1: ups.cutoffVoltage is 10.5, allowed: at most ups.batteryVoltage, 10.4 V"),
    Refusal(
        "mqtt = { tls = { insecure = true; }; };",
        "1: mqtt.tls.insecure is true, allowed: only with a file in mqtt.tls.caFile, such as "
            + "/etc/ssl/certs/ca-certificates.crt"),
    Refusal(
        #"mqtt = { tls = { certFile = "/c"; keyFile = "/k"; }; };"#,
        #"1: mqtt.tls.certFile is "/c", allowed: only with a file in mqtt.tls.caFile, such as "#
            + "/etc/ssl/certs/ca-certificates.crt"),
    Refusal(
        #"mqtt = { tls = { caFile = "/a"; keyFile = "/k"; }; };"#,
        #"1: mqtt.tls.keyFile is "/k", allowed: only together with mqtt.tls.certFile"#),
]

@Test(arguments: wrongTypes + wrongNumbers + wrongTexts + wrongTogether)
func aWrongValueIsAnErrorWithItsLine(_ refusal: Refusal) {
    #expect(ConfigurationTests.refusal(of: refusal.text) == "x.cfg:\(refusal.error)")
}
