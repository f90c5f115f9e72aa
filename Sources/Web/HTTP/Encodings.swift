// What clients are sent, encoded once for each snapshot and second and shared by all of them; and
// only when a client asks. Used on the web thread only.

internal import NUT
internal import Report
internal import UPS

struct Encodings {
    enum Kind: Hashable {
        case status(CommandAccess)
        case nisStatus, nisEvents
    }

    private struct Moment: Equatable {
        let sequence: UInt64
        let second: Int64
    }

    private var moment: Moment?
    private var encoded: [Kind: PaddedBytes] = [:]
    private var nutReport: NUTReport?

    mutating func nutReport(of snapshot: Snapshot, _ names: NUTNames) -> NUTReport {
        forgetOld(snapshot)
        let report = nutReport ?? NUTReport(snapshot, names: names)
        nutReport = report
        return report
    }

    private mutating func forgetOld(_ snapshot: Snapshot) {
        let present = Moment(
            sequence: snapshot.sequence, second: snapshot.time.sinceBoot.components.seconds)
        guard moment != present else { return }
        (moment, encoded, nutReport) = (present, [:], nil)
    }

    mutating func bytes(_ kind: Kind, of snapshot: Snapshot) -> PaddedBytes {
        forgetOld(snapshot)
        if let known = encoded[kind] { return known }
        let fresh =
            switch kind {
            case .status(let access):
                PaddedBytes(StatusObject.json(snapshot, access: access).utf8)
            case .nisStatus: PaddedBytes(NISReport.status(snapshot))
            case .nisEvents: PaddedBytes(NISReport.events(snapshot))
            }
        encoded[kind] = fresh
        return fresh
    }
}
