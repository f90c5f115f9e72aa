// Takes the entries of a file into a configuration, with the table of keys. Called by `parse`.

struct Reader {
    static let warningLimit = 100
    static let faultLimit = 20

    private(set) var parsed = Configuration.Parsed(Configuration())
    /// In the order of the file; those of values that do not fit each other come last.
    private(set) var faults: [ConfigurationError] = []

    init(_ entries: [Entry]) {
        for entry in entries {
            parsed.places[entry.name] = entry.place
            if let group = Keys.groups.first(where: { $0.path == entry.name }) {
                let members = members(of: entry, group.path)
                parsed.configuration = read(members, group, into: parsed.configuration)
            } else if entry.name == Keys.mqtt.path {
                parsed.configuration.broker = broker(of: entry)
            } else if entry.name == Keys.nut.path {
                let members = members(of: entry, Keys.nut.path)
                parsed.configuration.nut = read(members, Keys.nut, into: Configuration.NUT())
            } else {
                warnUnknown(entry, in: "")
            }
        }
        if parsed.places["server.maxRawClients"] == nil {
            let server = parsed.configuration.server
            parsed.configuration.server.maxRawClients = min(
                server.maxRawClients, server.maxClients)
        }
        // A value that was refused is not the one that would be compared.
        if faults.isEmpty { note(mismatch) }
    }

    private mutating func broker(of entry: Entry) -> Configuration.Broker {
        let members = members(of: entry, Keys.mqtt.path)
        let isTLS = { (member: Entry) in "mqtt.\(member.name)" == Keys.tls.path }
        var broker = read(
            members.filter { !isTLS($0) }, Keys.mqtt, into: Configuration.Broker())
        for member in members where isTLS(member) {
            parsed.places[Keys.tls.path] = member.place
            let tls = read(
                self.members(of: member, Keys.tls.path), Keys.tls, into: Configuration.TLS())
            note(mismatch(in: tls))
            if !tls.caFile.isEmpty { broker.tls = tls }
        }
        return broker
    }

    private mutating func note(_ fault: ConfigurationError?) {
        if let fault, faults.count < Reader.faultLimit { faults.append(fault) }
    }

    private mutating func fail(_ place: Place, _ text: String) {
        note(ConfigurationError(place: place, text: text))
    }

    private mutating func members(of entry: Entry, _ path: String) -> [Entry] {
        if case .group(let members) = entry.value { return members }
        let allowed = "a group, \(entry.name) = { … };"
        fail(entry.place, "\(path) is \(entry.value.shown), allowed: \(allowed)")
        return []
    }

    private mutating func read<Root>(
        _ entries: [Entry], _ group: KeyGroup<Root>, into start: Root
    ) -> Root {
        var root = start
        for entry in entries {
            guard let key = group.keys.first(where: { $0.name == entry.name }) else {
                warnUnknown(entry, in: group.path)
                continue
            }
            let path = "\(group.path).\(key.name)"
            parsed.places[path] = entry.place
            guard key.store(entry.value, &root) else {
                let bytes = entry.value.isUTF8 ? "" : ", which is not UTF-8"
                let value = "\(entry.value.shown)\(bytes)"
                fail(entry.place, "\(path) is \(value), allowed: \(key.allowed)")
                continue
            }
        }
        return root
    }

    private mutating func warnUnknown(_ entry: Entry, in group: String) {
        guard parsed.warnings.count <= Reader.warningLimit else { return }
        var isGroup = false
        if case .group = entry.value { isGroup = true }
        let name = (group.isEmpty ? "" : group + ".") + entry.name.prefix(NearestName.lengthLimit)
        var text = "unknown \(isGroup ? "group" : "key") \(name)"
        if let nearest = NearestName.find(entry.name, in: group) {
            text += ", the nearest known one is \(nearest)"
        }
        if parsed.warnings.count == Reader.warningLimit {
            text = "more unknown keys, which are not listed"
        }
        parsed.warnings.append(ConfigurationWarning(place: entry.place, text: text))
    }
}

/// What single keys cannot tell: whether they fit each other.
extension Reader {
    /// Nil: the values of the groups but `mqtt` fit each other.
    var mismatch: ConfigurationError? {
        let server = parsed.configuration.server
        if server.maxRawClients > server.maxClients {
            return error(
                "server.maxRawClients", "\(server.maxRawClients)",
                allowed: "at most server.maxClients, \(server.maxClients)")
        }
        if server.webCommands == .token, server.controlTokenFile.isEmpty {
            return error(
                "server.webCommands", "\"token\"",
                allowed: "only with a file in server.controlTokenFile")
        }
        let rating = parsed.configuration.rating
        guard let cutoff = rating.cutoffVoltage, cutoff > rating.batteryVoltage else { return nil }
        return error(
            "ups.cutoffVoltage", "\(cutoff.volts)",
            allowed: "at most ups.batteryVoltage, \(rating.batteryVoltage.volts) V")
    }

    func mismatch(in tls: Configuration.TLS) -> ConfigurationError? {
        let (certFile, keyFile) = ("mqtt.tls.certFile", "mqtt.tls.keyFile")
        if tls.caFile.isEmpty {
            let example = "/etc/ssl/certs/ca-certificates.crt"
            let allowed = "only with a file in mqtt.tls.caFile, such as \(example)"
            if !tls.certFile.isEmpty {
                return error(certFile, Value.text(tls.certFile).shown, allowed: allowed)
            }
            if tls.insecure { return error("mqtt.tls.insecure", "true", allowed: allowed) }
        }
        if tls.certFile.isEmpty == tls.keyFile.isEmpty { return nil }
        return tls.certFile.isEmpty
            ? error(
                keyFile, Value.text(tls.keyFile).shown, allowed: "only together with \(certFile)")
            : error(
                certFile, Value.text(tls.certFile).shown, allowed: "only together with \(keyFile)")
    }

    private func error(_ path: String, _ value: String, allowed: String) -> ConfigurationError {
        // No default is refused, so the value stands in the file.
        ConfigurationError(
            place: parsed.places[path]!, text: "\(path) is \(value), allowed: \(allowed)")
    }
}
