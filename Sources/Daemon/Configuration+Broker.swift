// The group `mqtt` in the terms of the MQTT room, with what Home Assistant was told before. Reads
// the file with the password, and so may wait.

import Configuration
import Console
import Host
import MQTT
import Platform
import Records

extension Configuration.Broker {
    private static let longestPassword = 4096

    /// `warn` is told what does not work.
    func settings(
        server: Configuration.Server, warn: (String) -> Void
    ) -> Publisher.Settings {
        var settings = Publisher.Settings(id: id.isEmpty ? topicLevel(ThisHost.name) : id)
        settings.host = host
        settings.port = port
        settings.prefix = prefix
        settings.username = username.isEmpty ? nil : username
        settings.password = password(warn)
        settings.acceptsCommands = commands
        settings.announces = discovery
        settings.discoveryPrefix = discoveryPrefix
        settings.keepalive = keepalive
        settings.record =
            HomeAssistantStore(folder: server.stateDirectory).kept ?? settings.record
        settings.url = server.openAddress.map { server.url(at: $0) }
        settings.tls = tls.map { configured in
            var tls = Publisher.TLS(caFile: configured.caFile)
            tls.certFile = configured.certFile.isEmpty ? nil : configured.certFile
            tls.keyFile = configured.keyFile.isEmpty ? nil : configured.keyFile
            tls.isInsecure = configured.insecure
            return tls
        }
        return settings
    }

    private func password(_ warn: (String) -> Void) -> String? {
        guard !passwordFile.isEmpty else { return nil }
        do throws(SystemError) {
            return try Configuration.firstLine(
                of: passwordFile, longest: Configuration.Broker.longestPassword)
        } catch {
            warn("mqtt.passwordFile: \(error)")
            return nil
        }
    }

    /// Without the characters that mean something in a topic.
    private func topicLevel(_ host: String) -> String {
        String(host.prefix(64).map { "/+#".contains($0) ? "-" : $0 })
    }
}
