// The forms of addresses, accounts, topics and commands. Used by the table of keys alone.

extension Form<[String]> {
    /// One address or a list of them.
    static var addresses: Form {
        let limit = 16
        return Form(
            allowed: "1 to \(limit) numeric IP addresses, each once; this host is 127.0.0.1 or ::1",
            decode: { value in
                let elements = value.elements ?? [value]
                let texts = elements.compactMap(\.printable)
                let count = Set(texts.compactMap(NetworkAddress.init)).count
                return (1...limit).contains(count) && count == elements.count ? texts : nil
            },
            encode: { $0.count == 1 ? .text($0[0]) : .list($0.map { .text($0) }) })
    }

    /// Names of a UPS among NUT's clients.
    static var nutNames: Form {
        let limit = 16
        return Form(
            allowed: "up to \(limit) names such as [\"qnapups\"], or []",
            decode: { value in
                guard let elements = value.elements, elements.count <= limit else { return nil }
                let names = elements.compactMap(\.printable).filter { $0.isNUTName }
                return names.count == elements.count ? names : nil
            },
            encode: { .list($0.map { .text($0) }) })
    }

    /// A program and its arguments.
    static var command: Form {
        Form(
            allowed: "a program and its arguments, such as [\"/sbin/poweroff\"], or []",
            decode: \.command,
            encode: { .list($0.map { .text($0) }) })
    }
}

extension Form<[[String]]> {
    static var commands: Form {
        let limit = 10
        return Form(
            allowed: "up to \(limit) programs with arguments, such as "
                + "( [\"/sbin/poweroff\", \"-f\"] )",
            decode: { value in
                guard let elements = value.elements, elements.count <= limit else { return nil }
                let commands = elements.compactMap(\.command).filter { !$0.isEmpty }
                return commands.count == elements.count ? commands : nil
            },
            encode: { .list($0.map { .list($0.map { .text($0) }) }) })
    }
}

extension Value {
    /// nil: something else than texts, too much of it, or no program before the arguments.
    fileprivate var command: [String]? {
        let wordLimit = 64
        let lengthLimit = 4096
        guard let elements, elements.count <= wordLimit else { return nil }
        let words = elements.compactMap(\.printable)
        let areShort = words.allSatisfy { $0.utf8.count <= lengthLimit }
        return words.count == elements.count && areShort && words.first != "" ? words : nil
    }
}

extension Form<Configuration.Account> {
    static var account: Form {
        Form(
            allowed: "a name, an id from 0 to \(UInt32.max - 1), or -1 = stay",
            decode: { value in
                if case .integer(-1) = value { return .unchanged }
                if case .integer(let id) = value, id < Int(UInt32.max) {
                    return UInt32(exactly: id).map { .id($0) }
                }
                return value.printable.flatMap { isName($0) ? .name($0) : nil }
            },
            encode: { account in
                switch account {
                case .unchanged: .integer(-1)
                case .id(let id): .integer(Int(id))
                case .name(let name): .text(name)
                }
            })
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32 else { return false }
        return (first.isLetter || first == UInt8(ascii: "_"))
            && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "_-.$".utf8.contains($0) }
    }
}

extension String {
    /// Its clients undo no quotes, and tell words apart by blanks.
    fileprivate var isNUTName: Bool {
        (1...32).contains(utf8.count)
            && utf8.allSatisfy { $0.isLetter || $0.isDigit || "_-.".utf8.contains($0) }
    }
}

extension Form<String> {
    /// How NUT's clients call a UPS.
    static var nutName: Form {
        text(1...32, "letters, digits and _ - .") { $0.isNUTName }
    }

    /// One topic level or several.
    static var topic: Form {
        text(1...128, "topic levels without + and #, such as \"home/ups\"") {
            $0.utf8.first != UInt8(ascii: "$")
                && $0.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                    .allSatisfy { !$0.isEmpty && !$0.contains(where: "+#".utf8.contains) }
        }
    }

    /// One topic level; empty: the host name.
    static var topicLevel: Form {
        text(0...64, "one topic level without + # and /, empty = the host name") {
            !$0.utf8.contains(where: "+#/".utf8.contains)
        }
    }

    /// Where a broker is: no scheme, no port.
    static var hostName: Form {
        text(1...253, "a host name or a numeric address") { text in
            NetworkAddress(text) != nil
                || text.utf8.allSatisfy { $0.isLetter || $0.isDigit || ".-_".utf8.contains($0) }
        }
    }
}
