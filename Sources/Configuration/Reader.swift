// Takes the entries of a file into a configuration, with the table of keys. Called by `parse`.

struct Reader {
    static let warningLimit = 100

    private(set) var configuration = Configuration()
    private(set) var warnings: [ConfigurationWarning] = []
    /// Where each key and group stands, by its path.
    private(set) var places: [String: Place] = [:]

    init(_ entries: [Entry]) throws(ConfigurationError) {
        for entry in entries {
            places[entry.name] = entry.place
            if let group = Keys.groups.first(where: { $0.path == entry.name }) {
                let members = try Reader.members(of: entry, group.path)
                configuration = try read(members, group, into: configuration)
            } else if entry.name == Keys.mqtt.path {
                configuration.broker = try broker(of: entry)
            } else {
                warnUnknown(entry, in: "")
            }
        }
        if places["server.maxRawClients"] == nil {
            let server = configuration.server
            configuration.server.maxRawClients = min(server.maxRawClients, server.maxClients)
        }
    }

    private mutating func broker(
        of entry: Entry
    ) throws(ConfigurationError) -> Configuration.Broker {
        let members = try Reader.members(of: entry, Keys.mqtt.path)
        let isTLS = { (member: Entry) in "mqtt.\(member.name)" == Keys.tls.path }
        var broker = try read(
            members.filter { !isTLS($0) }, Keys.mqtt, into: Configuration.Broker())
        for member in members where isTLS(member) {
            places[Keys.tls.path] = member.place
            let tls = try read(
                Reader.members(of: member, Keys.tls.path), Keys.tls, into: Configuration.TLS())
            try check(tls)
            if !tls.caFile.isEmpty { broker.tls = tls }
        }
        return broker
    }

    private static func members(
        of entry: Entry, _ path: String
    ) throws(ConfigurationError) -> [Entry] {
        if case .group(let members) = entry.value { return members }
        throw ConfigurationError(
            place: entry.place,
            text: "\(path) is \(entry.value.shown), allowed: a group, \(entry.name) = { … };")
    }

    private mutating func read<Root>(
        _ entries: [Entry], _ group: KeyGroup<Root>, into start: Root
    ) throws(ConfigurationError) -> Root {
        var root = start
        for entry in entries {
            guard let key = group.keys.first(where: { $0.name == entry.name }) else {
                warnUnknown(entry, in: group.path)
                continue
            }
            let path = "\(group.path).\(key.name)"
            places[path] = entry.place
            guard key.store(entry.value, &root) else {
                throw ConfigurationError(
                    place: entry.place,
                    text: "\(path) is \(entry.value.shown), allowed: \(key.allowed)")
            }
        }
        return root
    }

    private mutating func warnUnknown(_ entry: Entry, in group: String) {
        guard warnings.count <= Reader.warningLimit else { return }
        var isGroup = false
        if case .group = entry.value { isGroup = true }
        let name = (group.isEmpty ? "" : group + ".") + entry.name.prefix(NearestName.lengthLimit)
        var text = "unknown \(isGroup ? "group" : "key") \(name)"
        if let nearest = NearestName.find(entry.name, in: group) {
            text += ", the nearest known one is \(nearest)"
        }
        if warnings.count == Reader.warningLimit {
            text = "more unknown keys, which are not listed"
        }
        warnings.append(ConfigurationWarning(place: entry.place, text: text))
    }
}
