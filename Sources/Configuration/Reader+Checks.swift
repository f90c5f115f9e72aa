// What single keys cannot tell: whether they fit each other. Called by `parse` after reading.

extension Reader {
    /// Errors: values that are allowed alone, but not together.
    func check() throws(ConfigurationError) {
        let server = configuration.server
        guard server.maxRawClients <= server.maxClients else {
            throw error(
                "server.maxRawClients", "\(server.maxRawClients)",
                allowed: "at most server.maxClients, \(server.maxClients)")
        }
        guard server.webCommands != .token || !server.controlTokenFile.isEmpty else {
            throw error(
                "server.webCommands", "\"token\"",
                allowed: "only with a file in server.controlTokenFile")
        }
        let rating = configuration.rating
        if let cutoff = rating.cutoffVoltage, cutoff > rating.batteryVoltage {
            throw error(
                "ups.cutoffVoltage", "\(cutoff.volts)",
                allowed: "at most ups.batteryVoltage, \(rating.batteryVoltage.volts) V")
        }
    }

    func check(_ tls: Configuration.TLS) throws(ConfigurationError) {
        let example = "/etc/ssl/certs/ca-certificates.crt"
        if tls.caFile.isEmpty {
            let allowed = "only with a file in mqtt.tls.caFile, such as \(example)"
            guard tls.certFile.isEmpty else {
                throw error("mqtt.tls.certFile", Value.text(tls.certFile).shown, allowed: allowed)
            }
            guard !tls.insecure else {
                throw error("mqtt.tls.insecure", "true", allowed: allowed)
            }
        }
        guard tls.certFile.isEmpty == tls.keyFile.isEmpty else {
            let isKey = tls.certFile.isEmpty
            throw error(
                isKey ? "mqtt.tls.keyFile" : "mqtt.tls.certFile",
                Value.text(isKey ? tls.keyFile : tls.certFile).shown,
                allowed: "only together with \(isKey ? "mqtt.tls.certFile" : "mqtt.tls.keyFile")")
        }
    }

    private func error(_ path: String, _ value: String, allowed: String) -> ConfigurationError {
        // No default is refused, so the value stands in the file.
        ConfigurationError(
            place: places[path]!, text: "\(path) is \(value), allowed: \(allowed)"
        )
    }
}
