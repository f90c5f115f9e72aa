// What the UPS says that does not fit together, or that somebody should know. Held by the Watch;
// decides nothing.

struct PlausibilityChecks: Sendable {
    static let forRuntime: Set<Request> = [.batteryVoltage, .outputVoltage, .outputCurrent]
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
    private var isContradicted = false
    private var present: Bool?

    mutating func reset() {
        self = PlausibilityChecks()
    }

    struct Findings: Equatable, Sendable {
        var isContradicted = false
        var isOvercurrent = false
        var lacksBattery = false
        var isShutdownSet = false

        var problems: [String] {
            var problems: [String] = []
            if isContradicted {
                problems.append("Input voltage and power flag contradict each other")
            }
            if isOvercurrent { problems.append("Overcurrent at the output") }
            if lacksBattery { problems.append("The UPS reports no battery") }
            if isShutdownSet { problems.append("The UPS's shutdown flag is set") }
            return problems
        }
    }

    var findings: Findings {
        Findings(
            isContradicted: isContradicted, isOvercurrent: overcurrent.value == true,
            lacksBattery: battery.value == false, isShutdownSet: request.value == true)
    }

    mutating func note(_ request: Request) {
        fresh.insert(request)
    }

    mutating func finishRound() {
        fresh.removeAll(keepingCapacity: true)
    }

    /// The events that a status reading makes.
    mutating func take(
        _ status: DeviceStatus, confirmations: Int, at now: BootTime
    ) -> [(Event.Name, String)] {
        let isPresent = status.contains(.powerPresent)
        if isPresent != present { contradictions = 0 }
        present = isPresent
        _ = battery.take(
            status.contains(.batteryPresent), confirmations: confirmations, at: now)
        _ = request.take(status.contains(.shutdownSet), confirmations: confirmations, at: now)
        let wasOver = overcurrent.value == true
        guard
            overcurrent.take(
                status.contains(.overcurrent), confirmations: confirmations, at: now)
        else { return [] }
        if overcurrent.value == true { return [(.overcurrentOn, "Overcurrent at the output")] }
        return wasOver ? [(.overcurrentOff, "The overcurrent is over")] : []
    }

    /// Compares the input voltage with the flag; the text of the event when they begin to differ.
    mutating func compare(_ reading: Reading, rating: Rating) -> String? {
        guard fresh.contains(.inputVoltage), let voltage = reading.inputVoltage, let present else {
            return nil
        }
        let nominal = rating.inputVoltage.volts
        let differs =
            present
            ? voltage.volts < nominal * PlausibilityChecks.absentBelow
            : voltage.volts > nominal * PlausibilityChecks.presentAbove
        contradictions = differs ? contradictions + 1 : 0
        let wasContradicted = isContradicted
        isContradicted = contradictions >= PlausibilityChecks.roundsNeeded
        guard isContradicted, !wasContradicted else { return nil }
        let flag = present ? "present" : "absent"
        return "The UPS says input power is \(flag), but measures \(voltage.volts) V; "
            + "the flag decides"
    }
}
