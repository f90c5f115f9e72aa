// What a quantity of this UPS can be, from its ratings. Used by Reply; what lies outside was misread.

public import UPS

public struct PlausibleRanges: Equatable, Sendable {
    /// Into the UPS and out of it. (mA)
    let current: ClosedRange<Int>
    /// Of the capacitors, the voltage of which is lower. (mA)
    let batteryCurrent: ClosedRange<Int>
    /// Below it there is no store of this kind, above it no larger one. (mF)
    let capacitance = 500...1_000_000
    /// LTC3350 and its capacitors. (°C)
    let temperature = -60...150
    /// Of the whole stack. (mΩ)
    let resistance = 1...10_000

    /// The charger's registers show small currents in the other direction; overcurrents are real.
    public init(_ rating: Rating = Rating()) {
        let most = Int((max(rating.maximumAmperes, 1) * 1000).rounded())
        current = -most...most * 4
        batteryCurrent = -most * 10...most * 10
    }
}
