// What the UPS says that contradicts itself, or that a person should know. Held by the Watch;
// decides nothing.

import Bicker
import Decision
import UPS

struct PlausibilityChecks: Sendable {
    static let forRuntime: [Request] = [.batteryVoltage, .outputVoltage, .outputCurrent]
    /// Below this part of the nominal voltage there is no input, above the other one there is.
    private static let absentBelow = 0.5
    private static let presentAbove = 0.9
    /// Two rounds of values, so that a change between two requests is none.
    private static let roundsNeeded = 2

    /// What was answered in this round of values.
    private(set) var fresh: Set<Request> = []
    private var overcurrent = ConfirmedBit()
    private var battery = ConfirmedBit()
    private var request = ConfirmedBit()
    private var contradictions = 0
    private var shortRounds = 0
    private var present: Bool?
    private(set) var findings = Findings()

    mutating func reset() {
        self = PlausibilityChecks()
    }

    struct Findings: Equatable, Sendable {
        var isContradicted = false
        var isOvercurrent = false
        var lacksBattery = false
        var isShutdownSet = false
        /// What a shutdown needs and the capacitors would not last for at the present load.
        var shortage: Duration?

        var problems: [Message] {
            var problems: [Message] = []
            if isContradicted { problems.append(Message(.contradiction)) }
            if isOvercurrent { problems.append(Message(.overcurrent)) }
            if lacksBattery { problems.append(Message(.noBattery)) }
            if isShutdownSet { problems.append(Message(.shutdownIsSet)) }
            if let shortage { problems.append(Message(.shortage, shortage.roundedSeconds)) }
            return problems
        }
    }

    /// On line, once a round: whether there is news. A tenth more than needed ends a shortage; nil:
    /// there is no load, or it is said elsewhere what is not known.
    mutating func compare(runtime: Duration?, needed: Duration) -> Bool {
        let limit = findings.shortage == nil ? needed : needed * 11 / 10
        guard let runtime, runtime < limit else {
            (shortRounds, findings.shortage) = (0, nil)
            return false
        }
        shortRounds += 1
        guard shortRounds >= PlausibilityChecks.roundsNeeded else { return false }
        defer { findings.shortage = needed }
        return findings.shortage == nil
    }

    mutating func note(_ request: Request) {
        fresh.insert(request)
    }

    mutating func finishRound() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The event that a status reading makes.
    mutating func take(
        _ status: DeviceStatus, confirmations: Int, at now: BootTime
    ) -> (Event.Name, Message)? {
        let isPresent = status.contains(.powerPresent)
        if isPresent != present { contradictions = 0 }
        present = isPresent
        _ = battery.take(
            status.contains(.batteryPresent), confirmations: confirmations, at: now)
        _ = request.take(status.contains(.shutdownSet), confirmations: confirmations, at: now)
        _ = overcurrent.take(status.contains(.overcurrent), confirmations: confirmations, at: now)
        let wasOver = findings.isOvercurrent
        findings.isOvercurrent = overcurrent.value == true
        findings.lacksBattery = battery.value == false
        findings.isShutdownSet = request.value == true
        guard findings.isOvercurrent != wasOver else { return nil }
        return wasOver
            ? (.overcurrentOff, Message(.overcurrentOver))
            : (.overcurrentOn, Message(.overcurrent))
    }

    /// Compares the input voltage with the flag; the text of the event when they begin to differ.
    mutating func compare(_ reading: Reading, rating: Rating) -> Message? {
        guard fresh.contains(.inputVoltage), let voltage = reading.inputVoltage, let present else {
            return nil
        }
        let nominal = rating.inputVoltage.volts
        let differs =
            present
            ? voltage.volts < nominal * PlausibilityChecks.absentBelow
            : voltage.volts > nominal * PlausibilityChecks.presentAbove
        contradictions = differs ? contradictions + 1 : 0
        let wasContradicted = findings.isContradicted
        findings.isContradicted = contradictions >= PlausibilityChecks.roundsNeeded
        guard findings.isContradicted, !wasContradicted else { return nil }
        return Message(present ? .contradictionPresent : .contradictionAbsent, voltage.volts)
    }
}
