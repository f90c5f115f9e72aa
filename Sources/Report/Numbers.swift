// Numbers as text, without a C library. Called by the reports.

package import UPS

/// With exactly so many decimals, like `%.1f`, but never `-0.0`.
package func fixed(_ value: Double, _ decimals: Int) -> String {
    let scale = Double(powerOfTen(decimals))
    return decimal(Int(max(-1e15, min(value * scale, 1e15)).rounded()), decimals)
}

/// A whole count of its last decimal: 12600 with 3 decimals is `12.600`.
func decimal(_ count: Int, _ decimals: Int) -> String {
    let text = digits(count.magnitude, decimals + 1)
    let point = decimals == 0 ? "" : "."
    return "\(count < 0 ? "-" : "")\(text.dropLast(decimals))\(point)\(text.suffix(decimals))"
}

/// At most so many decimals.
func rounded(_ value: Double, _ decimals: Int) -> Double {
    let scale = Double(powerOfTen(decimals))
    // Adding 0 makes -0.0 a 0.0.
    return (value * scale).rounded() / scale + 0
}

/// Like `0x%04X`.
package func hexadecimal(_ value: some BinaryInteger, _ width: Int) -> String {
    "0x" + digits(value, width, radix: 16).uppercased()
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
