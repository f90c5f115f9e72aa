// Numbers as text, without a C library. Called by the reports.

package import UPS

/// With exactly so many decimals, like `%.1f`, but never `-0.0`.
package func fixed(_ value: Double, _ decimals: Int) -> String {
    let scale = powerOfTen(decimals)
    let scaled = Int(max(-1e15, min(value * Double(scale), 1e15)).rounded())
    let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: scale.magnitude)
    let text = decimals == 0 ? "\(whole)" : "\(whole).\(digits(Int(fraction), decimals))"
    return scaled < 0 ? "-" + text : text
}

/// At most so many decimals.
func rounded(_ value: Double, _ decimals: Int) -> Double {
    let scale = Double(powerOfTen(decimals))
    // Adding 0 makes -0.0 a 0.0.
    return (value * scale).rounded() / scale + 0
}

/// Like `0x%04X`.
package func hexadecimal(_ value: some BinaryInteger, _ width: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, width - text.count)) + text
}

extension Quantity {
    /// A count of its last decimal as a count of another one, rounded half away from zero.
    func rescaled(_ count: Int, to digits: Int) -> Int {
        guard digits < decimals else { return count * powerOfTen(digits - decimals) }
        let divisor = powerOfTen(decimals - digits)
        return (count + (count < 0 ? -divisor : divisor) / 2) / divisor
    }

    /// A count of its last decimal in its unit.
    package func inUnit(_ count: Int) -> Double { Double(count) / Double(powerOfTen(decimals)) }
}

private func powerOfTen(_ exponent: Int) -> Int {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
}
