// How far the capacitors have aged: capacitance and ESR against those when new. Driven by the
// Watch; decides nothing about shutdowns.

import Decision
import UPS

struct Wear: Sendable {
    enum Outcome: Equatable, Sendable {
        /// These are the values when new: keep them.
        case begins(CapacitorsWhenNew)
        case worn(Message)
    }

    /// Where their makers put the end of life of supercapacitors.
    private static let leastPercent = 80
    private static let mostPercent = 200
    /// A frame has no checksum: one reading alone proves nothing.
    private static let confirmations = 2

    private(set) var new: CapacitorsWhenNew?
    private var worn = ConfirmedBit()
    private var last: CapacitorsWhenNew?

    init(_ new: CapacitorsWhenNew?) {
        self.new = new
    }

    var isWorn: Bool { worn.value == true }

    /// Takes what was measured last. Zero is what a UPS says that has measured nothing yet.
    mutating func take(_ reading: Reading, of identity: Identity) -> Outcome? {
        guard let capacitance = reading.capacitance, capacitance.millifarads > 0,
            let esr = reading.esrMilliohms, esr > 0
        else { return nil }
        let present = CapacitorsWhenNew(
            serial: identity.serial, batteryType: identity.batteryType, capacitance: capacitance,
            esrMilliohms: esr)
        defer { last = present }
        guard let new, isSame(new, present) else {
            guard last == present else { return nil }
            new = present
            worn = ConfirmedBit()
            return .begins(present)
        }
        return compare(present, with: new)
    }

    /// What is not known, now or then, is no difference.
    private func isSame(_ one: CapacitorsWhenNew, _ other: CapacitorsWhenNew) -> Bool {
        func agree(_ one: String?, _ other: String?) -> Bool {
            one == nil || other == nil || one == other
        }
        return agree(one.serial, other.serial) && agree(one.batteryType, other.batteryType)
    }

    private mutating func compare(
        _ present: CapacitorsWhenNew, with new: CapacitorsWhenNew
    ) -> Outcome? {
        let capacitance = present.capacitance.millifarads * 100 / new.capacitance.millifarads
        let esr = present.esrMilliohms * 100 / new.esrMilliohms
        let isBad = capacitance < Wear.leastPercent || esr > Wear.mostPercent
        let hasChanged = worn.take(
            isBad, confirmations: Wear.confirmations, at: BootTime(.zero))
        guard hasChanged, isBad else { return nil }
        return .worn(Message(.wornBy, capacitance, esr))
    }
}
