// What a state topic says, before it is text: compared with what was published last.

import UPS

enum MQTTStateValue: Equatable, Sendable {
    /// Published as `None`, which Home Assistant takes for unknown.
    case unknown
    case flag(Bool)
    case text(String)
    /// A number as a whole count of its last decimal: 12600 with 3 decimals is `12.600`.
    case number(Int, decimals: Int)
    /// Without what remains: that changes all the time.
    case shutdown(ShutdownState)
    case info(Identity)
    case outage(PastOutage?)

    static func flag(_ value: Bool?) -> MQTTStateValue {
        value.map { .flag($0) } ?? .unknown
    }

    static func count(_ value: Int?, decimals: Int = 0) -> MQTTStateValue {
        value.map { .number($0, decimals: decimals) } ?? .unknown
    }

    /// A quantity that is no whole count of anything. Beyond any UPS: unknown.
    static func measured(_ value: Double?, decimals: Int) -> MQTTStateValue {
        guard let value else { return .unknown }
        let scaled = (0..<decimals).reduce(value) { product, _ in product * 10 }
        guard scaled.magnitude < 1e15 else { return .unknown }
        return .number(Int(scaled.rounded()), decimals: decimals)
    }

    func text(in snapshot: Snapshot, url: String?) -> String {
        switch self {
        case .unknown: "None"
        case .flag(let isOn): isOn ? "ON" : "OFF"
        case .text(let text): text
        case .number(let count, let decimals): MQTTStateValue.decimal(count, decimals)
        case .shutdown: StatusObject.shutdown(snapshot).text
        case .outage(let outage): OutagesObject.object(outage, snapshot).text
        case .info: MQTTInfo.json(snapshot, url: url)
        }
    }

    private static func decimal(_ count: Int, _ decimals: Int) -> String {
        let text = digits(Int(count.magnitude), decimals + 1)
        let point = decimals == 0 ? "" : "."
        return "\(count < 0 ? "-" : "")\(text.dropLast(decimals))\(point)\(text.suffix(decimals))"
    }
}
