// Every stage of the decision times every input: the phase that follows, and what is announced.

import Testing

@testable import Bicker
@testable import Decision
@testable import UPS

@Suite struct StageTableTests {
    /// How each stage is reached.
    private static func decision(in stage: String) -> Decision? {
        switch stage {
        case "idle": return .onLine { $0.steps = 2 }
        case "confirming":
            let decision = Decision.onLine()
            decision.failing()
            return decision
        case "pending": return .onBattery()
        case "cancelled":
            let decision = Decision.onBattery()
            _ = decision.command(.cancel)
            return decision
        case "on_battery": return .onBattery(noTimer)
        case "returned":
            let decision = Decision.onBattery()
            decision.good(2)
            return decision
        case "resuming":
            let decision = Decision.onBattery()
            decision.good(2)
            decision.failing()
            return decision
        case "ups_request":
            let decision = Decision.onLine()
            decision.status(requested, 2)
            return decision
        case "committed": return committed { $0.steps = 2 }
        case "committed_dry": return committed { $0.dryRun = true }
        default: return nil
        }
    }

    private static let requested = Decision.present.union(.shutdownSet)

    private static func noTimer(_ policy: inout ShutdownPolicy) {
        policy.byTime = false
        policy.byCharge = true
        policy.maximumBackupTime = nil
    }

    private static func committed(_ change: (inout ShutdownPolicy) -> Void) -> Decision {
        let decision = Decision.onBattery(change)
        decision.stay(until: 1015)
        return decision
    }

    private static func apply(_ input: String, to decision: Decision) -> Bool {
        switch input {
        case "good": decision.good()
        case "good x2": decision.good(2)
        case "failing": decision.failing()
        case "failing x2": decision.failing(2)
        case "request on line": decision.status(requested, 2)
        case "request on battery": decision.status(Decision.absent.union(.shutdownSet), 2)
        case "low charge": twice(.charge(10), decision)
        case "low runtime": twice(.runtime(.seconds(30)), decision)
        case "port closed": decision.take(.portClosed)
        case "cancel": _ = decision.command(.cancel)
        case "delay 20": _ = decision.command(.delay(seconds: 20))
        case "measure": _ = decision.command(.measure)
        case "drill": _ = decision.command(.drill(seconds: nil))
        case "ended ok": decision.take(.commandEnded(failed: false))
        case "ended failed": decision.take(.commandEnded(failed: true))
        case "silence": decision.silence(until: decision.now.sinceBoot.inSeconds + 20)
        default: return false
        }
        return true
    }

    /// Twice, as far apart as `lowChargeHold` asks for.
    private static func twice(_ input: ShutdownController.Input, _ decision: Decision) {
        decision.take(input)
        decision.now = decision.now + .seconds(2)
        decision.take(input)
    }

    private static let stages = [
        "idle", "confirming", "pending", "cancelled", "on_battery", "returned", "resuming",
        "ups_request", "committed", "committed_dry",
    ]
    private static let inputs = [
        "good", "good x2", "failing", "failing x2", "request on line", "request on battery",
        "low charge", "low runtime", "port closed", "cancel", "delay 20", "measure", "drill",
        "ended ok", "ended failed", "silence",
    ]

    private static let rows: [[String]] = StageTable.text.split(separator: "\n").map { line in
        line.split(separator: "|", omittingEmptySubsequences: false).map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    @Test func everyPairIsInTheTable() {
        let pairs = StageTableTests.stages.flatMap { stage in
            StageTableTests.inputs.map { [stage, $0] }
        }
        #expect(StageTableTests.rows.map { Array($0.prefix(2)) } == pairs)
    }

    @Test(arguments: rows)
    func pair(row: [String]) throws {
        let decision = try #require(StageTableTests.decision(in: row[0]))
        decision.forget()
        #expect(StageTableTests.apply(row[1], to: decision))
        let events = decision.events.map { event in
            event.hasPrefix("shutdown_") ? String(event.dropFirst("shutdown_".count)) : event
        }
        #expect([decision.phase.rawValue, events.joined(separator: " ")] == Array(row.suffix(2)))
    }
}
