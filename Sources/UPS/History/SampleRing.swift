// Samples at a fixed pace in a fixed amount of memory. Used by History; does no I/O.

/// One place for each step of time, the newest `capacity` of them, with the mean of its samples and
/// the range of those in which something short counts. Steps are numbered on the clock that decides,
/// and may lie before the boot.
package struct SampleRing: Sendable {
    /// What is kept of a reading, in the order of a row.
    package static let kept = Quantity.allCases.filter { $0.historyPlace != nil }
        .sorted { $0.historyPlace ?? 0 < $1.historyPlace ?? 0 }

    /// Places in a row, after the means: of each the lowest and then the highest.
    package enum Extreme: Int, CaseIterable {
        case lowestInput, highestInput, lowestOutput, highestOutput, lowestCharge, highestCharge

        package var quantity: Quantity {
            switch self {
            case .lowestInput, .highestInput: .inputVoltage
            case .lowestOutput, .highestOutput: .outputVoltage
            case .lowestCharge, .highestCharge: .charge
            }
        }

        var isHighest: Bool { rawValue % 2 == 1 }
    }

    /// Of the step that goes on.
    private struct Course: Sendable {
        var number: Int
        var sums = Array(repeating: 0, count: SampleRing.kept.count)
        var counts = Array(repeating: 0, count: SampleRing.kept.count)
        var extremes: [Int?] = Array(repeating: nil, count: Extreme.allCases.count)
    }

    /// Words of a row.
    static let width = SampleRing.kept.count + Extreme.allCases.count
    /// A word is 16 bits: 30 days have to fit beside all else. (V and A to 32.7, in thousandths)
    private static let none = Int16.min

    /// Seconds.
    package let step: Int
    package let capacity: Int
    private var words: [Int16]
    private var newest: Int?
    private var course: Course?

    init(step: Int, capacity: Int) {
        (self.step, self.capacity) = (step, capacity)
        words = Array(repeating: SampleRing.none, count: capacity * SampleRing.width)
    }

    /// The steps that have a place now, oldest first.
    package var steps: Range<Int> {
        newest.map { $0 - capacity + 1..<$0 + 1 } ?? 0..<0
    }

    package func number(of moment: BootTime) -> Int {
        let (seconds, attoseconds) = moment.sinceBoot.components
        return floored(Int(seconds) - (attoseconds < 0 ? 1 : 0), by: step).quotient
    }

    package func start(of number: Int) -> BootTime { BootTime(.seconds(number * step)) }

    /// Nothing is known of that step.
    package func isEmpty(_ number: Int) -> Bool {
        row(number).allSatisfy { $0 == SampleRing.none }
    }

    /// Empty: that step has no place.
    func row(_ number: Int) -> ArraySlice<Int16> {
        steps.contains(number) ? words[place(of: number)] : []
    }

    /// The mean.
    package func value(_ quantity: Quantity, at number: Int) -> Int? {
        quantity.historyPlace.flatMap { word($0, at: number) }
    }

    package func value(_ extreme: Extreme, at number: Int) -> Int? {
        word(SampleRing.kept.count + extreme.rawValue, at: number)
    }

    private func word(_ index: Int, at number: Int) -> Int? {
        guard steps.contains(number) else { return nil }
        let word = words[place(of: number).lowerBound + index]
        return word == SampleRing.none ? nil : Int(word)
    }

    /// A sample of the newest step or a later one; the clock does not go back.
    mutating func add(_ reading: Reading, at number: Int) {
        makeRoom(upTo: number)
        guard number == newest else { return }
        var course = self.course.flatMap { $0.number == number ? $0 : nil } ?? newCourse(number)
        let first = place(of: number).lowerBound
        for (index, quantity) in SampleRing.kept.enumerated() {
            guard let value = reading[quantity] else { continue }
            course.sums[index] += value
            course.counts[index] += 1
            let mean = Double(course.sums[index]) / Double(course.counts[index])
            words[first + index] = SampleRing.word(of: Int(mean.rounded()))
        }
        for extreme in Extreme.allCases {
            guard let value = reading[extreme.quantity] else { continue }
            let former = course.extremes[extreme.rawValue] ?? value
            let new = extreme.isHighest ? max(former, value) : min(former, value)
            course.extremes[extreme.rawValue] = new
            words[first + SampleRing.kept.count + extreme.rawValue] = SampleRing.word(of: new)
        }
        self.course = course
    }

    /// What was kept of the step that a restart fell into counts for half of it.
    private func newCourse(_ number: Int) -> Course {
        var course = Course(number: number)
        for (index, quantity) in SampleRing.kept.enumerated() {
            guard let mean = value(quantity, at: number) else { continue }
            let count = (step + 1) / 2
            course.sums[index] = mean * count
            course.counts[index] = count
        }
        course.extremes = Extreme.allCases.map { value($0, at: number) }
        return course
    }

    /// Takes a row where this one has nothing. What is too old is ignored.
    mutating func fill(_ row: [Int16], at number: Int) {
        makeRoom(upTo: number)
        guard steps.contains(number), isEmpty(number) else { return }
        words.replaceSubrange(place(of: number), with: row)
    }

    private static func word(of value: Int) -> Int16 {
        max(Int16(clamping: value), SampleRing.none + 1)
    }

    /// The steps since the newest one had no sample, and take the places of the oldest.
    private mutating func makeRoom(upTo number: Int) {
        let former = newest ?? number - capacity
        guard number > former else { return }
        for fresh in max(former + 1, number - capacity + 1)...number {
            for index in place(of: fresh) { words[index] = SampleRing.none }
        }
        newest = number
    }

    private func place(of number: Int) -> Range<Int> {
        let first = floored(number, by: capacity).remainder * SampleRing.width
        return first..<first + SampleRing.width
    }
}
