// By which identifier Home Assistant knows the UPS, and what it was told last. A value of the
// publisher; the Daemon keeps it in a file, so that a restart makes no new device.

public import UPS

public struct HomeAssistantRecord: Equatable, Sendable {
    /// Nil: Home Assistant was never told.
    private(set) var identifier: String?
    /// Where the document was published last; nil: it is not there any more.
    public var topic: String?
    /// As it was told last.
    private(set) var identity = Identity()

    public init() {}

    /// The UPS as far as it is known, now or from the last time. Nil: not known yet.
    public func known(in snapshot: Snapshot) -> Identity? {
        guard snapshot.hasIdentity else { return identifier == nil ? nil : identity }
        var present = snapshot.identity
        // A value that was not told this time has not changed.
        guard identifier(of: present, in: snapshot) == identifier else { return present }
        for (_, path) in Identity.members where present[keyPath: path] == nil {
            present[keyPath: path] = identity[keyPath: path]
        }
        return present
    }

    /// A UPS keeps its identifier, also one whose serial number was not known at first. Nil: it
    /// would get another one with every start.
    public func identifier(of present: Identity, in snapshot: Snapshot) -> String? {
        if let identifier, present.serial == identity.serial { return identifier }
        let serial = HomeAssistantRecord.usable(present.serial)
        let former = HomeAssistantRecord.usable(identity.serial)
        if let identifier, serial == nil || former == nil || serial == former { return identifier }
        return (serial ?? snapshot.installation.fallbackSerial).map { "ups_\($0)" }
    }

    public mutating func note(
        _ identity: Identity, as identifier: String, announcedAt topic: String
    ) {
        self.identifier = identifier
        self.identity = identity
        self.topic = topic
    }

    /// In an identifier only letters, digits, `_` and `-` are allowed. A serial number that is one
    /// character again and again was never written.
    private static func usable(_ serial: String?) -> String? {
        guard let serial else { return nil }
        let marks = serial.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return Set(marks.filter { $0 != "-" }).count > 1 ? String(marks) : nil
    }
}

extension HomeAssistantRecord {
    /// Nil: this is no record.
    public init?(json: String) {
        guard case .object(let members)? = try? JSONValue(json.utf8),
            let identifier = members["identifier"]?.string
        else { return nil }
        self.identifier = identifier
        topic = members["topic"]?.string
        for (name, path) in Identity.members {
            identity[keyPath: path] = members[name]?.string
        }
    }

    public var json: String {
        let head = [("identifier", JSON.string(identifier)), ("topic", .string(topic))]
        return JSON.object(head + identity.json).text
    }
}

extension Identity {
    /// By the names that the record and the topic `info` have for them.
    fileprivate static var members: [(String, WritableKeyPath<Identity, String?>)] {
        [
            ("series", \.series), ("batteryType", \.batteryType), ("serial", \.serial),
            ("firmware", \.firmware), ("hwRevision", \.hardwareRevision),
        ]
    }

    var json: [(String, JSON)] {
        Identity.members.map { name, path in (name, .string(self[keyPath: path])) }
    }
}
