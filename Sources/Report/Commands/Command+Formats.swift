// What each format calls a command, what has to come with it, and who may send it. With a case in
// Command.Name the compiler names the places here.

import UPS

extension Command.Name {
    /// What a client there sends for it; empty: it may not send it.
    private func words(from origin: Origin) -> [String] {
        switch (self, origin) {
        case (.cancel, _), (.delay, _), (.measure, .mqtt), (.drill, .control), (.set, .control):
            [rawValue]
        // The word of the first dashboard.
        case (.measure, .port): ["capesr"]
        case (.measure, .control): ["capesr", rawValue]
        case (.drill, _), (.set, _): []
        }
    }

    static func words(from origin: Origin) -> [String] {
        allCases.flatMap { $0.words(from: origin) }
    }

    /// Nil: a client there has no such command.
    init?(_ word: String?, from origin: Origin) {
        guard let word,
            let name = Self.allCases.first(where: { name in
                name.words(from: origin).contains(word)
            })
        else { return nil }
        self = name
    }

    /// Its button or its like in Home Assistant; nil: it has none.
    var entity: HomeAssistantEntity? {
        switch self {
        case .cancel: .button("Cancel shutdown", for: self).icon("cancel").ofDaemon
        case .delay: .delay.icon("timer-plus").ofDaemon
        case .measure: .button("Measure capacitors", for: self).icon("test-tube").diagnostic
        case .drill, .set: nil
        }
    }
}

extension Command.Verb {
    /// With what belongs to it.
    init(_ name: Command.Name, with members: CommandMembers) throws(CommandRefusal) {
        switch name {
        case .cancel: self = .cancel
        case .delay:
            guard let seconds = try members.seconds() else {
                throw CommandRefusal(members.wrongSeconds)
            }
            self = .delay(seconds: seconds)
        case .measure: self = .measure
        case .drill: self = .drill(seconds: try members.seconds())
        case .set: self = .set(try members.setting(), try members.settingValue())
        }
    }
}

extension CommandMembers {
    fileprivate func setting() throws(CommandRefusal) -> SettingName {
        guard let name = SettingName(rawValue: try string("name") ?? "") else {
            let names = SettingName.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandRefusal("\"name\" must be one of \(names).")
        }
        return name
    }

    /// Nil: off.
    fileprivate func settingValue() throws(CommandRefusal) -> Int? {
        if value("value")?.string == "off" { return nil }
        let sentence = "\"value\" must be a whole number, 0 to 65535, or \"off\"."
        guard let value = try integer("value", or: sentence), (0...65535).contains(value) else {
            throw CommandRefusal(sentence)
        }
        return value
    }
}
