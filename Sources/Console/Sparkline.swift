// A small graph of characters. Pure; shown by `watch`.

struct Sparkline {
    /// Eighths of a character.
    private static let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Oldest first; nil: no reading.
    let values: [Double?]
    /// What the bottom and the top stand for.
    let range: ClosedRange<Double>

    /// The newest values, one a column, at the right; the highest row first.
    func rows(width: Int, height: Int) -> [String] {
        let shown = Array(values.suffix(width))
        let blank = String(repeating: " ", count: max(0, width - shown.count))
        let heights = shown.map { $0.map { eighths(of: $0, height: height) } }
        return (0..<height).reversed().map { row in
            blank + String(heights.map { Sparkline.character($0, row: row) })
        }
    }

    /// At least one, so that a reading can be told from none.
    private func eighths(of value: Double, height: Int) -> Int {
        let span = range.upperBound - range.lowerBound
        let share = span > 0 ? (value - range.lowerBound) / span : 0
        return max(1, Int((min(1, max(0, share)) * Double(height * 8)).rounded()))
    }

    private static func character(_ eighths: Int?, row: Int) -> Character {
        guard let eighths else { return " " }
        return Sparkline.eighths[min(8, max(0, eighths - row * 8))]
    }
}
