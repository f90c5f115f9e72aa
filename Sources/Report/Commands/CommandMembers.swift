// The members of a command's JSON object, each with the type that it must have. Called by the
// readers of commands; the object may be anything.

import UPS

/// Why a command is refused.
struct CommandRefusal: Error {
    let sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// A member that is null is not there.
struct CommandMembers {
    /// Of a name, which is kept and sent back. (bytes)
    private static let longestName = 128

    let object: [String: JSONValue]
    /// What is said when the seconds are wrong.
    var wrongSeconds = wrongInteger("seconds", ShutdownPolicy.delayRange)

    func string(_ key: String) throws(CommandRefusal) -> String? {
        guard let value = value(key) else { return nil }
        guard let string = value.string else {
            throw CommandRefusal("\"\(key)\" must be a string.")
        }
        return string
    }

    func name(_ key: String) throws(CommandRefusal) -> String? {
        guard let value = value(key) else { return nil }
        guard let name = value.string, name.utf8.count <= CommandMembers.longestName else {
            let longest = CommandMembers.longestName
            throw CommandRefusal("\"\(key)\" must be a string of at most \(longest) bytes.")
        }
        return name
    }

    func integer(_ key: String, or sentence: String) throws(CommandRefusal) -> Int? {
        guard let value = value(key) else { return nil }
        guard let integer = value.integer else { throw CommandRefusal(sentence) }
        return integer
    }

    func integer(_ key: String, in range: ClosedRange<Int>) throws(CommandRefusal) -> Int? {
        let sentence = CommandMembers.wrongInteger(key, range)
        guard let integer = try integer(key, or: sentence) else { return nil }
        guard range.contains(integer) else { throw CommandRefusal(sentence) }
        return integer
    }

    static func wrongInteger(_ key: String, _ range: ClosedRange<Int>) -> String {
        "\"\(key)\" must be a whole number, \(range.lowerBound) to \(range.upperBound)."
    }

    /// Whether they are in range is decided, and answered, with the command.
    func seconds() throws(CommandRefusal) -> Int? {
        try integer("seconds", or: wrongSeconds)
    }

    func value(_ key: String) -> JSONValue? {
        object[key] == .null ? nil : object[key]
    }
}
