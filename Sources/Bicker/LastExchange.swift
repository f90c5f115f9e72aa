// What this host still asks the UPS when its file systems are down: to cut its output, and whether
// there is power again. Driven by the late hook; does no I/O.

public import UPS

public struct LastExchange: Sendable {
    public struct Plan: Equatable, Sendable {
        public var cut: CutOutput
        /// Start again if power is back.
        public var mayReboot: Bool

        public init(cut: CutOutput, mayReboot: Bool) {
            (self.cut, self.mayReboot) = (cut, mayReboot)
        }

        /// Nothing of it needs the UPS.
        public var isEmpty: Bool { cut == .never && !mayReboot }
    }

    public struct Result: Equatable, Sendable {
        public var cut: OutputCut.Outcome
        /// Power is back for certain, and this host still has it.
        public var reboots: Bool
        /// The last answer; nil: there was none.
        public var powerPresent: Bool?
    }

    public enum Step: Equatable, Sendable {
        case send([UInt8])
        /// Until an answer comes, at most until then.
        case wait(BootTime)
        case finished(Result)
    }

    private enum Question {
        case status, cut
    }

    /// All of it together, whatever the UPS does.
    public static let limit = Duration.milliseconds(1750)
    /// The shortest that is known, and enough for a host whose last program this is.
    public static let cutDelay = OutputCut(seconds: 2)
    static let answerLimit = Duration.milliseconds(200)
    static let interval = Duration.milliseconds(250)
    static let tries = 2
    static let steadyReadings = 3
    static let steadyTime = Duration.seconds(1)

    private let plan: Plan
    private let end: BootTime
    private var decoder = FrameDecoder()
    private var asked: (question: Question, until: BootTime)?
    private var nextStatus: BootTime
    private var cutsSent = 0
    private var cut = OutputCut.Outcome.notSent
    private var wantsCut: Bool
    private var needsStatus: Bool
    private var isSteady = false
    private var present: (count: Int, since: BootTime)?
    private var powerPresent: Bool?

    public init(_ plan: Plan, at now: BootTime) {
        self.plan = plan
        end = now + LastExchange.limit
        nextStatus = now
        wantsCut = plan.cut == .always
        needsStatus = plan.cut == .onBattery || plan.mayReboot
    }

    public mutating func receive(_ bytes: [UInt8], at now: BootTime) {
        decoder.append(bytes)
        while let frame = decoder.next(longestPayload: Setting.length) { take(frame, at: now) }
    }

    public mutating func step(at now: BootTime) -> Step {
        if let asked, asked.until <= now { miss(asked.question) }
        guard !isSteady, now < end, wantsCut || needsStatus || asked != nil else {
            return .finished(result)
        }
        if let asked { return .wait(min(asked.until, end)) }
        if wantsCut { return ask(.cut, at: now) }
        guard nextStatus <= now else { return .wait(min(nextStatus, end)) }
        nextStatus = now + LastExchange.interval
        return ask(.status, at: now)
    }

    /// As far as it has come.
    public var result: Result {
        Result(cut: cut, reboots: isSteady, powerPresent: powerPresent)
    }

    private mutating func ask(_ question: Question, at now: BootTime) -> Step {
        asked = (question, now + LastExchange.answerLimit)
        guard question == .cut else { return .send(Request.deviceStatus.bytes) }
        cutsSent += 1
        return .send(LastExchange.cutDelay.frame.bytes)
    }

    /// A status that is not answered neither counts nor begins the count anew.
    private mutating func miss(_ question: Question) {
        asked = nil
        guard question == .cut else { return }
        cut = .unanswered
        wantsCut = cutsSent < LastExchange.tries
    }

    private mutating func take(_ frame: Frame, at now: BootTime) {
        guard let question = asked?.question else { return }
        switch question {
        case .cut:
            guard frame == OutputCut.acknowledgement || frame == Frame.unsupported else { return }
            cut = frame == Frame.unsupported ? .unsupported : .acknowledged
            wantsCut = false
        case .status:
            guard case .deviceStatus(let status)? = try? Reply(frame, to: .deviceStatus) else {
                return
            }
            takeStatus(status, at: now)
        }
        asked = nil
    }

    private mutating func takeStatus(_ status: DeviceStatus, at now: BootTime) {
        let isPresent = status.contains(.powerPresent)
        powerPresent = isPresent
        guard isPresent else {
            (needsStatus, present) = (false, nil)
            // Sent once is enough; a device that does not know it is not asked again.
            wantsCut = plan.cut == .onBattery && cutsSent == 0
            return
        }
        guard plan.mayReboot else {
            needsStatus = false
            return
        }
        let (count, since) = ((present?.count ?? 0) + 1, present?.since ?? now)
        present = (count, since)
        isSteady =
            count >= LastExchange.steadyReadings && now - since >= LastExchange.steadyTime
    }
}
