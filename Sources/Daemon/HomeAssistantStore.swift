// The file in the state directory that keeps by which name Home Assistant knows the UPS. Read and
// made by BrokerLink, written on the Recorder's thread, read by `mqtt-purge`. It may wait for a disk.

import Glibc
import Report

struct HomeAssistantStore: Sendable {
    static let name = "home-assistant.json"
    private static let longest = 4096

    private let folder: String
    private var path: String { "\(folder)/\(HomeAssistantStore.name)" }

    /// The state directory.
    init(folder: String) {
        self.folder = folder
    }

    /// Nil: there is none, or it is spoiled.
    var kept: HomeAssistantRecord? {
        readSmallFile(path, limit: HomeAssistantStore.longest)
            .flatMap { HomeAssistantRecord(json: $0) }
    }

    /// A new record, kept at once: a UPS without a serial number must not get another name with
    /// every start. Without a place for it there is no such name.
    func make() -> (HomeAssistantRecord, SystemError?) {
        let record = HomeAssistantRecord(
            fallback: String(UInt64.random(in: UInt64.min...UInt64.max), radix: 16))
        do throws(SystemError) {
            mkdir(folder, mode_t(0o755))
            try write(record)
            return (record, nil)
        } catch {
            return (HomeAssistantRecord(fallback: nil), error)
        }
    }

    func write(_ record: HomeAssistantRecord) throws(SystemError) {
        try replaceFile(path, with: record.json + "\n")
    }
}
