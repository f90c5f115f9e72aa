// Everything the sinks may show, as of one moment. Made by the Watch, immutable from then on.

/// What the Daemon tells about itself and its host.
public struct Installation: Equatable, Sendable {
    public var host: String
    public var version: String
    /// When this daemon was started.
    public var started: BootTime
    /// The UPS is a simulated one, and clients may play with it.
    public var isDemo: Bool
    /// For a UPS that has no serial number; nil: there is no place to keep one.
    public var fallbackSerial: String?

    public init(
        host: String, version: String, started: BootTime, isDemo: Bool = false,
        fallbackSerial: String? = nil
    ) {
        self.fallbackSerial = fallbackSerial
        self.host = host
        self.version = version
        self.started = started
        self.isDemo = isDemo
    }
}

public struct Snapshot: Sendable {
    /// Counts up with every snapshot.
    public var sequence: UInt64 = 0
    /// Counts up with every change that is told at once: power, charge warning, link,
    /// phase, deadline, an event, an answer.
    public var urgentSequence: UInt64 = 0
    public var time: BootTime
    /// The wall clock at `time`.
    public var wall: WallTime
    /// Seconds east of UTC at `time`, for local dates. Filled by the Daemon.
    public var utcOffset = 0
    public var installation: Installation
    public var rating: Rating
    public var policy: ShutdownPolicy

    public var link = Link.lost
    public var lastReading: BootTime?
    /// Empty once the link is lost.
    public var reading = Reading()
    public var identity = Identity()
    /// The UPS has been asked for all of its identity; what is missing there it does not tell.
    public var hasIdentity = false
    public var settings: [SettingName: Setting] = [:]
    public var status = Status.commLost
    /// Confirmed; nil while the link is lost.
    public var powerPresent: Bool?
    public var isLowBattery = false
    /// What was known last: a lost link ends no outage.
    public var wasOnBattery = false
    public var runtime: Duration?
    public var shutdown = ShutdownState()
    public var isDrill = false
    public var isMeasuring = false
    public var history = PowerHistory()
    public var capacitorsWhenNew: CapacitorsWhenNew?
    /// By capacitance or ESR the capacitors are at their end.
    public var isWorn = false
    public var energyIn = Energy(joules: 0)
    public var energyOut = Energy(joules: 0)
    /// What is wrong, a sentence each.
    public var problems: [Message] = []
    /// Values that the UPS does not tell although it did, or although a rule needs them.
    public var missingValues = 0
    public var counters = SerialCounters()
    public var events = EventLog()
    public var outages = OutageBook()
    public var answers = AnswerBoard()

    public init(
        time: BootTime, wall: WallTime, installation: Installation, rating: Rating,
        policy: ShutdownPolicy
    ) {
        self.time = time
        self.wall = wall
        self.installation = installation
        self.rating = rating
        self.policy = policy
    }

    /// In one text; nil: nothing is wrong.
    public var problem: String? {
        problems.isEmpty ? nil : problems.map(\.text).joined(separator: "; ")
    }

    /// In the last of its decimals; nil: not known.
    public subscript(quantity: Quantity) -> Int? {
        switch quantity {
        case .runtime: runtime.map { Int(($0.inSeconds * 1000).rounded()) }
        case .capacitanceWhenNew: capacitorsWhenNew?.capacitance.millifarads
        case .esrWhenNew: capacitorsWhenNew?.esrMilliohms
        case .inputEnergy: energyIn.nanowattHours
        case .outputEnergy: energyOut.nanowattHours
        default: reading[quantity, rating.nominalPower]
        }
    }

    /// True when this host really is on its way down: the only state in which other machines may
    /// be told to shut down.
    public var isShuttingDown: Bool {
        shutdown.phase == .committed && !isDrill && !policy.dryRun
    }

    /// The wall clock of a moment, by the offset that holds now.
    public func wallTime(of moment: BootTime) -> WallTime {
        WallTime(nanoseconds: wall.nanoseconds + (moment - time).inNanoseconds)
    }
}

/// The daemon and the UPS.
public enum Link: String, CaseIterable, Sendable {
    case ok
    /// No valid status reading for three status intervals, at least 1 s.
    case stale
    /// None for 2 s, or the port is gone.
    case lost
}

/// The UPS in one word: the first that holds.
public enum Status: String, CaseIterable, Sendable {
    case shuttingDown = "shutting_down"
    case commLost = "comm_lost"
    case lowBattery = "low_battery"
    case onBattery = "on_battery"
    case online
}

/// The newest answers to commands, for the sink that submitted them to pick up.
public struct AnswerBoard: Sendable {
    public static let capacity = 256

    private var answers: [(ticket: Ticket, result: CommandResult)] = []
    /// Since the start.
    public private(set) var accepted = 0
    public private(set) var refused = 0

    public init() {}

    public func result(for ticket: Ticket) -> CommandResult? {
        answers.last { $0.ticket == ticket }?.result
    }

    public var newest: Ticket { answers.last?.ticket ?? 0 }

    public mutating func post(_ result: CommandResult, for ticket: Ticket) {
        if result.isAccepted { accepted += 1 } else { refused += 1 }
        if answers.count == AnswerBoard.capacity {
            answers.removeFirst(AnswerBoard.capacity / 8)
        }
        answers.append((ticket, result))
    }
}
