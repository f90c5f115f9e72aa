// Free text in the NIS status: names, versions, serial numbers. Called by NISStatus.

/// What clients of NIS look for in the whole answer, taking the first place where it stands.
/// Source: apcupsd 3.14, src/drivers/net/net.c.
private let keywords = [
    "BCHARGE", "BATTDATE", "BATTV", "CABLE", "DATE", "FIRMWARE", "HITRANS", "HOSTNAME",
    "LASTSTEST", "LASTXFER", "MAXLINEV", "MINLINEV", "LOADPCT", "DLOWBATT", "LOTRANS", "MAXTIME",
    "MBATTCHG", "MINTIMEL", "MODEL", "NOMBATTV", "LINEFREQ", "OUTPUTV", "RELEASE", "RETPCT",
    "TIMELEFT", "SELFTEST", "SENSE", "SERIALNO", "STATFLAG", "UPSMODE", "UPSNAME", "ITEMP", "LINEV",
    "STATUS", "NOMINV", "NOMOUTV", "NOMPOWER",
]

private let longestText = 60

/// A text that cannot be mistaken for a key; nil: there is none.
func nisText(_ text: String?, longest: Int = longestText) -> String? {
    guard let text else { return nil }
    let printable = folded(text).split(separator: " ").joined(separator: " ").prefix(longest)
    guard !printable.isEmpty else { return nil }
    let isMistakable = keywords.contains { printable.contains($0) }
    return isMistakable ? printable.lowercased() : String(printable)
}
