// The warnings, word for word, and what is quiet.

import Testing

@testable import Configuration

private func warnings(of text: String) throws -> [String] {
    try Configuration.parse(text, path: "x.cfg").warnings.map(\.description)
}

private let unknown = [
    Refusal(
        "server = {\n prot = 1;\n};",
        "2: unknown key server.prot, the nearest known one is server.port"),
    Refusal(
        "server = { Port = 1; };",
        "1: unknown key server.Port, the nearest known one is server.port"),
    Refusal("sevrer = { port = 1; };", "1: unknown group sevrer, the nearest known one is server"),
    Refusal("port = 1;", "1: unknown key port, the nearest known one is server.port"),
    Refusal(
        "server = { deadTime = 1; };",
        "1: unknown key server.deadTime, the nearest known one is shutdown.deadTime"),
    Refusal(
        "mqtt = { keepAlive = 1; };",
        "1: unknown key mqtt.keepAlive, the nearest known one is mqtt.keepalive"),
    Refusal(
        #"mqtt = { tls = { caFile = ""; keyfiel = ""; }; };"#,
        "1: unknown key mqtt.tls.keyfiel, the nearest known one is mqtt.tls.keyFile"),
]

private let delays = [
    Refusal(
        "server = {\n  shutdownDelay = 36;\n};",
        "2: shutdownDelay is 36 s, but the UPS's timer leaves 35 s, which holds (maxBackupTime "
            + "60 s, hostShutdownTime 20 s, reserve 5 s)"),
    Refusal(
        "ups = { maxBackupTime = 27; };",
        "1: shutdownDelay is 15 s, but the UPS's timer leaves 2 s, which holds (maxBackupTime "
            + "27 s, hostShutdownTime 20 s, reserve 5 s)"),
    Refusal(
        "server = { shutdownByTime = false; shutdownBySoc = true; };\n"
            + "shutdown = { hostShutdownTime = 54; };",
        "2: maxBackupTime is 60 s, but a shutdown needs 61 s: the UPS may cut its output while "
            + "this host is still up"),
]

private let switches =
    "shutdownByTime and shutdownBySoc are off: this host will never be shut down by time or "
    + "charge, only by low runtime, a lost link or the UPS's timer"

private let warnings = [
    Refusal(
        "server = { shutdownDelay = 0; };",
        "1: shutdownDelay is 0 s: every outage that lasts for 2 readings shuts this host down"),
    Refusal(
        "server = { shutdownBySoc = true; shutdownSocPercent = 100; };",
        "1: shutdownSocPercent is 100: the first percent that an outage takes shuts this host down"
    ),
    Refusal("server = { shutdownByTime = false; };", "1: \(switches)"),
    Refusal(
        "server = { shutdownByTime = false; shutdownBySoc = true; shutdownSocPercent = 0; };",
        "1: \(switches)"),
    Refusal(
        "server = { daemonize = true; };",
        "1: daemonize has no effect: the service manager does this"),
    Refusal(
        #"server = { ip = ("127.0.0.1", "0.0.0.0"); };"#,
        "1: 0.0.0.0 is not loopback: it serves the status to everyone who reaches it; commands "
            + "stay limited to this host"),
    Refusal(
        #"server = { ip = "::"; webCommands = "off"; };"#,
        "1: :: is not loopback: it serves the status to everyone who reaches it; commands are off"),
    Refusal(
        #"server = { ip = "::"; webCommands = "token"; controlTokenFile = "/t"; };"#,
        "1: :: is not loopback: it serves the status to everyone who reaches it; commands need "
            + "the token, which crosses the network unencrypted"),
    Refusal(
        #"shutdown = { escalation = ( ["/b"] ); };"#,
        "1: escalation without command: the first attempt is the built-in way"),
    Refusal(
        #"shutdown = { command = ["poweroff"]; };"#,
        #"1: "poweroff" is not an absolute path: it must be found at the moment of the shutdown"#),
    Refusal(
        #"mqtt = { host = "broker"; };"#,
        "1: commands are on, without a username, on a broker elsewhere: whoever may publish there "
            + "may command"),
    Refusal(
        #"mqtt = { passwordFile = "/p"; };"#, "1: passwordFile without username has no effect"),
    Refusal(
        "mqtt = {\n host = \"broker\"; username = \"u\";\n passwordFile = \"/p\";\n};",
        "3: without tls the password crosses the network unencrypted"),
    Refusal(
        #"mqtt = { tls = { caFile = "/c"; insecure = true; }; };"#,
        "1: insecure is on: the broker's certificate is not checked against its name"),
    Refusal(
        "mqtt = {\n tls = { };\n};",
        "2: tls without caFile: the connection to the broker is not encrypted"),
]

@Test(arguments: unknown + delays + warnings)
func aDoubtIsAWarningWithItsLine(_ warning: Refusal) throws {
    #expect(try warnings(of: warning.text) == ["x.cfg:\(warning.error)"])
}

@Test(
    arguments: [
        "server = { shutdownDelay = 35; };",
        "server = { shutdownDelay = 600; }; ups = { maxBackupTime = 0; };",
        "server = { shutdownDelay = 600; shutdownByTime = false; shutdownBySoc = true; };",
        #"server = { ip = ("127.1.2.3", "::1", "::ffff:127.0.0.1"); };"#,
        #"mqtt = { host = "LocalHost"; };"#,
        #"mqtt = { host = "::1"; };"#,
        #"mqtt = { host = "broker"; username = "u"; };"#,
        #"mqtt = { host = "broker"; commands = false; };"#,
    ])
func whatIsRightIsQuiet(_ text: String) throws {
    #expect(try warnings(of: text) == [])
}

@Test func theStandingProblemFollowsTheMeasuredShutdownTime() {
    var configuration = Configuration()
    #expect(configuration.standingProblem == nil)
    configuration.policy.hostShutdownTime = .seconds(50)
    #expect(
        configuration.standingProblem
            == "shutdownDelay is 15 s, but the UPS's timer leaves 5 s, which holds (maxBackupTime "
            + "60 s, hostShutdownTime 50 s, reserve 5 s)")
    #expect(configuration.warnings(at: [:]).map(\.text) == [configuration.standingProblem])
    configuration.policy.hostShutdownTime = .seconds(60)
    #expect(
        configuration.standingProblem
            == "shutdownDelay is 15 s, but the UPS's timer leaves 2 s, which holds (maxBackupTime "
            + "60 s, hostShutdownTime 60 s, reserve 5 s); maxBackupTime is 60 s, but a shutdown "
            + "needs 67 s: the UPS may cut its output while this host is still up")
}

@Test func unknownKeysHaveALimit() throws {
    let text = (1...200).map { "k\($0) = 1;\n" }.joined()
    let warnings = try warnings(of: text)
    #expect(warnings.count == 101)
    #expect(warnings.last == "x.cfg:101: more unknown keys, which are not listed")
    let long = String(repeating: "k", count: 100_000)
    #expect(try Configuration.parse(long + " = 1;", path: "x").warnings[0].text.count < 150)
}

@Test(
    arguments: [
        ("", "", 0), ("port", "port", 0), ("", "port", 4), ("port", "", 4), ("prot", "port", 1),
        ("pot", "port", 1), ("porrt", "port", 1), ("part", "port", 1), ("host", "port", 2),
    ] as [(String, String, Int)])
func distancesCountLetters(_ left: String, _ right: String, _ distance: Int) {
    #expect(NearestName.distance(Array(left), Array(right)) == distance)
}
