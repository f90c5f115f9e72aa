// The file in the state directory that keeps by which name Home Assistant knows the UPS. Read by
// BrokerLink and by `mqtt-purge`, written on the Recorder's thread. It may wait for a disk.

import Host
public import Platform
public import Report

public struct HomeAssistantStore: Sendable {
    static let name = "home-assistant.json"
    private static let longest = 4096

    private let path: String

    /// The state directory.
    public init(folder: String) {
        path = "\(folder)/\(HomeAssistantStore.name)"
    }

    /// Nil: there is none, or it is spoiled.
    public var kept: HomeAssistantRecord? {
        readSmallFile(path, limit: HomeAssistantStore.longest)
            .flatMap { HomeAssistantRecord(json: $0) }
    }

    public func write(_ record: HomeAssistantRecord) throws(SystemError) {
        try replaceFile(path, with: record.json + "\n")
    }
}
