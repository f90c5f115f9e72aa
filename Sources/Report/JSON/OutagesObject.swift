// The past outages as JSON, for `/api/outages` and the control socket. Called by Web.

public import UPS

public enum OutagesObject {
    /// At most `limit` outages, newest first.
    public static func json(_ snapshot: Snapshot, limit: Int) -> String {
        JSON.object([("outages", list(snapshot, limit: limit))]).text
    }

    static func list(_ snapshot: Snapshot, limit: Int) -> JSON {
        let newest = snapshot.outages.outages.suffix(max(0, limit)).reversed()
        return .array(newest.map { object($0, snapshot) })
    }

    /// To the nearest second: kept as one, it must not become the one before.
    static func time(_ moment: BootTime?, _ snapshot: Snapshot) -> JSON {
        .string(moment.map { snapshot.wallTime(of: $0 + .milliseconds(500)).rfc3339 })
    }

    /// Of none everything is null.
    static func object(_ outage: PastOutage?, _ snapshot: Snapshot) -> JSON {
        .object([
            ("incident", .string(outage?.incident)), ("from", time(outage?.from, snapshot)),
            ("to", time(outage?.to, snapshot)), ("lowestCharge", .integer(outage?.lowestCharge)),
            ("reason", .string(outage?.reason?.rawValue)),
            ("end", .string(outage?.end?.rawValue)),
            ("drill", .bool(outage?.isDrill)),
            ("dryRun", .bool(outage?.isDryRun)),
        ])
    }
}
