// What single keys cannot tell: whether they fit each other. Called by `parse` after reading.

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
