// The status object of WebSocket, `/api/status` and the control socket. Called by Web whenever
// there is a new snapshot.

public import UPS

/// Every key is always there; what is not known is null, never 0.
public enum StatusObject {
    /// `access`: whether this client may command; nil: it asks in a way that takes no commands.
    public static func json(_ snapshot: Snapshot, access: CommandAccess?) -> String {
        object(snapshot, access: access).text
    }

    static func object(_ snapshot: Snapshot, access: CommandAccess?) -> JSON {
        .object(
            measurements(snapshot) + flags(snapshot) + registers(snapshot.reading)
                + identity(snapshot.identity)
                + state(snapshot) + installation(snapshot, access)
                + [
                    ("settings", settings(snapshot.settings)),
                    ("shutdown", shutdown(snapshot)),
                ])
    }

    private static func measurements(_ snapshot: Snapshot) -> [(String, JSON)] {
        Quantity.allCases.map { ($0.status.key, number(snapshot[$0], of: $0)) }
    }

    private static func number(_ count: Int?, of quantity: Quantity) -> JSON {
        switch quantity.status.form {
        case .whole(let digits): .integer(count.map { quantity.rescaled($0, to: digits) })
        case .decimal(let digits): .decimal(count.map { quantity.inUnit($0) }, digits)
        }
    }

    /// The bits of the registers that most clients need.
    private static func flags(_ snapshot: Snapshot) -> [(String, JSON)] {
        let status = snapshot.reading.deviceStatus
        let measuring = snapshot.reading.monitorStatus.map { !$0.isDisjoint(with: .measurement) }
        return [
            ("power", .bool(snapshot.powerPresent)),
            ("charging", .bool(status?.contains(.charging))),
            ("discharging", .bool(status?.contains(.discharging))),
            ("measuring", .bool(measuring)),
        ]
    }

    private static func registers(_ reading: Reading) -> [(String, JSON)] {
        [
            ("chargeStatus", .integer(reading.chargeStatus?.rawValue)),
            ("monitorStatus", .integer(reading.monitorStatus?.rawValue)),
            ("deviceStatus", .integer(reading.deviceStatus?.rawValue)),
            ("alarms", .integer(reading.alarms?.rawValue)),
        ]
    }

    private static func identity(_ identity: Identity) -> [(String, JSON)] {
        [
            ("batteryType", .string(identity.batteryType)),
            ("series", .string(identity.series)),
            ("firmware", .string(identity.firmware)),
            ("hwRevision", .string(identity.hardwareRevision)),
            ("serial", .string(identity.serial)),
        ]
    }

    /// Times in s.
    private static func state(_ snapshot: Snapshot) -> [(String, JSON)] {
        let age = snapshot.lastReading.map { max(.zero, snapshot.time - $0).inSeconds }
        return [
            ("status", .string(snapshot.status.rawValue)),
            ("link", .string(snapshot.link.rawValue)),
            ("age", .decimal(age, 2)),
            ("time", .string(snapshot.wall.rfc3339)),
            ("uptime", .integer(snapshot.time.sinceBoot.components.seconds)),
            ("powerFailCount", .integer(snapshot.history.failures)),
            ("dryRun", .bool(snapshot.policy.dryRun)),
            ("drill", .bool(snapshot.isDrill)),
            ("demo", .bool(snapshot.installation.isDemo)),
            ("problem", .string(snapshot.problem)),
            ("problems", .array(snapshot.problems.map { problem($0) })),
        ]
    }

    private static func problem(_ message: Message) -> JSON {
        .object([("text", .string(message.text)), ("sentence", .sentence(message))])
    }

    private static func installation(
        _ snapshot: Snapshot, _ access: CommandAccess?
    ) -> [(String, JSON)] {
        [
            ("host", .string(snapshot.installation.host)),
            ("version", .string(snapshot.installation.version)),
            ("control", .bool(access?.mayCommand ?? false)),
            ("access", .string(access?.rawValue)),
        ]
    }

    /// Null: this UPS has none, or they are not known yet.
    private static func settings(_ settings: [SettingName: Setting]) -> JSON {
        guard !settings.isEmpty else { return .null }
        return .object(
            SettingName.allCases.compactMap { name in
                settings[name].map { (name.rawValue, setting($0, unit: name.unit)) }
            })
    }

    private static func setting(_ setting: Setting, unit: String) -> JSON {
        .object([
            ("value", .integer(setting.value)), ("enabled", .bool(setting.isEnabled)),
            ("minimum", .integer(setting.minimum)), ("maximum", .integer(setting.maximum)),
            ("standard", .integer(setting.default)), ("unit", .string(unit)),
        ])
    }

    /// Also the payload of the MQTT topic `shutdown`.
    static func shutdown(_ snapshot: Snapshot) -> JSON {
        let state = snapshot.shutdown
        return .object([
            ("phase", .string(state.phase.rawValue)),
            ("incident", .string(state.incident?.description)),
            ("reason", .string(state.reason?.rawValue)),
            ("remaining", .integer(state.remaining(at: snapshot.time)?.roundedSeconds)),
            ("deadline", .string((state.deadline?.time).map { snapshot.wallTime(of: $0).rfc3339 })),
            ("delay", .integer(state.delay.roundedSeconds)),
            ("latest", .string(state.latest.map { snapshot.wallTime(of: $0).rfc3339 })),
        ])
    }
}

/// Whether a client may command. Decided by Web, which alone knows its clients; the raw values are
/// the words of the key `access`.
public enum CommandAccess: String, CaseIterable, Sendable {
    case allowed
    /// Each command has to bring the token.
    case token
    /// Commands are taken only from this host itself.
    case loopback
    /// A client that sends no Origin may read.
    case origin
    /// No client may.
    case off

    public var mayCommand: Bool { self == .allowed || self == .token }
}
