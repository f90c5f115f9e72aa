// What NUT's clients read of one snapshot. Made by Web once for each, and shared by all of its
// clients; changed by nothing.

public import UPS

/// How this UPS is called among NUT's clients.
public struct NUTNames: Equatable, Sendable {
    let name: String
    /// With the aliases, in lower case.
    private let accepted: Set<String>

    /// The aliases are accepted and echoed, but not listed: some clients take a second name for a
    /// second UPS.
    public init(_ name: String = "ups", aliases: [String] = []) {
        self.name = name
        accepted = Set(([name] + aliases).map { $0.lowercased() })
    }

    /// In any case of letters.
    func contains(_ name: String) -> Bool { accepted.contains(name.lowercased()) }
}

public struct NUTReport: Sendable {
    let names: NUTNames
    let description: String
    let version: String
    /// Why there is nothing to read; nil: there is.
    let absence: NUTError?
    private let values: [String: String]
    /// `LIST VAR` of the usual name, behind its first line.
    let usualList: String

    public init(_ snapshot: Snapshot, names: NUTNames) {
        self.names = names
        version = snapshot.installation.version
        let title = snapshot.rating.name.isEmpty ? snapshot.identity.series : snapshot.rating.name
        description = title.flatMap(nutText) ?? "Description unavailable"
        let isKnown = NUTStatus.words(snapshot) != nil
        absence =
            isKnown ? nil : snapshot.lastReading == nil ? .driverNotConnected : .dataStale
        var values: [String: String] = [:]
        if isKnown {
            for variable in NUTVariable.all { values[variable.name] = variable.value(snapshot) }
        }
        self.values = values
        usualList = NUTReport.list(of: names.name, values)
    }

    /// Of a variable, in whatever case of letters it was asked for.
    func value(of name: String) -> String? { values[name.lowercased()] }

    /// The lines of `LIST VAR` behind the first one. `ups` is echoed as it was sent.
    func list(of ups: String) -> String {
        ups == names.name ? usualList : NUTReport.list(of: ups, values)
    }

    private static func list(of ups: String, _ values: [String: String]) -> String {
        let lines = NUTVariable.all.compactMap { variable in
            values[variable.name].map { "VAR \(ups) \(variable.name) \"\($0)\"\n" }
        }
        return lines.joined() + "END LIST VAR \(ups)\n"
    }
}

/// The words after `ERR`; WinNUT takes no other.
public enum NUTError: String, Error, Sendable {
    case unknownCommand = "UNKNOWN-COMMAND"
    case invalidArgument = "INVALID-ARGUMENT"
    case unknownUPS = "UNKNOWN-UPS"
    case driverNotConnected = "DRIVER-NOT-CONNECTED"
    case dataStale = "DATA-STALE"
    case accessDenied = "ACCESS-DENIED"
    case usernameRequired = "USERNAME-REQUIRED"
    case passwordRequired = "PASSWORD-REQUIRED"
    case alreadySetUsername = "ALREADY-SET-USERNAME"
    case alreadySetPassword = "ALREADY-SET-PASSWORD"
    case alreadyLoggedIn = "ALREADY-LOGGED-IN"
    case variableNotSupported = "VAR-NOT-SUPPORTED"
    case commandNotSupported = "CMD-NOT-SUPPORTED"
    case readOnly = "READONLY"
    case invalidValue = "INVALID-VALUE"
    case setFailed = "SET-FAILED"
    case commandFailed = "INSTCMD-FAILED"
    case featureNotConfigured = "FEATURE-NOT-CONFIGURED"
    case unknown = "UNKNOWN"
    case failed = "FAILED"
}
