// How known clients read an NIS answer, as far as it can go wrong for them. Sources are named in
// each; a thrown error is a client that reads nothing at all.

struct Unreadable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

enum NISClients {
    /// The framing, read strictly: the text of every record.
    static func records(_ answer: [UInt8]) throws -> [String] {
        var records: [String] = []
        var rest = answer[...]
        while true {
            guard rest.count >= 2 else { throw Unreadable("no end") }
            let length = Int(rest.removeFirst()) << 8 | Int(rest.removeFirst())
            guard length > 0 else { break }
            guard rest.count >= length else { throw Unreadable("cut record") }
            records.append(String(decoding: rest.prefix(length), as: UTF8.self))
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty else { throw Unreadable("bytes behind the end") }
        return records
    }

    /// Key and value, both without blanks around them, split at the first colon.
    static func pairs(_ records: [String]) throws -> [(key: String, value: String)] {
        try records.map { record in
            guard let colon = record.firstIndex(of: ":") else { throw Unreadable(record) }
            return (trimmed(record[..<colon]), trimmed(record[colon...].dropFirst()))
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        let blank: Set<Character> = [" ", "\n"]
        let start = text.drop { blank.contains($0) }
        return String(
            start.prefix(
                (start.lastIndex { !blank.contains($0) }).map {
                    start.distance(from: start.startIndex, to: $0) + 1
                } ?? 0))
    }

    /// Home Assistant: reads up to the first 00 00, decodes the lengths as text too.
    /// Source: yuxincs/aioapcaccess, src/aioapcaccess/__init__.py.
    static func aioapcaccess(_ answer: [UInt8]) throws -> [(key: String, value: String)] {
        let end = answer.indices.dropLast().first { answer[$0] == 0 && answer[$0 + 1] == 0 }
        guard let end, end == answer.count - 2 else { throw Unreadable("00 00 inside") }
        guard let text = String(validating: answer[..<end], as: UTF8.self) else {
            throw Unreadable("not UTF-8")
        }
        let lines = text.split(separator: "\0").map { String($0.unicodeScalars.dropFirst()) }
        return try pairs(lines)
    }

    /// Telegraf and apcupsd_exporter: one bad value fails the whole answer.
    /// Source: mdlayher/apcupsd, nis.go and status.go.
    static func mdlayher(_ answer: [UInt8]) throws -> [String: String] {
        let records = try records(answer)
        guard records.allSatisfy({ $0.utf8.count <= 256 }) else { throw Unreadable("long") }
        for (key, value) in try pairs(records) {
            switch key {
            case "LINEV", "LOADPCT", "BCHARGE", "MBATTCHG", "BATTV", "NOMINV", "NOMBATTV", "ITEMP",
                "OUTPUTV", "OUTCURNT":
                guard Double(firstWord(value)) != nil else { throw Unreadable(key) }
            case "TIMELEFT", "MINTIMEL", "MAXTIME", "TONBATT", "CUMONBATT":
                let words = value.split(separator: " ")
                guard words.count == 2, Double(words[0]) != nil,
                    ["Minutes", "Seconds"].contains(words[1])
                else { throw Unreadable(key) }
            case "NUMXFERS": guard Int(value) != nil else { throw Unreadable(key) }
            case "NOMPOWER": guard Int(firstWord(value)) != nil else { throw Unreadable(key) }
            case "DATE", "STARTTIME", "XONBATT", "XOFFBATT", "END APC":
                guard isDate(value) || value == "N/A" else { throw Unreadable(key) }
            default: break
            }
        }
        // Telegraf takes the first word of STATFLAG without looking whether there is one.
        let values = Dictionary(try pairs(records)) { first, _ in first }
        guard let flags = values["STATFLAG"], number(firstWord(flags)) != nil else {
            throw Unreadable("STATFLAG")
        }
        return values
    }

    /// Netdata: the words of STATUS, and numbers that are numbers.
    /// Source: netdata/netdata, src/go/plugin/go.d/collector/apcupsd/{collect,status}.go.
    static func netdata(_ answer: [UInt8]) throws -> [String] {
        let values = Dictionary(try pairs(try records(answer))) { _, last in last }
        let numbers = [
            "BCHARGE", "BATTV", "NOMBATTV", "LINEV", "MINLINEV", "MAXLINEV", "LINEFREQ", "OUTPUTV",
            "NOMOUTV", "LOADPCT", "ITEMP", "NOMPOWER", "TIMELEFT",
        ]
        for key in numbers {
            guard let value = values[key], value != "N/A" else { continue }
            guard Double(firstWord(value)) != nil else { throw Unreadable(key) }
        }
        guard let status = values["STATUS"], !status.isEmpty else { throw Unreadable("STATUS") }
        if status == "SHUTTING DOWN" { return ["SHUTTING_DOWN"] }
        return status.split(separator: " ").map(String.init)
    }

    /// A slave: looks for each key in the text of the whole answer, from the first place where it
    /// stands. Source: apcupsd 3.14, src/drivers/net/net.c.
    static func slave(_ answer: [UInt8]) throws -> [String: String] {
        let text = try records(answer).joined()
        guard text.utf8.count < 4096 else { throw Unreadable("longer than its buffer") }
        var found: [String: String] = [:]
        for key in slaveKeys {
            guard let place = text.firstRange(of: key) else { continue }
            let isLineStart =
                place.lowerBound == text.startIndex
                || text[text.index(before: place.lowerBound)] == "\n"
            guard isLineStart else { throw Unreadable("\(key) inside another line") }
            let line = text[place.lowerBound...].prefix { $0 != "\n" }
            found[key] = trimmed(line.dropFirst(11))
        }
        return found
    }

    static let slaveKeys = [
        "BCHARGE", "BATTDATE", "BATTV", "CABLE", "DATE", "FIRMWARE", "HITRANS", "HOSTNAME",
        "LASTSTEST", "LASTXFER", "MAXLINEV", "MINLINEV", "LOADPCT", "DLOWBATT", "LOTRANS",
        "MAXTIME", "MBATTCHG", "MINTIMEL", "MODEL", "NOMBATTV", "LINEFREQ", "OUTPUTV", "RELEASE",
        "RETPCT", "TIMELEFT", "SELFTEST", "SENSE", "SERIALNO", "STATFLAG", "UPSMODE", "UPSNAME",
        "ITEMP", "LINEV",
    ]

    /// What makes a slave shut down: shutdown, charge or runtime below the limit, remote shutdown.
    static func shutsSlaveDown(_ answer: [UInt8]) throws -> Bool {
        guard let flags = try slave(answer)["STATFLAG"].flatMap(number) else {
            throw Unreadable("STATFLAG")
        }
        return flags & 0x00A8_0200 != 0
    }

    /// The sensors that Home Assistant gives a device class: a number, a blank and this unit.
    /// Source: home-assistant/core, homeassistant/components/apcupsd/sensor.py.
    static let homeAssistantUnits = [
        "BATTV": "Volts", "LINEV": "Volts", "OUTPUTV": "Volts", "NOMINV": "Volts",
        "NOMBATTV": "Volts", "BCHARGE": "Percent", "LOADPCT": "Percent", "RETPCT": "Percent",
        "MBATTCHG": "Percent", "OUTCURNT": "Amps", "NOMPOWER": "Watts", "ITEMP": "C",
        "TIMELEFT": "Minutes", "MINTIMEL": "Minutes", "TONBATT": "Seconds",
        "CUMONBATT": "Seconds", "MAXTIME": "Seconds", "DWAKE": "Seconds", "DSHUTD": "Seconds",
    ]

    static func number(_ text: some StringProtocol) -> UInt32? {
        text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : nil
    }

    static func firstWord(_ value: String) -> String {
        String(value.prefix { $0 != " " })
    }

    /// `2006-01-02 15:04:05 -0700`
    static func isDate(_ value: String) -> Bool {
        let pattern = "dddd-dd-dd dd:dd:dd sdddd"
        guard value.count == pattern.count else { return false }
        return zip(value, pattern).allSatisfy { character, expected in
            switch expected {
            case "d": ("0"..."9").contains(character)
            case "s": character == "+" || character == "-"
            default: character == expected
            }
        }
    }
}
