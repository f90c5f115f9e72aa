// What kinds of devices there are to simulate: those of the manuals and those that drivers met.

import Bicker
internal import UPS

/// A way in which devices of this family differ.
public enum SimulatedModel: String, CaseIterable, Sendable {
    /// A PSZ-1063 as the original ups-server knows it: capacitance in mF, 32 bit.
    case psz1063 = "psz-1063"
    /// As the manual of the DC2412-UPS has it: capacitance in F, 16 bit.
    case farads
    case wideFarads = "wide-farads"
    /// The UPSIC-2403D of NUT's author: the output goes off 2 s after command 0x32, whatever it is
    /// told.
    case upsic2403d = "upsic-2403d"
    /// It knows index 0x01 only: no charger registers and no settings.
    case generic
    /// As `generic`, but what it does not know it does not answer.
    case mute
    case slow
    /// Nothing was measured yet, and no texts were written into it: its memory is erased.
    case blank
    case negative

    /// In the words of `simulate --help`.
    public var help: String {
        switch self {
        case .psz1063: "capacitance in mF, 32 bit"
        case .farads: "capacitance in F, 16 bit"
        case .wideFarads: "capacitance in F, 32 bit"
        case .upsic2403d: "the output goes off 2 s after 0x32, whatever it is told"
        case .generic: "no charger registers and no settings"
        case .mute: "the same, and what it does not know it does not answer"
        case .slow: "answers take 60 ms"
        case .blank: "nothing measured, no texts"
        case .negative: "small currents are below 0"
        }
    }

    /// All that is not at index 0x01.
    static let beyondGeneric = Set(Request.allCases.filter { $0.index != 0x01 })
}

extension SimulatedUPS {
    mutating func become(_ model: SimulatedModel) {
        switch model {
        case .psz1063: break
        case .farads: capacitanceForm = .farads16
        case .wideFarads: capacitanceForm = .farads32
        case .upsic2403d: fixedCutDelay = .seconds(2)
        case .generic: unknownRequests = SimulatedModel.beyondGeneric
        case .mute: muteRequests = SimulatedModel.beyondGeneric
        case .slow: turnaround = .milliseconds(60)
        case .blank:
            isBlank = true
            let erased = "\u{FF}\u{FF}\u{FF}\u{FF}"
            identity = SimulatedIdentity(
                manufacturer: erased, serial: erased, series: "    ", firmware: "",
                batteryType: erased, hardwareRevision: erased)
        case .negative: currentOffset = -0.005
        }
    }
}
