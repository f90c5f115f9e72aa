// The built-in way of a daemon that is not root: a file on which a root-owned path unit powers off.
// The ShutdownRunner's thread writes it, `perform-poweroff` judges it.

import Host
import UPS

struct PoweroffRequest: Equatable, Sendable {
    static let name = "poweroff-request"
    /// The file with what became of it, written by `perform-poweroff`.
    static let answerName = "poweroff-answer"
    /// An older one is not acted on. (s)
    static let longestAge: Int64 = 30
    static let graceRange: ClosedRange<Int64> = 1...86400
    /// What every shutdown is given before it is ended by force, whatever the request says: no more
    /// than the usual `reserve`, which is there for an end that comes late.
    static let shortestGrace = Duration.seconds(5)
    /// Of the name of an incident, which root writes into the journal. (bytes)
    private static let incidentLimit = 40

    enum Action: String, Sendable {
        case poweroff
        /// Goes the whole way and does nothing at its end.
        case rehearse
    }

    var action: Action
    var boot: BootID
    var incident: String
    /// When it was written, in whole seconds. (CLOCK_BOOTTIME)
    var time: Int64
    /// How long after that what still hangs is ended by force. (s)
    var grace: Int64

    var lines: KeyLines {
        KeyLines([
            "BOOT_ID": boot.text, "INCIDENT": incident, "BOOTTIME": "\(time)",
            "GRACE": "\(grace)", "ACTION": action.rawValue,
        ])
    }

    init(_ action: Action, boot: BootID, incident: String, at now: BootTime, grace: Duration) {
        (self.action, self.boot, self.incident) = (action, boot, incident)
        time = now.sinceBoot.components.seconds
        let (least, most) = (Self.graceRange.lowerBound, Self.graceRange.upperBound)
        self.grace = min(max(Int64(grace.roundedSeconds), least), most)
    }

    /// Nil: that is no request.
    init?(_ lines: KeyLines) {
        guard let action = lines["ACTION"].flatMap(Action.init(rawValue:)),
            let boot = lines["BOOT_ID"].flatMap({ BootID($0) }),
            let incident = Self.incident(in: lines), let time = lines.number("BOOTTIME"),
            let grace = lines.number("GRACE"), Self.graceRange.contains(grace)
        else { return nil }
        (self.action, self.boot, self.incident) = (action, boot, incident)
        (self.time, self.grace) = (time, grace)
    }

    /// Nil: what stands there is no name of an incident.
    static func incident(in lines: KeyLines) -> String? {
        guard let name = lines["INCIDENT"], (1...incidentLimit).contains(name.utf8.count),
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else { return nil }
        return name
    }

    /// When what still hangs is ended by force, if it is acted on now.
    func forcedEnd(at now: BootTime) -> BootTime {
        max(BootTime(.seconds(time + grace)), now + Self.shortestGrace)
    }

    /// Why it is not acted on; nil: it is.
    func refusal(boot present: BootID, at now: BootTime) -> String? {
        guard boot == present else { return "it was written by another boot" }
        return Self.refusal(writtenAt: time, now: now, longestAge: Self.longestAge)
    }

    /// The same for the age alone.
    static func refusal(writtenAt time: Int64, now: BootTime, longestAge: Int64) -> String? {
        // Both moments are whole seconds: no arithmetic on what a file says before it is bounded.
        let second = now.sinceBoot.components.seconds
        return (max(0, second - longestAge)...second).contains(time)
            ? nil : "it was written more than \(longestAge) s ago, or has not been yet"
    }
}
