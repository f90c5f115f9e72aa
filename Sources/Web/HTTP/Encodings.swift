// What clients are sent, encoded once for each snapshot and second and shared by all of them; and
// only when a client asks. Used on the web thread only.

internal import Report
internal import UPS

struct Encodings {
    private struct Moment: Equatable {
        let sequence: UInt64
        let second: Int64
    }

    private var moment: Moment?
    private var status: [CommandAccess: PaddedBytes] = [:]
    private var nisStatus: PaddedBytes?
    private var nisEvents: PaddedBytes?

    mutating func status(_ snapshot: Snapshot, _ access: CommandAccess) -> PaddedBytes {
        forgetBefore(snapshot)
        return Encodings.once(&status[access]) {
            PaddedBytes(StatusObject.json(snapshot, access: access).utf8)
        }
    }

    mutating func nisStatus(_ snapshot: Snapshot) -> PaddedBytes {
        forgetBefore(snapshot)
        return Encodings.once(&nisStatus) { PaddedBytes(NISReport.status(snapshot)) }
    }

    mutating func nisEvents(_ snapshot: Snapshot) -> PaddedBytes {
        forgetBefore(snapshot)
        return Encodings.once(&nisEvents) { PaddedBytes(NISReport.events(snapshot)) }
    }

    private static func once(
        _ encoded: inout PaddedBytes?, _ encode: () -> PaddedBytes
    ) -> PaddedBytes {
        if let encoded { return encoded }
        let fresh = encode()
        encoded = fresh
        return fresh
    }

    private mutating func forgetBefore(_ snapshot: Snapshot) {
        let present = Moment(
            sequence: snapshot.sequence, second: snapshot.time.sinceBoot.components.seconds)
        if moment != present {
            self = Encodings()
            moment = present
        }
    }
}
