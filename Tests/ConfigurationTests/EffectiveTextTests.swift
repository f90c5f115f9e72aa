// The effective values, word for word, and as a configuration of their own.

import Configuration
import Testing

private let defaults = """
    server = {
      ip = "127.0.0.1";  # 1 to 16 numeric IP addresses, each once; this host is 127.0.0.1 or ::1
      port = 10024;  # an integer from 1 to 65535
      serial = "/dev/ttyUSB0";  # a path, 1 to 1000 bytes
      user = -1;  # a name, an id from 0 to 4294967294, or -1 = stay
      group = -1;  # a name, an id from 0 to 4294967294, or -1 = stay
      daemonize = false;  # true or false
      logToFile = false;  # true or false
      logDirectory = "/var/lib/ups-server";  # a path, 1 to 1000 bytes
      eventLog = "/var/lib/ups-server/event.log";  # a path, 1 to 1000 bytes
      shutdownByTime = true;  # true or false
      shutdownDelay = 15;  # an integer from 0 to 86400 s
      shutdownBySoc = false;  # true or false
      shutdownSocPercent = 25;  # an integer from 0 to 100 %
      www = "/opt/www/ups-server";  # a path, 1 to 1000 bytes
      runtimeDirectory = "/run/ups-server";  # a path, 1 to 90 bytes
      maxClients = 1200;  # an integer from 20 to 10000
      maxRawClients = 600;  # an integer from 1 to 10000
      webCommands = "loopback";  # "loopback", "token", "off"
      controlTokenFile = "";  # a path, 0 to 1000 bytes
      stateDirectory = "/var/lib/ups-server";  # a path, 1 to 1000 bytes
    };
    ups = {
      name = "";  # text, 0 to 64 bytes
      inputVoltage = 12.4;  # a number from 1 to 100 V
      batteryVoltage = 10.4;  # a number from 1 to 100 V
      powerReturnPercent = 90;  # an integer from 0 to 100 %
      maxBackupTime = 60;  # an integer from 0 to 86400 s, 0 = never
      wakeupDelay = 8;  # an integer from 0 to 3600 s
      maxAmps = 5.0;  # a number from 0.1 to 100 A
      cutoffVoltage = 0.0;  # a number from 0 to 100 V, 0 = half of batteryVoltage
    };
    poll = {
      status = 0.1;  # a number from 0 to 0.5 s
      values = 1.0;  # a number from 0.2 to 60 s
      slow = 10.0;  # a number from 1 to 3600 s
      timeout = 0.5;  # a number from 0.05 to 1 s
    };
    shutdown = {
      command = [];  # a program and its arguments, such as ["/sbin/poweroff"], or []
      escalation = [];  # up to 10 programs with arguments, such as ( ["/sbin/poweroff", "-f"] )
      hostShutdownTime = 20;  # an integer from 1 to 3600 s
      reserve = 5;  # an integer from 0 to 600 s
      confirmReadings = 2;  # an integer from 1 to 10
      lowChargeHold = 2.0;  # a number from 0 to 60 s
      returnHold = 5.0;  # a number from 0 to 300 s
      deadTime = 15;  # an integer from 2 to 3600 s
      dryRun = false;  # true or false
      cutOutput = "never";  # "never", "onBattery", "always"
      rebootIfPowerReturned = true;  # true or false
    };

    """

private let changedBroker = """
    mqtt = {
      host = "broker.lan";  # <- the default is "127.0.0.1"; a host name or a numeric address, 1 \
    to 253 bytes
      port = 8883;  # <- the default is 1883; an integer from 1 to 65535
      prefix = "home/ups";  # <- the default is "ups"; topic levels without + and #, such as \
    "home/ups", 1 to 128 bytes
      id = "rack";  # <- the default is ""; one topic level without + # and /, empty = the host \
    name, 0 to 64 bytes
      username = "u";  # <- the default is ""; text, 0 to 256 bytes
      passwordFile = "/p";  # <- the default is ""; a path, 0 to 1000 bytes
      discovery = false;  # <- the default is true; true or false
      discoveryPrefix = "ha";  # <- the default is "homeassistant"; topic levels without + and #, \
    such as "home/ups", 1 to 128 bytes
      commands = false;  # <- the default is true; true or false
      keepalive = 60;  # <- the default is 30; an integer from 5 to 3600 s
      tls = {
        caFile = "/ca";  # <- the default is ""; a path, 0 to 1000 bytes
        certFile = "/c";  # <- the default is ""; a path, 0 to 1000 bytes
        keyFile = "/k";  # <- the default is ""; a path, 0 to 1000 bytes
        insecure = true;  # <- the default is false; true or false
      };
    };

    """

private let withoutNUT = "# NUT has no listener of its own: there is no group nut.\n"

private let changedNUT = """
    nut = {
      ip = ["::1", "192.0.2.7"];  # <- the default is "127.0.0.1"; 1 to 16 numeric IP addresses, \
    each once; this host is 127.0.0.1 or ::1
      port = 13493;  # <- the default is 3493; an integer from 1 to 65535
      name = "rack";  # <- the default is "ups"; letters, digits and _ - ., 1 to 32 bytes
      aliases = ["ups", "qnapups"];  # <- the default is []; up to 16 names such as ["qnapups"], \
    or []
    };

    """

@Test func theEffectiveDefaultsAreWrittenOut() {
    let closing = "# MQTT is off: there is no group mqtt.\n"
    #expect(Configuration().effectiveText == defaults + closing + withoutNUT)
}

@Test func theEffectiveListenerOfNUTIsWrittenOut() throws {
    var configuration = Configuration()
    configuration.broker = Configuration.Broker()
    var nut = Configuration.NUT()
    (nut.addresses, nut.port) = (["::1", "192.0.2.7"], 13493)
    (nut.name, nut.aliases) = ("rack", ["ups", "qnapups"])
    configuration.nut = nut
    #expect(configuration.effectiveText.hasSuffix("};\n" + changedNUT))
    let again = try Configuration.parse(configuration.effectiveText, path: "told.cfg")
    #expect(again.configuration == configuration && again.warnings.isEmpty)
}

@Test(arguments: [
    "name = \"a b\"", "name = \"\"", "aliases = [\"a\", \"b#\"]", "aliases = \"a\"", "port = 0",
    "ip = \"localhost\"", "ip = [\"::1\", \"::1\"]",
])
func aWrongListenerOfNUT(key: String) {
    #expect(throws: ConfigurationError.self) {
        try Configuration.parse("nut = { \(key); };", path: "x.cfg")
    }
}

@Test func theEffectiveBrokerIsWrittenOut() {
    var configuration = Configuration()
    configuration.broker = everythingChanged().broker
    #expect(configuration.effectiveText == defaults + changedBroker + withoutNUT)
}

@Test func theEffectiveTextIsTheSameConfiguration() throws {
    var withBroker = Configuration()
    withBroker.broker = Configuration.Broker()
    var open = Configuration()
    open.server.addresses = ["::"]
    open.server.user = .id(4_294_967_294)
    open.rating.name = #"\ "quoted" \x41 é"# + "\"\u{301}"
    open.policy.maximumBackupTime = nil
    open.rating.maximumBackupTime = nil
    open.policy.returnHold = .milliseconds(299_999)
    open.intervals.slow = .milliseconds(3_599_999)
    for configuration in [Configuration(), withBroker, open, everythingChanged()] {
        let text = configuration.effectiveText
        #expect(try Configuration.parse(text, path: "x.cfg").configuration == configuration)
    }
}

/// Texts near the documented one: each is refused, or what holds can be written down.
@Test(arguments: 1...20)
func aDamagedTextIsRefusedOrUnderstood(_ seed: UInt64) throws {
    var random = Seeded(state: seed)
    var accepted = 0
    for _ in 0..<50 {
        var bytes = Array(documentedDefaults.utf8)
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] = Array("09.-\"/*#;={}[]()L\n\0\u{7F}".utf8).randomElement(using: &random)!
        let text = String(decoding: bytes, as: UTF8.self)
        guard let parsed = try? Configuration.parse(text, path: "x.cfg") else { continue }
        accepted += 1
        let again = try Configuration.parse(parsed.configuration.effectiveText, path: "y.cfg")
        #expect(again.configuration == parsed.configuration, "\(text)")
    }
    #expect(accepted > 0)
}

/// SplitMix64.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
