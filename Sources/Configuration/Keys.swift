// The one table of all keys: names, ranges, where each value goes. It drives reading, the
// effective values and the hints at unknown keys.

internal import UPS

/// A key of a group whose values go into a `Root`.
struct Key<Root>: Sendable {
    let name: String
    /// What is allowed, in words.
    let allowed: String
    /// Says whether the value is allowed, and stores it.
    let store: @Sendable (Value, inout Root) -> Bool
    let load: @Sendable (Root) -> Value

    init<Content>(
        _ name: String, _ path: any WritableKeyPath<Root, Content> & Sendable, _ form: Form<Content>
    ) {
        self.name = name
        allowed = form.allowed
        store = { value, root in
            guard let content = form.decode(value) else { return false }
            root[keyPath: path] = content
            return true
        }
        load = { form.encode($0[keyPath: path]) }
    }
}

struct KeyGroup<Root>: Sendable {
    /// Its name, with the groups around it: `mqtt.tls`.
    let path: String
    let keys: [Key<Root>]

    var paths: [String] { [path] + keys.map { "\(path).\($0.name)" } }
}

enum Keys {
    static let server = KeyGroup<Configuration>(
        path: "server",
        keys: [
            Key("ip", \.server.addresses, .addresses),
            Key("port", \.server.port, .integer(1...65535)),
            Key("serial", \.server.serial, .path()),
            Key("user", \.server.user, .account),
            Key("group", \.server.group, .account),
            Key("daemonize", \.server.daemonize, .boolean),
            Key("logToFile", \.server.logToFile, .boolean),
            Key("logDirectory", \.server.logDirectory, .path()),
            Key("eventLog", \.server.eventLog, .path()),
            Key("shutdownByTime", \.policy.byTime, .boolean),
            // 0, which the original took, is as soon as an outage is confirmed.
            Key(
                "shutdownDelay", \.policy.delay,
                .seconds(0...ShutdownPolicy.delayRange.upperBound)),
            Key("shutdownBySoc", \.policy.byCharge, .boolean),
            Key("shutdownSocPercent", \.policy.lowChargePercent, .integer(0...100, " %")),
            Key("www", \.server.www, .path()),
            // With `/control.sock` it must fit into a socket address: 107 bytes.
            Key("runtimeDirectory", \.server.runtimeDirectory, .path(1...90)),
            Key("maxClients", \.server.maxClients, .integer(20...10000)),
            Key("maxRawClients", \.server.maxRawClients, .integer(1...10000)),
            Key("webCommands", \.server.webCommands, .choice),
            Key("controlTokenFile", \.server.controlTokenFile, .path(0...1000)),
            Key("stateDirectory", \.server.stateDirectory, .path()),
        ])

    static let ups = KeyGroup<Configuration>(
        path: "ups",
        keys: [
            Key("name", \.rating.name, .text(0...64)),
            Key("inputVoltage", \.rating.inputVoltage, .volts(1...100)),
            Key("batteryVoltage", \.rating.batteryVoltage, .volts(1...100)),
            Key("powerReturnPercent", \.rating.powerReturnPercent, .integer(0...100, " %")),
            Key("maxBackupTime", \.maximumBackupTime, .secondsOrNever(upTo: 86400)),
            Key("wakeupDelay", \.rating.wakeupDelay, .seconds(0...3600)),
            Key("maxAmps", \.rating.maximumAmperes, .amperes(0.1...100)),
            Key(
                "cutoffVoltage", \.rating.cutoffVoltage,
                .volts(upTo: 100, otherwise: "half of batteryVoltage")),
        ])

    static let poll = KeyGroup<Configuration>(
        path: "poll",
        keys: [
            Key("status", \.intervals.status, .decimalSeconds(0...0.5)),
            Key("values", \.intervals.values, .decimalSeconds(0.2...60)),
            Key("slow", \.intervals.slow, .decimalSeconds(1...3600)),
            Key("timeout", \.intervals.timeout, .decimalSeconds(0.05...1)),
        ])

    static let shutdown = KeyGroup<Configuration>(
        path: "shutdown",
        keys: [
            Key("command", \.host.command, .command),
            Key("escalation", \.escalation, .commands),
            Key("hostShutdownTime", \.policy.hostShutdownTime, .seconds(1...3600)),
            Key("reserve", \.policy.reserve, .seconds(0...600)),
            Key("confirmReadings", \.policy.confirmReadings, .integer(1...10)),
            Key("lowChargeHold", \.policy.lowChargeHold, .decimalSeconds(0...60)),
            Key("returnHold", \.policy.returnHold, .decimalSeconds(0...300)),
            Key("deadTime", \.policy.deadTime, .seconds(2...3600)),
            Key("dryRun", \.policy.dryRun, .boolean),
            Key("cutOutput", \.host.cutOutput, .choice),
            Key("rebootIfPowerReturned", \.host.rebootIfPowerReturned, .boolean),
        ])

    static let mqtt = KeyGroup<Configuration.Broker>(
        path: "mqtt",
        keys: [
            Key("host", \.host, .hostName),
            Key("port", \.port, .integer(1...65535)),
            Key("prefix", \.prefix, .topic),
            Key("id", \.id, .topicLevel),
            Key("username", \.username, .text(0...256)),
            Key("passwordFile", \.passwordFile, .path(0...1000)),
            Key("discovery", \.discovery, .boolean),
            Key("discoveryPrefix", \.discoveryPrefix, .topic),
            Key("commands", \.commands, .boolean),
            Key("keepalive", \.keepalive, .integer(5...3600, " s")),
        ])

    static let nut = KeyGroup<Configuration.NUT>(
        path: "nut",
        keys: [
            Key("ip", \.addresses, .addresses),
            Key("port", \.port, .integer(1...65535)),
            Key("name", \.name, .nutName),
            Key("aliases", \.aliases, .nutNames),
        ])

    static let tls = KeyGroup<Configuration.TLS>(
        path: "mqtt.tls",
        keys: [
            Key("caFile", \.caFile, .path(0...1000)),
            Key("certFile", \.certFile, .path(0...1000)),
            Key("keyFile", \.keyFile, .path(0...1000)),
            Key("insecure", \.insecure, .boolean),
        ])

    /// The groups whose values go into the configuration itself.
    static let groups = [server, ups, poll, shutdown]

    /// The path of every key and group, in the order of the table.
    static let paths = groups.flatMap(\.paths) + mqtt.paths + tls.paths + nut.paths
}

extension Configuration {
    /// Both the decision and the sinks know it.
    fileprivate var maximumBackupTime: Duration? {
        get { policy.maximumBackupTime }
        set {
            policy.maximumBackupTime = newValue
            rating.maximumBackupTime = newValue
        }
    }

    /// The controller knows how many commands there are.
    fileprivate var escalation: [[String]] {
        get { host.escalation }
        set {
            host.escalation = newValue
            policy.steps = 1 + newValue.count
        }
    }
}
