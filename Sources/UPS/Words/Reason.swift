// Why a shutdown is committed, in a word, as it stands on the wire and in texts.

/// Which rule commits, or has committed.
public enum Reason: String, CaseIterable, Sendable {
    case time
    case lowCharge = "low_charge"
    case lowRuntime = "low_runtime"
    /// The UPS is about to cut its output by its own timer.
    case upsTimer = "ups_timer"
    case linkLost = "link_lost"
    case upsRequest = "ups_request"

    /// For event texts.
    public var message: Message {
        switch self {
        case .time: Message(.delayOver)
        case .lowCharge: Message(.chargeIsLow)
        case .lowRuntime: Message(.runtimeIsLow)
        case .upsTimer: Message(.upsCuts)
        case .linkLost: Message(.silentOnBattery)
        case .upsRequest: Message(.upsAsked)
        }
    }

    public var text: String { message.text }
}
