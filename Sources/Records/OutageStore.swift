// The file in the state directory that keeps the past outages, one a line. Read at the start,
// written whole on the Recorder's thread.

import Glibc
import Host
import Platform
import Report
public import UPS

public struct OutageStore: Sendable {
    public static let name = "outages"
    /// Some times what the longest book takes.
    private static let longest = 256 * 1024

    private let path: String

    /// The state directory.
    public init(folder: String) {
        path = "\(folder)/\(OutageStore.name)"
    }

    /// What is kept; a line that is not understood is left out. `wall` is the wall clock at `now`.
    public func load(at now: BootTime, wall: WallTime) -> OutageBook {
        let text = readSmallFile(path, limit: OutageStore.longest) ?? ""
        let lines = text.split(separator: "\n").suffix(OutageBook.capacity)
        return OutageBook(lines.compactMap { OutageStore.outage($0, at: now, wall: wall) })
    }

    /// Returns at once.
    public func keep(_ book: OutageBook, at now: BootTime, wall: WallTime, by recorder: Recorder) {
        recorder.work("Keeping the past outages", failure: "The past outages are not kept") {
            try replaceFile(path, with: OutageStore.text(of: book, at: now, wall: wall))
        }
    }

    public static func text(of book: OutageBook, at now: BootTime, wall: WallTime) -> String {
        book.outages.map { line($0, at: now, wall: wall) + "\n" }.joined()
    }

    // MARK: A line

    private static func line(_ outage: PastOutage, at now: BootTime, wall: WallTime) -> String {
        func seconds(_ moment: BootTime?) -> JSONValue {
            moment.map { .number((wall.seconds - (now - $0).inSeconds).rounded()) } ?? .null
        }
        return JSONValue.object([
            "incident": .string(outage.incident), "from": seconds(outage.from),
            "to": seconds(outage.to),
            "lowestCharge": outage.lowestCharge.map { .number(Double($0)) } ?? .null,
            "reason": outage.reason.map { .string($0.rawValue) } ?? .null,
            "end": outage.end.map { .string($0.rawValue) } ?? .null,
            "drill": .bool(outage.isDrill), "dryRun": .bool(outage.isDryRun),
        ]).json
    }

    private static func outage(
        _ line: Substring, at now: BootTime, wall: WallTime
    ) -> PastOutage? {
        guard case .object(let members)? = try? JSONValue(line.utf8),
            let incident = members["incident"]?.string, incident.utf8.count <= 64,
            let from = moment(members["from"], at: now, wall: wall)
        else { return nil }
        var outage = PastOutage(incident: incident, from: from)
        outage.to = moment(members["to"], at: now, wall: wall)
        outage.lowestCharge = members["lowestCharge"]?.integer.flatMap {
            (0...100).contains($0) ? $0 : nil
        }
        outage.reason = members["reason"]?.string.flatMap(Reason.init(rawValue:))
        outage.end = members["end"]?.string.flatMap(PastOutage.End.init(rawValue:))
        outage.isDrill = members["drill"] == .bool(true)
        outage.isDryRun = members["dryRun"] == .bool(true)
        return outage
    }

    /// On the clock of this boot, as far as the wall clock can be believed.
    private static func moment(
        _ value: JSONValue?, at now: BootTime, wall: WallTime
    ) -> BootTime? {
        guard let seconds = value?.integer, (0...Int(WallTime.latest.seconds)).contains(seconds)
        else { return nil }
        let age = Duration.nanoseconds(wall.nanoseconds) - .seconds(seconds)
        return now - age
    }
}
