// Where each value of a file goes, and the liberties that are taken.

import Configuration
import Testing
import UPS

private func parse(_ text: String) throws -> Configuration {
    try Configuration.parse(text, path: "x.cfg").configuration
}

@Test func everyValueArrives() throws {
    let configuration = try parse(
        """
        server = { ip = ["127.0.0.1", "::1"]; port = 80; serial = "/dev/ups"; user = "ups";
          group = 4294967294L; daemonize = true; logToFile = true; logDirectory = "/l";
          eventLog = "/e"; shutdownByTime = false; shutdownDelay = 16; shutdownBySoc = true;
          shutdownSocPercent = 26; www = "/w"; runtimeDirectory = "/r"; maxClients = 50;
          maxRawClients = 40; webCommands = "token"; controlTokenFile = "/t";
          stateDirectory = "/s"; };
        ups = { name = "Küche \\"1\\""; inputVoltage = 24; batteryVoltage = 21.5;
          powerReturnPercent = 80; maxBackupTime = 120; wakeupDelay = 9; maxAmps = 2.5;
          cutoffVoltage = 9.25; };
        poll = { status = 0; values = 2; slow = 20.5; timeout = 0.25; };
        shutdown = { command = ("/bin/a", "b c"); escalation = ( ["/bin/d"], ("/bin/e", "") );
          hostShutdownTime = 30; reserve = 6; confirmReadings = 3; lowChargeHold = 3;
          returnHold = 7.5; deadTime = 20; dryRun = true; cutOutput = "onBattery";
          rebootIfPowerReturned = false; };
        mqtt = { host = "broker.lan"; port = 8883; prefix = "home/ups"; id = "rack"; username = "u";
          passwordFile = "/p"; discovery = false; discoveryPrefix = "ha"; commands = false;
          keepalive = 60; tls = { caFile = "/ca"; certFile = "/c"; keyFile = "/k";
          insecure = true; }; };
        """)
    #expect(configuration == everythingChanged())
}

/// A configuration without any default.
func everythingChanged() -> Configuration {
    var configuration = Configuration()
    var server = Configuration.Server()
    server.addresses = ["127.0.0.1", "::1"]
    server.port = 80
    server.serial = "/dev/ups"
    server.user = .name("ups")
    server.group = .id(4_294_967_294)
    server.daemonize = true
    server.logToFile = true
    server.logDirectory = "/l"
    server.eventLog = "/e"
    server.www = "/w"
    server.runtimeDirectory = "/r"
    server.maxClients = 50
    server.maxRawClients = 40
    server.webCommands = .token
    server.controlTokenFile = "/t"
    server.stateDirectory = "/s"
    configuration.server = server
    configuration.rating = changedRating()
    configuration.intervals = PollIntervals(
        status: .zero, values: .seconds(2), slow: .milliseconds(20500),
        timeout: .milliseconds(250))
    configuration.policy = changedPolicy()
    configuration.host.command = ["/bin/a", "b c"]
    configuration.host.escalation = [["/bin/d"], ["/bin/e", ""]]
    configuration.host.cutOutput = .onBattery
    configuration.host.rebootIfPowerReturned = false
    configuration.broker = changedBroker()
    return configuration
}

private func changedRating() -> Rating {
    var rating = Rating()
    rating.name = "Küche \"1\""
    rating.inputVoltage = Voltage(millivolts: 24000)
    rating.batteryVoltage = Voltage(millivolts: 21500)
    rating.powerReturnPercent = 80
    rating.maximumBackupTime = .seconds(120)
    rating.wakeupDelay = .seconds(9)
    rating.maximumAmperes = 2.5
    rating.cutoffVoltage = Voltage(millivolts: 9250)
    return rating
}

private func changedPolicy() -> ShutdownPolicy {
    var policy = ShutdownPolicy()
    policy.byTime = false
    policy.delay = .seconds(16)
    policy.byCharge = true
    policy.lowChargePercent = 26
    policy.hostShutdownTime = .seconds(30)
    policy.reserve = .seconds(6)
    policy.confirmReadings = 3
    policy.lowChargeHold = .seconds(3)
    policy.returnHold = .milliseconds(7500)
    policy.deadTime = .seconds(20)
    policy.maximumBackupTime = .seconds(120)
    policy.dryRun = true
    policy.steps = 3
    return policy
}

private func changedBroker() -> Configuration.Broker {
    var broker = Configuration.Broker()
    broker.host = "broker.lan"
    broker.port = 8883
    broker.prefix = "home/ups"
    broker.id = "rack"
    broker.username = "u"
    broker.passwordFile = "/p"
    broker.discovery = false
    broker.discoveryPrefix = "ha"
    broker.commands = false
    broker.keepalive = 60
    var tls = Configuration.TLS()
    tls.caFile = "/ca"
    tls.certFile = "/c"
    tls.keyFile = "/k"
    tls.insecure = true
    broker.tls = tls
    return broker
}

@Test func zeroMeansNeverOrTheDefault() throws {
    let configuration = try parse("ups = { maxBackupTime = 0; cutoffVoltage = 0; };")
    #expect(configuration.policy.maximumBackupTime == nil)
    #expect(configuration.rating.maximumBackupTime == nil)
    #expect(configuration.rating.cutoffVoltage == nil)
    #expect(configuration.rating.cutoff == Voltage(millivolts: 5200))
}

@Test func accountsAreNamesOrIds() throws {
    #expect(try parse("server = { user = 0; };").server.user == .id(0))
    #expect(try parse("server = { user = 0x10; };").server.user == .id(16))
    #expect(try parse("server = { user = -1; };").server.user == .unchanged)
    #expect(try parse("server = { user = \"_ups-1\"; };").server.user == .name("_ups-1"))
}

@Test func fewerClientsMeanFewerRawOnes() throws {
    #expect(try parse("server = { maxClients = 100; };").server.maxRawClients == 100)
    #expect(try parse("server = { maxClients = 5000; };").server.maxRawClients == 600)
}

@Test func longIntegersAndOtherSpellingsCount() throws {
    let text = "server : { port = 1L, shutdownDelay = 0x10 }"
    let configuration = try parse(text)
    #expect(configuration.server.port == 1)
    #expect(configuration.policy.delay == .seconds(16))
}

@Test(arguments: ["", " // x", "/* 99999999999 */", "a-99999999999 = \"99999999999\";"])
func numbersElsewhereAreNoIntegers(_ text: String) throws {
    #expect(try parse(text + "\nserver = { port = 80; };").server.port == 80)
}

@Test(
    arguments: [
        ("0.12345678901", 123), (".1234567890123", 123), ("1.25e-1", 125), ("+2E-1", 200),
        ("0.4", 400), ("0", 0), ("0.5", 500),
    ] as [(String, Int)])
func decimalsAreReadToTheMillisecond(_ text: String, _ milliseconds: Int) throws {
    let configuration = try parse("poll = { status = \(text); };")
    #expect(configuration.intervals.status == .milliseconds(milliseconds))
}
