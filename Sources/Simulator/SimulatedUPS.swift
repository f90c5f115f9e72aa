// A UPS as a value: requests and the time in, answers out. It shares the codec with the daemon and
// stands on the other side of the line, for `simulate`, `demo` and the tests.

public import UPS

public struct SimulatedUPS: Sendable {
    /// How the answer's bytes are spread over time.
    public enum Pace: String, CaseIterable, Sendable {
        /// Byte by byte, as a 38400 baud line does.
        case byte
        /// Whole frames, at the moment the last byte would have come.
        case frame
        /// Whole frames at once.
        case none
    }

    public struct Delivery: Equatable, Sendable {
        public let time: BootTime
        public let bytes: [UInt8]
    }

    /// Between the last byte of a request and the first of the answer.
    public static let turnaround = Duration.milliseconds(1)

    public var pace: Pace
    /// The UPS asks for a shutdown (status bit 4).
    public var requestsShutdown = false
    public var hasOvercurrent = false
    /// Requests that this device does not know.
    public var unknownRequests: Set<Request> = []
    public var identity = SimulatedIdentity()
    public var knowsOutputCut = true
    /// A change is answered as if it had been made.
    public var keepsSettings = false
    public private(set) var settings = SimulatedUPS.usualSettings
    public private(set) var isPowered = true
    public private(set) var loadAmperes = 1.0
    private(set) var stack = CapacitorStack()
    private(set) var measuringUntil: BootTime?
    private(set) var hasMeasured = false
    /// When the output goes off because the host asked for it; it comes back after
    /// `SimulatedUPS.restartDelay`.
    public private(set) var cutsOutputAt: BootTime?
    private var now: BootTime
    private var decoder = FrameDecoder()
    private var fault: Fault?
    private(set) var faultsLeft = 0
    private var lineFree: BootTime
    private var generator: SeededGenerator

    static let measurementTime = Duration.seconds(5)
    static let restartDelay = Duration.seconds(8)
    public static let loadRange = 0.0...10.0

    /// The seed also makes the serial number.
    public init(pace: Pace = .byte, seed: UInt64 = 1, at now: BootTime) {
        self.pace = pace
        self.now = now
        lineFree = now
        generator = SeededGenerator(seed: seed)
        let digits = String(seed)
        let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
        identity.serial = "SIM\(zeros)\(digits)"
    }

    // MARK: The world around it

    public mutating func setPower(_ isPowered: Bool, at now: BootTime) {
        advance(to: now)
        self.isPowered = isPowered
        if !isPowered { measuringUntil = nil }
    }

    public mutating func setCharge(_ percent: Int, at now: BootTime) {
        advance(to: now)
        stack.percent = percent
    }

    public mutating func setLoad(amperes: Double, at now: BootTime) {
        advance(to: now)
        loadAmperes = amperes
    }

    /// The next answers have this fault; a count of 0 ends it.
    public mutating func setFault(_ fault: Fault, count: Int) {
        self.fault = fault
        faultsLeft = count
    }

    /// The state of charge. (%)
    public var percent: Int { stack.percent }

    /// False once the capacitors are empty and power is absent, and after the host asked for it:
    /// then everything is dark.
    public var hasOutput: Bool { (isPowered || !stack.isEmpty) && !isCut }

    private var isCut: Bool { cutsOutputAt.map { $0 <= now } ?? false }

    /// Bytes of a request that is still incomplete are lost when the cable is pulled.
    public mutating func unplug() {
        decoder.reset()
    }

    public mutating func advance(to later: BootTime) {
        guard later > now else { return }
        let seconds = (later - now).inSeconds
        now = later
        if let cutsOutputAt, cutsOutputAt + SimulatedUPS.restartDelay <= now {
            self.cutsOutputAt = nil
        }
        if let end = measuringUntil, end <= now {
            measuringUntil = nil
            hasMeasured = true
        }
        if isPowered {
            stack.charge(seconds: seconds)
        } else {
            stack.discharge(watts: outputWatts, seconds: seconds)
        }
    }

    // MARK: The line

    /// Takes bytes from the host and returns what comes back, and when.
    public mutating func receive(_ bytes: [UInt8], at now: BootTime) -> [Delivery] {
        advance(to: now)
        decoder.append(bytes)
        var deliveries: [Delivery] = []
        while let frame = decoder.next() {
            guard hasOutput, let (bytes, delay) = answer(to: frame) else { continue }
            deliveries += deliver(bytes, requestLength: frame.length, delay: delay)
        }
        return deliveries
    }

    private mutating func answer(to frame: Frame) -> (bytes: [UInt8], delay: Duration)? {
        let reply = reply(to: frame)
        guard let fault, faultsLeft > 0 else { return (reply.bytes, .zero) }
        faultsLeft -= 1
        return fault.applied(to: reply, using: &generator)
    }

    private mutating func reply(to frame: Frame) -> Frame {
        if let change = SettingChange(frame) { return reply(to: change, frame) }
        if let cut = OutputCut(frame), knowsOutputCut {
            cutsOutputAt = now + .seconds(Int(cut.seconds))
            return OutputCut.acknowledgement
        }
        guard let request = Request(frame), !unknownRequests.contains(request) else {
            return Frame.unsupported
        }
        if request == .startMeasurement { startMeasurement() }
        guard let payload = payload(for: request) else { return Frame.unsupported }
        return Frame(index: frame.index, command: frame.command, payload: payload)
    }

    /// Changes outside of the limits are not accepted.
    private mutating func reply(to change: SettingChange, _ frame: Frame) -> Frame {
        guard let before = settings[change.name], !unknownRequests.contains(change.name.request),
            (before.minimum...before.maximum).contains(change.value)
        else { return Frame.unsupported }
        let setting = Setting(
            minimum: before.minimum, maximum: before.maximum, standard: before.standard,
            isEnabled: change.isEnabled, value: change.value)
        if !keepsSettings { settings[change.name] = setting }
        return Frame(
            index: frame.index, command: frame.command, payload: setting.payload(of: change.name))
    }

    private mutating func startMeasurement() {
        guard isPowered, stack.isFull, measuringUntil == nil else { return }
        measuringUntil = now + SimulatedUPS.measurementTime
        hasMeasured = false
        stack.measure()
    }

    private mutating func deliver(
        _ bytes: [UInt8], requestLength: Int, delay: Duration
    ) -> [Delivery] {
        guard !bytes.isEmpty else { return [] }
        let byte = Frame.time(ofBytes: 1)
        guard pace != .none else {
            lineFree = max(now + delay, lineFree)
            return [Delivery(time: lineFree, bytes: bytes)]
        }
        let heard = now + byte * requestLength + SimulatedUPS.turnaround
        let start = max(heard + delay, lineFree)
        lineFree = start + byte * bytes.count
        guard pace == .byte else { return [Delivery(time: lineFree, bytes: bytes)] }
        return bytes.enumerated().map { position, value in
            Delivery(time: start + byte * (position + 1), bytes: [value])
        }
    }
}

/// What the simulated device calls itself.
public struct SimulatedIdentity: Equatable, Sendable {
    public var manufacturer = "Bicker Elektronik GmbH"
    public var serial = ""
    public var series = "UPSIC Series"
    public var firmware = "1.2.0"
    public var batteryType = "SUC-1011"
    public var hardwareRevision = "A1"

    public init() {}
}
