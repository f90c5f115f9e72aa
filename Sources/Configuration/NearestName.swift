// The known name that a misspelt one was probably meant to be. Called for unknown keys, and by the
// Daemon for unknown subcommands.

public enum NearestName {
    /// Longer names are compared by their beginning.
    static let lengthLimit = 64

    /// The one of `names` that shares more than half of its letters; nil: none does.
    public static func find(_ name: String, among names: [String]) -> String? {
        let letters = Array(name.lowercased().prefix(lengthLimit))
        let ranked = names.map { (name: $0, steps: distance(letters, Array($0.lowercased()))) }
        guard let nearest = ranked.min(by: { $0.steps < $1.steps }),
            nearest.steps * 2 < max(nearest.name.count, letters.count)
        else { return nil }
        return nearest.name
    }

    /// The path of the nearest key or group. A name in the same group counts as one step nearer.
    static func find(_ name: String, in group: String) -> String? {
        let letters = Array(name.lowercased().prefix(lengthLimit))
        let ranked = Keys.paths.map { (path: $0, steps: steps(letters, to: $0, in: group)) }
        return ranked.min { $0.steps < $1.steps }?.path
    }

    private static func steps(_ letters: [Character], to path: String, in group: String) -> Int {
        let parts = path.split(separator: ".")
        let isSame = parts.dropLast().joined(separator: ".") == group
        return distance(letters, Array((parts.last ?? "").lowercased())) * 2 + (isSame ? 0 : 1)
    }

    /// Letters to add, drop, change, or swap with their neighbour.
    static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let changed = above[column] + (letter == other ? 0 : 1)
                var best = min(changed, above[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = above
            above = current
        }
        return above[right.count]
    }
}
