// The members of the status object as texts for a person. Pure; used by `status` and `watch`.

import Report
import UPS

struct StatusValues {
    private let members: [String: JSONValue]

    init(_ members: [String: JSONValue]) {
        self.members = members
    }

    subscript(_ key: String) -> JSONValue? { members[key] }

    func string(_ key: String) -> String? { members[key]?.string }

    func flag(_ key: String) -> Bool { members[key] == .bool(true) }

    func number(_ key: String) -> Double? {
        if case .number(let value)? = members[key] { value } else { nil }
    }

    /// The object below a key; empty: there is none.
    func object(_ key: String) -> StatusValues {
        if case .object(let members)? = members[key] {
            StatusValues(members)
        } else {
            StatusValues([:])
        }
    }

    /// `12.60 V`; nil: not known.
    func text(_ quantity: Quantity) -> String? {
        let (key, form) = quantity.status
        guard var value = number(key) else { return nil }
        if case .whole(let digits) = form { for _ in 0..<digits { value /= 10 } }
        return "\(fixed(value, StatusValues.decimals(of: quantity))) \(quantity.unit.rawValue)"
    }

    private static func decimals(of quantity: Quantity) -> Int {
        switch quantity.unit {
        case .volts: quantity.cell == nil ? 2 : 3
        case .amperes, .wattHours: 2
        case .watts, .farads: 1
        case .percent, .seconds, .milliohms, .celsius: 0
        }
    }

    /// `73 s`, `2 min 23 s`, `1 h 5 min`
    func duration(_ key: String) -> String? {
        number(key).map { StatusValues.duration(Int($0.rounded())) }
    }

    static func duration(_ seconds: Int) -> String {
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }

    var phase: Phase? { string("phase").flatMap { Phase(rawValue: $0) } }

    var status: Status? { string("status").flatMap { Status(rawValue: $0) } }

    /// Of the deadline, in words.
    var reason: String? { string("reason").flatMap { Reason(rawValue: $0)?.text } }
}
