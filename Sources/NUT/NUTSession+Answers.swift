// What NUTSession answers, command by command, in upsd's order of errors: the user, the words, the
// UPS, whether there is data, the right, the variable.

import UPS

extension NUTSession {
    /// The first words of all lines; by them a connection is known to speak NUT.
    public static let commands = [
        "GET", "LIST", "VER", "NETVER", "PROTVER", "HELP", "STARTTLS", "USERNAME", "PASSWORD",
        "LOGIN", "LOGOUT", "PRIMARY", "MASTER", "FSD", "SET", "INSTCMD",
    ]

    mutating func answer(
        _ words: [String], _ report: NUTReport, _ access: some Access
    ) throws(NUTError) -> Reply {
        let arguments = Array(words.dropFirst())
        switch words.first?.uppercased() {
        case "GET": return .text(try get(arguments, report, access))
        case "LIST": return try list(arguments, report, access)
        case "VER": return .text(try NUTSession.alone(arguments, NUTSession.server(report)))
        case "NETVER", "PROTVER": return .text(try NUTSession.alone(arguments, "1.3"))
        case "HELP": return .text(try NUTSession.alone(arguments, NUTSession.help))
        case "STARTTLS": throw .featureNotConfigured
        case "LOGOUT":
            guard arguments.isEmpty else { throw .invalidArgument }
            return .farewell("OK Goodbye\n")
        case "USERNAME": return try NUTSession.remember(&user, arguments, or: .alreadySetUsername)
        case "PASSWORD":
            return try NUTSession.remember(&password, arguments, or: .alreadySetPassword)
        case "LOGIN": return try logIn(arguments, report, access)
        // No client brings a shutdown forward.
        case "PRIMARY", "MASTER", "FSD":
            _ = try credentials()
            _ = try ups(arguments, report)
            throw .accessDenied
        case "SET": return try set(arguments, report, access)
        case "INSTCMD": return try command(arguments, report, access)
        default: throw .unknownCommand
        }
    }

    private static let help = """
        Commands: HELP VER PROTVER GET LIST SET INSTCMD LOGIN LOGOUT USERNAME PASSWORD STARTTLS
        """

    /// WinNUT wants `Network` first, and takes the fifth word for the version.
    private static func server(_ report: NUTReport) -> String {
        "Network UPS Tools ups-server \(report.version) - http://www.networkupstools.org/"
    }

    private static func alone(_ arguments: [String], _ answer: String) throws(NUTError) -> String {
        guard arguments.isEmpty else { throw .invalidArgument }
        return answer + "\n"
    }

    // MARK: Who

    private static func remember(
        _ place: inout String?, _ arguments: [String], or error: NUTError
    ) throws(NUTError) -> Reply {
        guard arguments.count == 1 else { throw .invalidArgument }
        guard place == nil else { throw error }
        place = arguments[0]
        return .text("OK\n")
    }

    private func credentials() throws(NUTError) -> (user: String, password: String) {
        guard let user else { throw .usernameRequired }
        guard let password else { throw .passwordRequired }
        return (user, password)
    }

    /// The only argument, as it was sent.
    private func ups(_ arguments: [String], _ report: NUTReport) throws(NUTError) -> String {
        guard arguments.count == 1 else { throw .invalidArgument }
        guard report.names.contains(arguments[0]) else { throw .unknownUPS }
        return arguments[0]
    }

    private mutating func logIn(
        _ arguments: [String], _ report: NUTReport, _ access: some Access
    ) throws(NUTError) -> Reply {
        let (user, password) = try credentials()
        guard !isLoggedIn else { throw .alreadyLoggedIn }
        _ = try ups(arguments, report)
        guard access.logIn(user, password) else { throw .accessDenied }
        isLoggedIn = true
        return .text("OK\n")
    }

    // MARK: GET

    /// So many words a request has at least, with the first one here.
    private static let wordsOfGet = [
        "UPSDESC": 2, "NUMLOGINS": 2, "VAR": 3, "TYPE": 3, "DESC": 3, "CMDDESC": 3,
    ]

    private func get(
        _ arguments: [String], _ report: NUTReport, _ access: some Access
    ) throws(NUTError) -> String {
        let subject = arguments.first?.uppercased() ?? ""
        if subject == "TRACKING" { return try tracking(arguments) + "\n" }
        guard let count = NUTSession.wordsOfGet[subject], arguments.count >= count else {
            throw .invalidArgument
        }
        let (ups, item) = (arguments[1], arguments.count > 2 ? arguments[2] : "")
        if subject == "VAR", let value = server(item, report) {
            return "VAR \(ups) \(item) \"\(value)\"\n"
        }
        guard report.names.contains(ups) else { throw .unknownUPS }
        if subject == "UPSDESC" { return "UPSDESC \(ups) \"\(report.description)\"\n" }
        if let absence = report.absence { throw absence }
        switch subject {
        case "NUMLOGINS": return "NUMLOGINS \(ups) \(access.clients.count)\n"
        case "VAR":
            guard let value = report.value(of: item) else { throw .variableNotSupported }
            return "VAR \(ups) \(item) \"\(value)\"\n"
        case "TYPE":
            let variable = try variable(item, report)
            return "TYPE \(ups) \(item) \(variable.type)\n"
        case "DESC":
            let text = NUTVariable.byName[item.lowercased()]?.description
            return "DESC \(ups) \(item) \"\(text ?? NUTSession.noDescription)\"\n"
        default:
            let text = NUTInstantCommand(rawValue: item.lowercased())?.description
            return "CMDDESC \(ups) \(item) \"\(text ?? NUTSession.noDescription)\"\n"
        }
    }

    private static let noDescription = "Description unavailable"

    /// Answered for any name of a UPS, also without data.
    private func server(_ item: String, _ report: NUTReport) -> String? {
        switch item.lowercased() {
        case "server.info": NUTSession.server(report)
        case "server.version": report.version
        default: nil
        }
    }

    private func variable(
        _ name: String, _ report: NUTReport
    ) throws(NUTError) -> NUTVariable {
        guard report.value(of: name) != nil, let variable = NUTVariable.byName[name.lowercased()]
        else { throw .variableNotSupported }
        return variable
    }

    private func tracking(_ arguments: [String]) throws(NUTError) -> String {
        guard arguments.count > 1 else { return isTracking ? "ON" : "OFF" }
        guard isTracking else { throw .featureNotConfigured }
        guard let known = tracked.first(where: { $0.id == arguments[1].uppercased() }) else {
            throw .unknown
        }
        guard let result = known.result else { return "PENDING" }
        if let error = result { throw error }
        return "SUCCESS"
    }

    // MARK: LIST

    private static let wordsOfList = [
        "VAR": 2, "RW": 2, "CMD": 2, "CLIENT": 2, "ENUM": 3, "RANGE": 3,
    ]

    private func list(
        _ arguments: [String], _ report: NUTReport, _ access: some Access
    ) throws(NUTError) -> Reply {
        let subject = arguments.first?.uppercased() ?? ""
        if subject == "UPS" {
            let line = "UPS \(report.names.name) \"\(report.description)\"\n"
            return NUTSession.list("UPS", line)
        }
        guard let count = NUTSession.wordsOfList[subject], arguments.count >= count else {
            throw .invalidArgument
        }
        let ups = arguments[1]
        guard report.names.contains(ups) else { throw .unknownUPS }
        if subject == "CLIENT" {
            let lines = access.clients.map { "CLIENT \(ups) \($0)\n" }
            return NUTSession.list("CLIENT \(ups)", lines.joined())
        }
        if let absence = report.absence { throw absence }
        switch subject {
        case "VAR": return .list(first: "BEGIN LIST VAR \(ups)\n", rest: report.list(of: ups))
        case "RW":
            let name = NUTVariable.shutdownDelay.name
            let line = report.value(of: name).map { "RW \(ups) \(name) \"\($0)\"\n" }
            return NUTSession.list("RW \(ups)", line ?? "")
        case "CMD":
            let lines = NUTInstantCommand.allCases.map { "CMD \(ups) \($0.rawValue)\n" }
            return NUTSession.list("CMD \(ups)", lines.joined())
        default:
            let (item, kind) = (arguments[2], try variable(arguments[2], report).kind)
            guard subject == "RANGE", case .settable(let range) = kind else {
                return NUTSession.list("\(subject) \(ups) \(item)", "")
            }
            let (least, most) = (range.lowerBound, range.upperBound)
            let line = "RANGE \(ups) \(item) \"\(least)\" \"\(most)\"\n"
            return NUTSession.list("RANGE \(ups) \(item)", line)
        }
    }

    private static func list(_ subject: String, _ lines: String) -> Reply {
        .list(first: "BEGIN LIST \(subject)\n", rest: "\(lines)END LIST \(subject)\n")
    }

    // MARK: SET and INSTCMD

    private mutating func set(
        _ arguments: [String], _ report: NUTReport, _ access: some Access
    ) throws(NUTError) -> Reply {
        let (user, password) = try credentials()
        guard arguments.count >= 2 else { throw .invalidArgument }
        switch arguments[0].uppercased() {
        case "TRACKING":
            switch arguments[1].uppercased() {
            case "ON": isTracking = true
            case "OFF": isTracking = false
            default: throw .invalidArgument
            }
            return .text("OK\n")
        case "VAR" where arguments.count >= 4: break
        default: throw .invalidArgument
        }
        guard report.names.contains(arguments[1]) else { throw .unknownUPS }
        if let absence = report.absence { throw absence }
        guard access.mayCommand(user, password) else { throw .accessDenied }
        guard case .settable(let range) = try variable(arguments[2], report).kind else {
            throw .readOnly
        }
        guard let value = Int(arguments[3]), range.contains(value) else { throw .invalidValue }
        return begin(.delay(seconds: value), orElse: .setFailed)
    }

    private mutating func command(
        _ arguments: [String], _ report: NUTReport, _ access: some Access
    ) throws(NUTError) -> Reply {
        let (user, password) = try credentials()
        guard arguments.count >= 2 else { throw .invalidArgument }
        guard report.names.contains(arguments[0]) else { throw .unknownUPS }
        if let absence = report.absence { throw absence }
        guard let command = NUTInstantCommand(rawValue: arguments[1].lowercased()) else {
            throw .commandNotSupported
        }
        guard access.mayCommand(user, password) else { throw .accessDenied }
        return begin(command.verb, orElse: .commandFailed)
    }
}

/// Source: NUT 2.8, data/cmdvartab.
enum NUTInstantCommand: String, CaseIterable {
    case stopShutdown = "shutdown.stop"
    case startTest = "test.battery.start"

    var description: String {
        switch self {
        case .stopShutdown: "Stop a shutdown in progress"
        case .startTest: "Start a battery test"
        }
    }

    var verb: Command.Verb {
        switch self {
        case .stopShutdown: .cancel
        case .startTest: .measure
        }
    }
}
