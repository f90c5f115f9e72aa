// What is allowed and probably not meant. `parse` asks for all of it, the Daemon for the standing
// problem whenever the policy changes. Looks at no file, host or broker.

internal import UPS

extension Configuration {
    /// A text and the keys to which it belongs, the one to change first.
    private struct Warning {
        let keys: [String]
        let text: String
    }

    /// Why an outage may not end in a shutdown that is in time, for `problem`: rule 5 of the shutdown
    /// controller, and switches that are off.
    /// Follows `policy.hostShutdownTime`, which the Daemon raises to what it measured.
    public var standingProblem: String? {
        let texts = [delayWarning, backupWarning, switchesWarning].compactMap { $0?.text }
        return texts.isEmpty ? nil : texts.joined(separator: "; ")
    }

    /// `places` are those of the keys and groups that stand in the file, by their paths.
    func warnings(at places: [String: Place]) -> [ConfigurationWarning] {
        let warnings = [
            delayWarning, backupWarning, noDelayWarning, switchesWarning, fullChargeWarning,
            daemonizeWarning, listenerWarning, escalationWarning, programWarning,
            openCommandsWarning,
            passwordWarning, plainPasswordWarning, certificateWarning, plainWarning(at: places),
        ]
        return warnings.compactMap { $0 }.map { warning in
            ConfigurationWarning(
                place: warning.keys.compactMap { places[$0] }.first, text: warning.text)
        }
    }

    // MARK: Shutdown

    private static let timerKeys = [
        "ups.maxBackupTime", "shutdown.hostShutdownTime", "shutdown.reserve",
    ]

    private var delayWarning: Warning? {
        guard policy.byTime, policy.effectiveDelay < policy.delay,
            let backup = policy.maximumBackupTime
        else { return nil }
        return Warning(
            keys: ["server.shutdownDelay"] + Configuration.timerKeys,
            text: "shutdownDelay is \(seconds(policy.delay)), but the UPS's timer leaves "
                + "\(seconds(policy.effectiveDelay)), which holds (maxBackupTime "
                + "\(seconds(backup)), hostShutdownTime \(seconds(policy.hostShutdownTime)), "
                + "reserve \(seconds(policy.reserve)))")
    }

    private var backupWarning: Warning? {
        let needed = ShutdownPolicy.shortestDelay + policy.hostShutdownTime + policy.reserve
        guard let backup = policy.maximumBackupTime, backup < needed else { return nil }
        return Warning(
            keys: Configuration.timerKeys,
            text: "maxBackupTime is \(seconds(backup)), but a shutdown needs \(seconds(needed)): "
                + "the UPS may cut its output while this host is still up")
    }

    private var switchesWarning: Warning? {
        let isByCharge = policy.byCharge && policy.lowChargePercent > 0
        guard !policy.byTime, !isByCharge else { return nil }
        return Warning(
            keys: ["server.shutdownByTime", "server.shutdownBySoc"],
            text: "shutdownByTime and shutdownBySoc are off: this host will never be shut down by "
                + "time or charge, only by low runtime, a lost link or the UPS's timer")
    }

    private var noDelayWarning: Warning? {
        guard policy.byTime, policy.delay == .zero else { return nil }
        return Warning(
            keys: ["server.shutdownDelay"],
            text: "shutdownDelay is 0 s: every outage that lasts for "
                + "\(policy.confirmReadings) readings shuts this host down")
    }

    private var fullChargeWarning: Warning? {
        guard policy.byCharge, policy.lowChargePercent == 100 else { return nil }
        return Warning(
            keys: ["server.shutdownSocPercent"],
            text: "shutdownSocPercent is 100: the first percent that an outage takes shuts this "
                + "host down")
    }

    private var escalationWarning: Warning? {
        guard host.command.isEmpty, !host.escalation.isEmpty else { return nil }
        return Warning(
            keys: ["shutdown.escalation"],
            text: "escalation without command: the first attempt is the built-in way")
    }

    private var programWarning: Warning? {
        let programs = ([host.command] + host.escalation).compactMap(\.first)
        guard let program = programs.first(where: { $0.utf8.first != UInt8(ascii: "/") }) else {
            return nil
        }
        return Warning(
            keys: host.command.first == program
                ? ["shutdown.command"] : ["shutdown.escalation"],
            text: "\(Value.text(program).shown) is not an absolute path: it must be found at the "
                + "moment of the shutdown")
    }

    // MARK: Port

    private var daemonizeWarning: Warning? {
        guard server.daemonize else { return nil }
        return Warning(
            keys: ["server.daemonize"],
            text: "daemonize has no effect: the service manager does this")
    }

    private var listenerWarning: Warning? {
        guard let address = server.openAddress else { return nil }
        let commands =
            switch server.webCommands {
            case .loopback: "commands stay limited to this host"
            case .token: "commands need the token, which crosses the network unencrypted"
            case .off: "commands are off"
            }
        return Warning(
            keys: ["server.ip"],
            text: "\(address) is not loopback: it serves the status to everyone who reaches it; "
                + commands)
    }

    // MARK: MQTT

    private var openCommandsWarning: Warning? {
        guard let broker, broker.commands, broker.username.isEmpty, !broker.isLoopback else {
            return nil
        }
        return Warning(
            keys: ["mqtt.commands", "mqtt.host", "mqtt"],
            text: "commands are on, without a username, on a broker elsewhere: whoever may publish "
                + "there may command")
    }

    private var passwordWarning: Warning? {
        guard let broker, broker.username.isEmpty, !broker.passwordFile.isEmpty else { return nil }
        return Warning(
            keys: ["mqtt.passwordFile"], text: "passwordFile without username has no effect")
    }

    private var plainPasswordWarning: Warning? {
        guard let broker, broker.tls == nil, !broker.isLoopback, !broker.username.isEmpty,
            !broker.passwordFile.isEmpty
        else { return nil }
        return Warning(
            keys: ["mqtt.passwordFile"],
            text: "without tls the password crosses the network unencrypted")
    }

    private var certificateWarning: Warning? {
        guard broker?.tls?.insecure == true else { return nil }
        return Warning(
            keys: ["mqtt.tls.insecure"],
            text: "insecure is on: the broker's certificate is not checked against its name")
    }

    private func plainWarning(at places: [String: Place]) -> Warning? {
        guard places["mqtt.tls"] != nil, places["mqtt.tls.caFile"] == nil else { return nil }
        return Warning(
            keys: ["mqtt.tls"],
            text: "tls without caFile: the connection to the broker is not encrypted")
    }

    private func seconds(_ duration: Duration) -> String {
        "\(duration.components.seconds) s"
    }
}

extension Configuration.Server {
    /// The first address that other hosts may reach.
    public var openAddress: String? {
        addresses.first { NetworkAddress($0)?.isLoopback == false }
    }
}

extension Configuration.Broker {
    fileprivate var isLoopback: Bool {
        host.lowercased() == "localhost" || NetworkAddress(host)?.isLoopback == true
    }
}
