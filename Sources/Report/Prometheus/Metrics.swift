// The answer of `/metrics`: Prometheus' text format, version 0.0.4. Called by Web. What is not
// known has no sample, and a metric without samples is left out: a 0 would be taken for a
// measurement.

public import UPS

public enum Metrics {
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    public static func text(_ snapshot: Snapshot, _ sinks: SinkCounters) -> String {
        Metric.all.map { $0.text(snapshot, sinks) }.joined()
    }
}

/// One metric: what it is called, and its samples. A counter's name ends with `_total`.
struct Metric: Sendable {
    struct Sample {
        var labels: [(name: String, value: String)] = []
        var value: Double
    }

    typealias Samples = @Sendable (Snapshot, SinkCounters) -> [Sample]

    let name: String
    /// One sentence, without a full stop, as Prometheus' own have none.
    let help: String
    let samples: Samples

    static func list(_ name: String, _ help: String, samples: @escaping Samples) -> Metric {
        Metric(name: "ups_" + name, help: help, samples: samples)
    }

    /// Nil: not known.
    static func value(
        _ name: String, _ help: String, _ value: @escaping @Sendable (Snapshot) -> Double?
    ) -> Metric {
        list(name, help) { snapshot, _ in value(snapshot).map { [Sample(value: $0)] } ?? [] }
    }

    /// 1 or 0; nil: not known.
    static func flag(
        _ name: String, _ help: String, isSet: @escaping @Sendable (Snapshot) -> Bool?
    ) -> Metric {
        value(name, help) { snapshot in isSet(snapshot).map { $0 ? 1 : 0 } }
    }

    /// 1 for the word that holds, 0 for the others.
    static func word<Word: RawRepresentable<String> & CaseIterable & Equatable & Sendable>(
        _ name: String, label: String, _ help: String,
        present: @escaping @Sendable (Snapshot) -> Word
    ) -> Metric {
        list(name, help) { snapshot, _ in
            let present = present(snapshot)
            return Word.allCases.map { word in
                Sample(labels: [(label, word.rawValue)], value: word == present ? 1 : 0)
            }
        }
    }

    func text(_ snapshot: Snapshot, _ sinks: SinkCounters) -> String {
        let samples = samples(snapshot, sinks).filter(\.value.isFinite)
        guard !samples.isEmpty else { return "" }
        let kind = name.hasSuffix("_total") ? "counter" : "gauge"
        let head = "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
        return head + samples.map { line($0) }.joined()
    }

    private func line(_ sample: Sample) -> String {
        let pairs = sample.labels.map { "\($0.name)=\"\(Metric.escaped($0.value))\"" }
        let labels = pairs.isEmpty ? "" : "{" + pairs.joined(separator: ",") + "}"
        let isWhole = sample.value.rounded() == sample.value && abs(sample.value) < 1e15
        let value = isWhole ? "\(Int(sample.value))" : "\(rounded(sample.value, 6))"
        return "\(name)\(labels) \(value)\n"
    }

    static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
