// A UPS as a value: requests and the time in, answers out. It shares the codec with the daemon and
// stands on the other side of the line, for `simulate`, `demo` and the tests.

public import Bicker
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

    public var pace: Pace
    /// Between the last byte of a request and the first of the answer.
    public var turnaround = Duration.milliseconds(1)
    /// A request is dealt with once the ones before it are; otherwise all at the same time.
    public var answersOneByOne = false
    /// The UPS asks for a shutdown (status bit 4).
    public var requestsShutdown = false
    public var hasOvercurrent = false
    /// Requests that this device does not know.
    public var unknownRequests: Set<Request> = []
    /// Requests that are never answered.
    public var muteRequests: Set<Request> = []
    /// Requests that are answered with noise.
    public var garbledRequests: Set<Request> = []
    /// The share of wrong bits in the answers.
    public var bitErrors = 0.0
    public var identity = SimulatedIdentity()
    var capacitanceForm = CapacitanceForm.millifarads32
    /// Nothing was measured or written into it.
    var isBlank = false
    /// Of the small currents at the input and the output. (A)
    var currentOffset = 0.0
    /// The output goes off so long after command 0x32, whatever it is told; nil: as it is told.
    var fixedCutDelay: Duration?
    /// What is set acts, as NUT's manual page has it: timers cut the output, thresholds ask for a
    /// shutdown.
    public var actsOnSettings = false
    public var knowsOutputCut = true
    /// A change is answered as if it had been made.
    public var keepsSettings = false
    public var settings = SimulatedUPS.usualSettings
    public private(set) var isPowered = true
    private(set) var powerChanged: BootTime
    /// By what is set in it.
    var isSwitchedOff = false
    public private(set) var loadAmperes = 1.0
    private(set) var stack = CapacitorStack()
    private(set) var measuringUntil: BootTime?
    private(set) var hasMeasured = false
    /// When the output goes off because the host asked for it; it comes back after
    /// `restartDelay`.
    public private(set) var cutsOutputAt: BootTime?
    private(set) var now: BootTime
    private var decoder = FrameDecoder()
    private var fault: Fault?
    /// Nil: whatever is asked.
    private var faultyRequest: Request?
    private(set) var faultsLeft = 0
    /// Nil: any.
    private var wrongBit: Int?
    private var lineFree: BootTime
    /// When the answer before this one was ready to be sent.
    private var lastReady = BootTime(.zero)
    private var generator: SeededGenerator

    static let measurementTime = Duration.seconds(5)

    /// The seed also makes the serial number.
    public init(
        pace: Pace = .byte, model: SimulatedModel = .psz1063, seed: UInt64 = 1, at now: BootTime
    ) {
        self.pace = pace
        self.now = now
        lineFree = now
        powerChanged = now
        generator = SeededGenerator(seed: seed)
        let digits = String(seed)
        let zeros = String(repeating: "0", count: max(0, 5 - digits.count))
        identity.serial = "SIM\(zeros)\(digits)"
        become(model)
    }

    // MARK: The world around it

    public mutating func setPower(_ isPowered: Bool, at now: BootTime) {
        advance(to: now)
        if isPowered != self.isPowered { powerChanged = now }
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

    /// The next answers have this fault, those to one request or to whatever is asked; a count of
    /// 0 ends it.
    public mutating func setFault(_ fault: Fault, count: Int, on request: Request? = nil) {
        (self.fault, faultyRequest) = (fault, request)
        (faultsLeft, wrongBit) = (count, nil)
    }

    /// This bit of the next answer to a request is wrong.
    public mutating func setWrongBit(_ bit: Int, on request: Request) {
        setFault(.bit, count: 1, on: request)
        wrongBit = bit
    }

    /// The state of charge. (%)
    public var percent: Int { stack.percent }

    /// False once the capacitors are empty and power is absent, and after the host asked for it:
    /// then everything is dark.
    public var hasOutput: Bool { (isPowered || !stack.isEmpty) && !isCut }

    private var isCut: Bool { isSwitchedOff || cutsOutputAt.map { $0 <= now } ?? false }

    /// Bytes of a request that is still incomplete are lost when the cable is pulled.
    public mutating func unplug() {
        decoder.reset()
    }

    public mutating func advance(to later: BootTime) {
        guard later > now else { return }
        let seconds = (later - now).inSeconds
        now = later
        if let cutsOutputAt, cutsOutputAt + restartDelay <= now {
            self.cutsOutputAt = nil
            requestsShutdown = false
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
        actOnSettings(at: now)
    }

    // MARK: The line

    /// Takes bytes from the host and returns what comes back, and when.
    public mutating func receive(_ bytes: [UInt8], at now: BootTime) -> [Delivery] {
        advance(to: now)
        decoder.append(bytes)
        var deliveries: [Delivery] = []
        while let frame = decoder.next() {
            guard hasOutput, let (bytes, delay) = answer(to: frame) else { continue }
            deliveries += deliver(withBitErrors(bytes), requestLength: frame.length, delay: delay)
        }
        return deliveries
    }

    private mutating func withBitErrors(_ bytes: [UInt8]) -> [UInt8] {
        guard bitErrors > 0 else { return bytes }
        return bytes.map { byte in
            (0..<8).reduce(byte) { byte, bit in
                Double.random(in: 0..<1, using: &generator) < bitErrors ? byte ^ 1 << bit : byte
            }
        }
    }

    private mutating func answer(to frame: Frame) -> (bytes: [UInt8], delay: Duration)? {
        let reply = reply(to: frame)
        let request = Request(frame) ?? SettingChange(frame)?.name.request
        if let request, muteRequests.contains(request) { return nil }
        if let request, garbledRequests.contains(request) {
            return Fault.garbage.applied(to: reply, using: &generator)
        }
        guard let fault, faultsLeft > 0, faultyRequest == nil || faultyRequest == request else {
            return (reply.bytes, .zero)
        }
        faultsLeft -= 1
        if let wrongBit {
            var bytes = reply.bytes
            bytes[wrongBit / 8 % bytes.count] ^= 1 << (wrongBit % 8)
            return (bytes, .zero)
        }
        return fault.applied(to: reply, using: &generator)
    }

    private mutating func reply(to frame: Frame) -> Frame {
        if let change = SettingChange(frame) { return reply(to: change, frame) }
        if let cut = OutputCut(frame), knowsOutputCut {
            cutsOutputAt = now + (fixedCutDelay ?? .seconds(Int(cut.seconds)))
            requestsShutdown = true
            return OutputCut.acknowledgement
        }
        guard let request = Request(frame), !unknownRequests.contains(request) else {
            return Frame.unsupported
        }
        if request == .startMeasurement { startMeasurement() }
        guard let payload = payload(for: request) else { return Frame.unsupported }
        return Frame(index: frame.index, command: frame.command, payload: payload)
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
        let heard = now + byte * requestLength
        let ready = (answersOneByOne ? max(heard, lastReady) : heard) + turnaround
        lastReady = ready
        let start = max(ready + delay, lineFree)
        lineFree = start + byte * bytes.count
        guard pace == .byte else { return [Delivery(time: lineFree, bytes: bytes)] }
        return bytes.enumerated().map { position, value in
            Delivery(time: start + byte * (position + 1), bytes: [value])
        }
    }
}

/// How the capacitance is told.
enum CapacitanceForm: Sendable {
    case millifarads32, farads16, farads32
}

/// What the simulated device calls itself.
public struct SimulatedIdentity: Equatable, Sendable {
    public var manufacturer = "Bicker Elektronik GmbH"
    public var serial = ""
    public var series = "UPSIC Series"
    public var firmware = "1.2.0"
    public var batteryType = "SUC-1011"
    public var hardwareRevision = "A1"
}
