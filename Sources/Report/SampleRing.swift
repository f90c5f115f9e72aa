// Samples at a fixed pace in a fixed amount of memory. Used by History; does no I/O.

import UPS

/// What is kept of a reading: mV, mA, % and °C.
enum Sampled: Int, CaseIterable {
    case inputVoltage, outputVoltage, batteryVoltage, cell1, cell2, cell3, cell4
    case inputCurrent, outputCurrent, batteryCurrent, charge, temperature

    func value(in reading: Reading) -> Int? {
        switch self {
        case .inputVoltage: reading.inputVoltage?.millivolts
        case .outputVoltage: reading.outputVoltage?.millivolts
        case .batteryVoltage: reading.batteryVoltage?.millivolts
        case .cell1: reading.cellVoltages[0]?.millivolts
        case .cell2: reading.cellVoltages[1]?.millivolts
        case .cell3: reading.cellVoltages[2]?.millivolts
        case .cell4: reading.cellVoltages[3]?.millivolts
        case .inputCurrent: reading.inputCurrent?.milliamperes
        case .outputCurrent: reading.outputCurrent?.milliamperes
        case .batteryCurrent: reading.batteryCurrent?.milliamperes
        case .charge: reading.batteryCharge
        case .temperature: reading.temperatureCelsius
        }
    }
}

/// One place for each step of time, the newest `capacity` of them; the first sample of a step
/// counts. Steps are numbered on the clock that decides, and may lie before the boot.
struct SampleRing: Sendable {
    private static let width = Sampled.allCases.count
    private static let none = Int32.min

    /// Seconds.
    let step: Int
    let capacity: Int
    private var words: [Int32]
    private var newest: Int?

    init(step: Int, capacity: Int) {
        (self.step, self.capacity) = (step, capacity)
        words = Array(repeating: SampleRing.none, count: capacity * SampleRing.width)
    }

    /// The steps that have a place now, oldest first.
    var steps: Range<Int> {
        newest.map { $0 - capacity + 1..<$0 + 1 } ?? 0..<0
    }

    func number(of moment: BootTime) -> Int {
        let (seconds, attoseconds) = moment.sinceBoot.components
        return floored(Int(seconds) - (attoseconds < 0 ? 1 : 0), by: step).quotient
    }

    func start(of number: Int) -> BootTime { BootTime(.seconds(number * step)) }

    /// Nothing is known of that step.
    func isEmpty(_ number: Int) -> Bool {
        !steps.contains(number) || words[place(of: number)].allSatisfy { $0 == SampleRing.none }
    }

    func value(_ sampled: Sampled, at number: Int) -> Int? {
        guard steps.contains(number) else { return nil }
        let word = words[place(of: number).lowerBound + sampled.rawValue]
        return word == SampleRing.none ? nil : Int(word)
    }

    /// What is older than the oldest place is ignored.
    mutating func add(_ reading: Reading, at number: Int) {
        makeRoom(upTo: number)
        guard isEmpty(number), steps.contains(number) else { return }
        let first = place(of: number).lowerBound
        for sampled in Sampled.allCases {
            let value = sampled.value(in: reading).map { Int32(clamping: $0) }
            words[first + sampled.rawValue] = value ?? SampleRing.none
        }
    }

    /// Takes what the other one has where this one has nothing.
    mutating func fill(from other: SampleRing) {
        for number in other.steps where !other.isEmpty(number) {
            makeRoom(upTo: number)
            guard isEmpty(number), steps.contains(number) else { continue }
            words.replaceSubrange(place(of: number), with: other.words[other.place(of: number)])
        }
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
