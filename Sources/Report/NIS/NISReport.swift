// The answers of apcupsd's network information server (NIS), as bytes ready to be sent. Called by
// Web once per snapshot. Framing: apcupsd 3.14, src/lib/apclibnis.c.

public import UPS

/// Each record: two bytes of length, the highest first, and its text; 00 00 ends the answer.
public enum NISReport {
    /// One client cannot read a length byte above it (aioapcaccess).
    static let longestRecord = 127
    static let mostEvents = 50

    public static func status(_ snapshot: Snapshot) -> [UInt8] {
        let records = NISStatus(snapshot).records.map(\.text)
        let length = records.reduce(0) { $0 + $1.utf8.count }
        let header = NISRecord(
            key: "APC", value: "001,\(digits(records.count, 3)),\(digits(length, 4))")
        return framed([header.text] + records)
    }

    /// The last 50, oldest first.
    public static func events(_ snapshot: Snapshot) -> [UInt8] {
        let events = snapshot.events.events.suffix(mostEvents)
        guard !events.isEmpty else { return framed(["Not available\n\0"]) }
        return framed(
            events.map { event in
                let line = snapshot.localText(of: event.time) + "  " + folded(event.text)
                return line.prefix(longestRecord - 1) + "\n"
            })
    }

    public static let invalidCommand = framed(["Invalid command\n\0"])

    private static func framed(_ records: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4096)
        for record in records {
            let length = UInt16(record.utf8.count)
            bytes += [UInt8(length >> 8), UInt8(length & 0xFF)]
            bytes += record.utf8
        }
        return bytes + [0, 0]
    }
}

/// One line of the status.
struct NISRecord {
    let key: String
    let value: String

    /// The value begins at byte 11.
    var text: String {
        let padding = String(repeating: " ", count: max(0, 9 - key.count))
        return (key + padding + ": " + value).prefix(NISReport.longestRecord - 1) + "\n"
    }
}

/// Printable ASCII only: other bytes break clients, or end the answer.
package func folded(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        switch scalar {
        case " "..."~": result.unicodeScalars.append(scalar)
        case "Ω": result += "Ohm"
        default: result += "?"
        }
    }
    return result
}
