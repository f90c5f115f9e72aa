// The file in the state directory that keeps what the UPS was like when it was new, and a serial
// number for one that has none. Read at the start, written on the Recorder's thread.

import Glibc
import Host
import Platform
import Report
public import UPS

public struct UPSRecord: Equatable, Sendable {
    /// For a UPS without a serial number: random, made once. Nil: it could not be kept.
    public var fallbackSerial: String?
    public var new: CapacitorsWhenNew?
}

extension UPSRecord {
    /// Nil: this is no record.
    init?(json: String) {
        guard case .object(let members)? = try? JSONValue(json.utf8),
            let fallback = members["fallbackSerial"]?.string
        else { return nil }
        fallbackSerial = fallback
        guard let capacity = members["capacity"]?.integer, let esr = members["esr"]?.integer,
            (1...1_000_000).contains(capacity), (1...65535).contains(esr)
        else { return }
        new = CapacitorsWhenNew(
            serial: members["serial"]?.string, batteryType: members["batteryType"]?.string,
            capacitance: Capacitance(millifarads: capacity), esrMilliohms: esr)
    }

    var json: String {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func number(_ value: Int?) -> JSONValue { value.map { .number(Double($0)) } ?? .null }
        return JSONValue.object([
            "fallbackSerial": text(fallbackSerial), "serial": text(new?.serial),
            "batteryType": text(new?.batteryType),
            "capacity": number(new?.capacitance.millifarads), "esr": number(new?.esrMilliohms),
        ]).json
    }
}

public struct UPSStore: Sendable {
    static let name = "ups.json"
    private static let longest = 4096

    private let folder: String
    private var path: String { "\(folder)/\(UPSStore.name)" }

    /// The state directory.
    public init(folder: String) {
        self.folder = folder
    }

    /// What is kept, else a new record, kept at once; and what is wrong, for the log.
    public func load() -> (record: UPSRecord, warning: String?) {
        let kept = readSmallFile(path, limit: UPSStore.longest).flatMap { UPSRecord(json: $0) }
        if let kept { return (kept, nil) }
        let record = UPSRecord(
            fallbackSerial: String(UInt64.random(in: 0...UInt64.max), radix: 16))
        do throws(SystemError) {
            mkdir(folder, mode_t(0o755))
            try write(record)
            return (record, nil)
        } catch {
            let text = "What the UPS was like when new is not kept: \(error)"
            return (UPSRecord(fallbackSerial: nil), text)
        }
    }

    func write(_ record: UPSRecord) throws(SystemError) {
        try replaceFile(path, with: record.json + "\n")
    }

    /// Returns at once.
    public func keep(_ new: CapacitorsWhenNew, in record: UPSRecord, by recorder: Recorder) {
        var record = record
        record.new = new
        let values = "\(new.capacitance.millifarads) mF and \(new.esrMilliohms) mΩ"
        let isTaken = recorder.work("Keeping the values when new") { [record] in
            do throws(SystemError) {
                try write(record)
                recorder.log(.info, "\(values) are kept as the capacitors' values when new")
            } catch {
                recorder.log(
                    .warning, "\(values), the capacitors' when new, are not kept: \(error)")
            }
        }
        if !isTaken { recorder.log(.warning, "\(values) are not kept: too busy") }
    }
}
