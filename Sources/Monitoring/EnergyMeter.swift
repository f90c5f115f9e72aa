// Energy taken and given since the daemon was started, from power over time. Held by the Watch.

import Bicker
import UPS

struct EnergyMeter: Sendable {
    private(set) var input = Energy(joules: 0)
    private(set) var output = Energy(joules: 0)
    private var last: BootTime?

    /// A gap is not bridged: what flowed in it is not known.
    mutating func pause() {
        last = nil
    }

    /// A round of values is over, and `fresh` is what was answered in it.
    mutating func add(
        _ reading: Reading, fresh: Set<Request>, interval: Duration, at now: BootTime
    ) {
        defer { last = now }
        guard let last, now - last <= interval * 3 else { return }
        let seconds = (now - last).inSeconds
        if fresh.isSuperset(of: [.inputVoltage, .inputCurrent]), let power = reading.inputPower {
            input.joules += power.watts * seconds
        }
        if fresh.isSuperset(of: [.outputVoltage, .outputCurrent]), let power = reading.outputPower {
            output.joules += power.watts * seconds
        }
    }
}
