// The payload of the topic `info`. Called by the publisher.

public import UPS

/// What does not change while the UPS and the daemon stay the same.
public enum MQTTInfo {
    /// The daemon that published `info`, in words, if that is another one or tells of another UPS.
    /// What is not known on both sides makes no difference.
    public static func other(_ info: String, than ours: Snapshot, url: String?) -> String? {
        guard case .object(let members)? = try? JSONValue(info.utf8),
            let host = members["host"]?.string
        else { return nil }
        func differs(_ key: String, _ own: String?) -> Bool {
            guard let own, let theirs = members[key]?.string else { return false }
            return own != theirs
        }
        guard
            differs("host", ours.installation.host) || differs("serial", ours.identity.serial)
                || differs("url", url)
        else { return nil }
        let serial = members["serial"]?.string.map { " (UPS \($0))" } ?? ""
        return "ups-server on \(host)\(serial)"
    }

    static func json(_ snapshot: Snapshot, url: String?) -> String {
        let installation = snapshot.installation
        return JSON.object(
            snapshot.identity.json + [
                ("host", .string(installation.host)), ("version", .string(installation.version)),
                ("url", .string(url)),
            ]
        ).text
    }
}
