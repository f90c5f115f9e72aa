// Measurements as CSV, a file a day, kept 30 days. The Recorder's thread alone calls it.

import Glibc
import Host
import Platform
import UPS

struct MeasurementLog {
    let folder: String
    private var file = RecordFile(name: "The measurement log")
    private var day: String?

    static let daysKept: Int64 = 30
    /// Files looked at in one go; a folder with more is tidied over several days.
    private static let nameLimit = 10_000

    init(folder: String) {
        self.folder = folder
    }

    mutating func append(_ row: MeasurementRow) -> RecordFile.Notice? {
        let utcOffset = BootClock.utcOffset(at: row.wall)
        let today = String(row.wall.localText(utcOffset: utcOffset).prefix(10))
        if today != day {
            day = today
            deleteOld(at: row.wall, utcOffset: utcOffset)
        }
        return file.append(
            row.text(utcOffset: utcOffset), header: MeasurementRow.header,
            to: "\(folder)/\(MeasurementLog.fileName(day: today))", isSynced: false)
    }

    static func fileName(day: String) -> String { "ups-server_\(day).csv" }

    /// The day of a file that is one of ours by its whole name; nil: another program's.
    static func day(ofFile name: String) -> String? {
        let zero = UInt8(ascii: "0")
        let form = name.utf8.map { (zero...UInt8(ascii: "9")).contains($0) ? zero : $0 }
        guard form.elementsEqual(fileName(day: "0000-00-00").utf8) else { return nil }
        return String(name.dropFirst("ups-server_".count).prefix(10))
    }

    private func deleteOld(at wall: WallTime, utcOffset: Int) {
        let age = MeasurementLog.daysKept * 86400 * 1_000_000_000
        let limit = WallTime(nanoseconds: wall.nanoseconds - age)
        let oldest = limit.localText(utcOffset: utcOffset).prefix(10)
        for name in names(in: folder, limit: MeasurementLog.nameLimit) {
            guard let day = MeasurementLog.day(ofFile: name), day < oldest else { continue }
            unlink("\(folder)/\(name)")
        }
    }
}
