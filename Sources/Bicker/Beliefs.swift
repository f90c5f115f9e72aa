// What one answer alone must not change, because it is kept or decides: a frame has no checksum.
// Held by the Watch.

import UPS

/// Texts, settings, capacitance and ESR count once they were told twice alike, and stay what they
/// are until something else was told three times in a row.
public struct Beliefs: Sendable {
    private struct Belief {
        var believed: Reply?
        /// Told `times` in a row, and not yet often enough.
        var candidate: Reply?
        var times = 0
        /// Answers in a row that were not believed.
        var doubts = 0
    }

    private var beliefs: [Request: Belief] = [:]

    public init() {}

    /// What was written was read back, and is what was wanted: that is enough.
    public mutating func accept(_ reply: Reply, to request: Request) {
        beliefs[request] = Belief(believed: reply)
    }

    public static func areNeeded(for request: Request) -> Bool {
        switch request.form {
        case .text, .setting, .capacitance, .resistance: true
        default: false
        }
    }

    /// What was believed last, also while something else was told once.
    public subscript(request: Request) -> Reply? { beliefs[request]?.believed }

    /// What is told of its own accord counts like an answer. Nil: it is believed; if not, the pause
    /// before it is asked again.
    public mutating func take(_ reply: Reply, to request: Request) -> Duration? {
        var belief = beliefs[request] ?? Belief()
        defer { beliefs[request] = belief }
        belief.times = Beliefs.areAlike(belief.candidate, reply) ? belief.times + 1 : 1
        // What takes the place of something has to be surer than what fills a gap.
        let needed = belief.believed == nil ? 2 : 3
        guard Beliefs.areAlike(belief.believed, reply) || belief.times >= needed else {
            belief.candidate = reply
            belief.doubts += 1
            // What is told differently each time costs a request a second, and no more.
            return belief.doubts <= 3 ? .zero : .seconds(1)
        }
        belief = Belief(believed: reply)
        return nil
    }

    /// A measured value may move a little from one time to the next.
    private static func areAlike(_ one: Reply?, _ other: Reply) -> Bool {
        guard let one else { return false }
        return switch (one, other) {
        case (.capacitance(let one?), .capacitance(let other?)):
            isNear(one.millifarads, other.millifarads)
        case (.milliohms(let one?), .milliohms(let other?)): isNear(one, other)
        default: one == other
        }
    }

    /// Within a tenth.
    private static func isNear(_ one: Int, _ other: Int) -> Bool {
        abs(one - other) * 10 <= max(one, other)
    }
}
