// The last shutdown that was committed, kept in the state directory over the time in which this
// host is off: its story, and how long it took.

import Host
public import UPS

public struct ShutdownRecord: Equatable, Sendable {
    static let name = "last-shutdown"

    public var boot: BootID
    public var incident: String
    var reason: Reason
    /// The first reading without power, whole seconds since 1970.
    var outage: Int64
    /// The same.
    var commit: Int64
    /// From the commit to the end of this daemon, which is stopped last. Nil: it did not come to
    /// that.
    public var duration: Duration?
    public var isTold = false

    init(_ shutdown: CommittedShutdown, at now: BootTime, wall: WallTime) {
        func seconds(_ moment: BootTime) -> Int64 {
            wall.nanoseconds / 1_000_000_000 - (now - moment).components.seconds
        }
        boot = shutdown.incident.boot
        incident = "\(shutdown.incident)"
        reason = shutdown.reason
        (outage, commit) = (seconds(shutdown.outage), seconds(shutdown.time))
    }

    var lines: KeyLines {
        KeyLines([
            "BOOT_ID": boot.text, "INCIDENT": incident, "REASON": reason.rawValue,
            "OUTAGE": "\(outage)", "COMMIT": "\(commit)",
            "MILLISECONDS": duration.map { "\($0.inMillisecondsRoundedUp)" } ?? "",
            "TOLD": isTold ? "yes" : "no",
        ])
    }

    /// Nil: that is no record.
    init?(_ lines: KeyLines) {
        guard let boot = lines["BOOT_ID"].flatMap({ BootID($0) }), let incident = lines["INCIDENT"],
            let reason = lines["REASON"].flatMap(Reason.init(rawValue:)),
            let outage = lines.number("OUTAGE"), let commit = lines.number("COMMIT"),
            (0...Self.latest).contains(outage), (0...Self.latest).contains(commit)
        else { return nil }
        (self.boot, self.incident, self.reason) = (boot, incident, reason)
        (self.outage, self.commit) = (outage, commit)
        if let time = lines.number("MILLISECONDS"), Self.range.contains(time) {
            duration = .milliseconds(time)
        }
        isTold = lines["TOLD"] == "yes"
    }

    private static let latest = Int64(WallTime.latest.seconds)
    /// A day is longer than any shutdown. (ms)
    private static let range: ClosedRange<Int64> = 0...86_400_000

    /// How long this host needs. In the boot that is being shut down it is not known yet.
    public func measured(in present: BootID?) -> Duration? {
        boot == present ? nil : duration
    }

    /// What happened, for the first start after it.
    public func story(backAt wall: WallTime, utcOffset: (WallTime) -> Int) -> [String] {
        func text(_ seconds: Int64) -> String {
            let wall = WallTime(nanoseconds: seconds * 1_000_000_000)
            return wall.localText(utcOffset: utcOffset(wall))
        }
        let began = reason == .upsRequest ? "the UPS asked for a shutdown" : "power failed"
        let took =
            duration.map { "the shutdown took \($0.roundedSeconds) s" }
            ?? "the shutdown had no end"
        return [
            "Last outage: \(began) at \(text(outage)) [\(incident)]",
            "Last outage: this host was shut down at \(text(commit)), because \(reason.text)",
            "Last outage: \(took); this host is back at "
                + text(wall.nanoseconds / 1_000_000_000),
        ]
    }
}
