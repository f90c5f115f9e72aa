// What values a key takes: from a value in a file to a value of the configuration, back, and in
// words. Used by the table of keys alone.

internal import UPS

struct Form<Content>: Sendable {
    /// What is allowed, in words.
    let allowed: String
    /// nil: the value is not allowed.
    let decode: @Sendable (Value) -> Content?
    let encode: @Sendable (Content) -> Value
}

// MARK: Numbers

extension Form {
    private static func whole(
        _ range: ClosedRange<Int>, _ allowed: String,
        _ decode: @escaping @Sendable (Int) -> Content,
        _ encode: @escaping @Sendable (Content) -> Int
    ) -> Form {
        Form(
            allowed: "an integer from \(range.lowerBound) to \(range.upperBound)\(allowed)",
            decode: { value in
                guard case .integer(let number) = value, range.contains(number) else { return nil }
                return decode(number)
            },
            encode: { .integer(encode($0)) })
    }

    /// Takes integers too.
    private static func decimal(
        _ range: ClosedRange<Double>, _ allowed: String,
        _ decode: @escaping @Sendable (Double) -> Content,
        _ encode: @escaping @Sendable (Content) -> Double
    ) -> Form {
        Form(
            allowed: "a number from \(short(range.lowerBound)) to \(short(range.upperBound))"
                + allowed,
            decode: { value in
                let number: Double
                switch value {
                case .integer(let integer): number = Double(integer)
                case .decimal(let decimal): number = decimal
                default: return nil
                }
                // NaN is in no range.
                return range.contains(number) ? decode(number) : nil
            },
            encode: { .decimal(encode($0)) })
    }

    private static func short(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}

extension Form<Int> {
    static func integer(_ range: ClosedRange<Int>, _ unit: String = "") -> Form {
        whole(range, unit, { $0 }, { $0 })
    }
}

extension Form<Double> {
    static func amperes(_ range: ClosedRange<Double>) -> Form {
        decimal(range, " A", { $0 }, { $0 })
    }
}

extension Form<Duration> {
    static func seconds(_ range: ClosedRange<Int>) -> Form {
        whole(range, " s", { .seconds($0) }, { Int($0.components.seconds) })
    }

    /// To the millisecond.
    static func decimalSeconds(_ range: ClosedRange<Double>) -> Form {
        decimal(
            range, " s", { .milliseconds(Int(($0 * 1000).rounded())) },
            { Double($0.inMillisecondsRoundedUp) / 1000 })
    }
}

extension Form<Duration?> {
    /// 0: never.
    static func secondsOrNever(upTo limit: Int) -> Form {
        whole(
            0...limit, " s, 0 = never", { $0 == 0 ? nil : .seconds($0) },
            { $0.map { Int($0.components.seconds) } ?? 0 })
    }
}

extension Form<Voltage> {
    static func volts(_ range: ClosedRange<Double>) -> Form {
        decimal(range, " V", { Voltage(volts: $0) }, { $0.volts })
    }
}

extension Form<Voltage?> {
    /// 0: the default.
    static func volts(upTo limit: Double, otherwise: String) -> Form {
        decimal(
            0...limit, " V, 0 = \(otherwise)",
            { number in
                let voltage = Voltage(volts: number)
                return voltage.millivolts == 0 ? nil : voltage
            },
            { $0?.volts ?? 0 })
    }
}

// MARK: Words

extension Form<Bool> {
    static var boolean: Form {
        Form(
            allowed: "true or false",
            decode: { value in
                guard case .boolean(let isTrue) = value else { return nil }
                return isTrue
            },
            encode: { .boolean($0) })
    }
}

extension Form
where Content: RawRepresentable & CaseIterable & Sendable, Content.RawValue == String {
    static var choice: Form {
        Form(
            allowed: Content.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "),
            decode: { value in
                guard case .text(let text) = value else { return nil }
                return Content(rawValue: text)
            },
            encode: { .text($0.rawValue) })
    }
}

extension Form<String> {
    /// Printable UTF-8 text; lengths count bytes.
    static func text(
        _ lengths: ClosedRange<Int>, _ what: String = "text",
        where isAllowed: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> Form {
        Form(
            allowed: "\(what), \(lengths.lowerBound) to \(lengths.upperBound) bytes",
            decode: { value in
                guard let text = value.printable, lengths.contains(text.utf8.count) else {
                    return nil
                }
                return isAllowed(text) ? text : nil
            },
            encode: { .text($0) })
    }

    static func path(_ lengths: ClosedRange<Int> = 1...1000) -> Form {
        text(lengths, "a path")
    }
}
