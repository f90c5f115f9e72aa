// What is known of power when nothing proves it: after a restart, and before a silence.

import Testing

@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct LastWordTests {
    /// Rule 13: readings of before are no look. The hold has become shorter meanwhile.
    @Test(arguments: [ShutdownController.Input.charge(10), .runtime(.seconds(25))])
    func aLowValueAfterARestart(low: ShutdownController.Input) {
        let decision = Decision.onBattery()
        decision.take(low)
        decision.stay(until: 1001.5)
        decision.take(low)
        #expect(!decision.controller.isCommitted)
        decision.reconfigure { $0.lowChargeHold = .seconds(1) }
        decision.restart(after: .seconds(30))
        decision.take(.tick)
        #expect(!decision.controller.isCommitted)
        decision.good(2)
        #expect(decision.phase == .idle)
    }

    /// A reading is more than an answer of which nobody knows how old it is.
    @Test func aReadingIsNotTakenBack() {
        let decision = Decision.onLine()
        decision.failing()
        decision.take(.unproven(Decision.present))
        decision.silence(until: 1020)
        #expect(decision.commitReason == .linkLost)
    }
}
