// The values that hold, as `ups-server check` prints them: a configuration file of its own.

extension Configuration {
    /// In libconfig's syntax, what is allowed behind each value, and the default where another one
    /// holds. Parsed again, it gives the same configuration.
    public var effectiveText: String {
        let groups = Keys.groups.map { written($0, self, Configuration()) }.joined()
        return groups + brokerText + nutText
    }

    private var brokerText: String {
        guard let broker else { return "# MQTT is off: there is no group mqtt.\n" }
        let tls = written(Keys.tls, broker.tls ?? TLS(), TLS(), indent: "  ")
        return written(Keys.mqtt, broker, Broker(), inner: tls)
    }

    private var nutText: String {
        nut.map { written(Keys.nut, $0, NUT()) }
            ?? "# NUT has no listener of its own: there is no group nut.\n"
    }

    private func written<Root>(
        _ group: KeyGroup<Root>, _ root: Root, _ usual: Root, indent: String = "",
        inner: String = ""
    ) -> String {
        let name = group.path.split(separator: ".").last ?? ""
        let lines = group.keys.map { key in
            let (value, usual) = (key.load(root), key.load(usual))
            let mark = value == usual ? "" : "<- the default is \(usual.written); "
            return "\(indent)  \(key.name) = \(value.written);  # \(mark)\(key.allowed)\n"
        }
        return "\(indent)\(name) = {\n" + lines.joined() + inner + "\(indent)};\n"
    }
}
