// One variable of NUT: its name, what it means, of which type it is, and its value. Made by the
// table of them, read by NUTReport.

import Report
import UPS

struct NUTVariable: Sendable {
    enum Kind: Equatable, Sendable {
        /// Always with the same number of decimals: with fewer, some clients take it for another type.
        case number
        case text
        /// May be set, to a whole number of this range.
        case settable(ClosedRange<Int>)
    }

    /// Longer values are cut. (characters)
    static let longestValue = 256

    let name: String
    let description: String
    let kind: Kind
    /// Nil: not known, and then not there.
    let value: @Sendable (Snapshot) -> String?

    init(
        _ name: String, _ description: String, _ kind: Kind = .number,
        _ value: @escaping @Sendable (Snapshot) -> String?
    ) {
        (self.name, self.description, self.kind, self.value) = (name, description, kind, value)
    }

    /// A text without what clients of NUT do not undo, or take for the end of a value.
    static func text(
        _ name: String, _ description: String, _ value: @escaping @Sendable (Snapshot) -> String?
    ) -> NUTVariable {
        NUTVariable(name, description, .text) { snapshot in value(snapshot).flatMap(nutText) }
    }

    static func seconds(
        _ name: String, _ description: String,
        _ value: @escaping @Sendable (Snapshot) -> Duration?
    ) -> NUTVariable {
        NUTVariable(name, description) { value($0).map { "\($0.roundedSeconds)" } }
    }

    /// As `GET TYPE` says it.
    var type: String {
        switch kind {
        case .number: "NUMBER"
        case .text: "STRING:\(NUTVariable.longestValue)"
        case .settable: "RW RANGE NUMBER"
        }
    }
}

/// Printable ASCII without `"`, `\` and `#`; nil: nothing is left.
func nutText(_ text: String) -> String? {
    let kept = folded(text).map { "\"\\#".contains($0) ? "'" : $0 }
    let line = String(kept).split(separator: " ").joined(separator: " ")
    return line.isEmpty ? nil : String(line.prefix(NUTVariable.longestValue))
}
