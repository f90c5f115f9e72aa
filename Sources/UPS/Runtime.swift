// How long the capacitors last. Called by the Watch for the runtime rule and for the sinks.

/// The runtime from what is left in the capacitors: ½C(V² − Vcut²) × 0.9 / P. A supercapacitor's
/// charge in percent says nothing about time: under constant power its voltage falls faster and
/// faster. Source: Bicker UPSI manual.
public enum Runtime {
    /// What the step-up converter makes of the stored energy.
    static let efficiency = 0.9
    /// Less is no load, and gives no estimate.
    public static let smallestLoad = Power(watts: 0.1)
    public static let longest = Duration.seconds(86400)

    public static func estimate(
        capacitance: Capacitance?, stack: Voltage?, cutoff: Voltage, load: Power?
    ) -> Duration? {
        guard let capacitance, let stack, let load, load >= smallestLoad else { return nil }
        guard capacitance.millifarads > 0 else { return nil }
        let energy = capacitance.energy(from: stack, to: cutoff)
        let seconds = energy.joules * efficiency / load.watts
        return min(.milliseconds(Int64(min(seconds, 1e6) * 1000)), longest)
    }
}
