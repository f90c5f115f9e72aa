// What a daemon leaves for the next one of the same boot. Read by the loop, which stores it.

public import Decision
import UPS

extension Watch {
    mutating func restore(_ kept: KeptState, at now: BootTime) {
        history = kept.history
        measurement.last = kept.lastMeasurement
        carryOut(controller.restore(kept, at: now), of: nil, at: now)
        // When it ended is not known; it lasted until the last reading at least.
        if !controller.isOnBattery, history.isOnBattery {
            history.resume(at: kept.lastValid ?? now)
        }
    }

    /// The answers to commands, for the next start in this boot.
    public var keptAnswers: AnswerMemory { controller.answers }

    public var kept: KeptState {
        var kept = KeptState(boot: controller.boot)
        kept.history = history
        controller.keep(in: &kept)
        kept.lastMeasurement = measurement.last
        return kept
    }
}
