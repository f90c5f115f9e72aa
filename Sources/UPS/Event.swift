// What happened, in a word for programs and a sentence for people. Made by the Watch, and told the
// same by every sink.

public struct Event: Equatable, Sendable {
    public enum Name: String, CaseIterable, Sendable {
        case serviceStart = "service_start"
        case serviceStop = "service_stop"
        case powerFail = "power_fail"
        case powerGood = "power_good"
        case shutdownPending = "shutdown_pending"
        case shutdownCancelled = "shutdown_cancelled"
        case shutdownDelayed = "shutdown_delayed"
        case shutdownCommitted = "shutdown_committed"
        case shutdownFailed = "shutdown_failed"
        case lowCharge = "low_charge"
        case linkLost = "link_lost"
        case linkRestored = "link_restored"
        case contradiction
        case overcurrentOn = "overcurrent_on"
        case overcurrentOff = "overcurrent_off"
        case measurementStarted = "measurement_started"
        case measurementDone = "measurement_done"
        case brokerLost = "broker_lost"
        case brokerRestored = "broker_restored"
        case warning
        case commandRefused = "command_refused"
    }

    /// Counts from 1, without gaps.
    public var number: UInt64
    public var name: Name
    /// On the clock that decides; sinks show it on the wall clock of the moment they send it.
    public var time: BootTime
    public var incident: IncidentID?
    public var message: Message
    /// What the UPS measured at that moment: an event may be read long after it.
    public var charge: Int?
    public var batteryVoltage: Voltage?
    public var inputVoltage: Voltage?

    public var text: String { message.text }

    public init(
        number: UInt64, name: Name, time: BootTime, incident: IncidentID? = nil, text: Message,
        reading: Reading = Reading()
    ) {
        self.number = number
        self.name = name
        self.time = time
        self.incident = incident
        message = text
        charge = reading.batteryCharge
        batteryVoltage = reading.batteryVoltage
        inputVoltage = reading.inputVoltage
    }
}

/// The newest events, oldest first. What does not fit any more has long been logged.
public struct EventLog: Sendable {
    public static let capacity = 1000

    public private(set) var events: [Event] = []

    public init() {}

    public var newest: UInt64 { events.last?.number ?? 0 }

    /// The events behind a number, oldest first.
    public func events(after number: UInt64) -> ArraySlice<Event> {
        guard newest > number else { return [] }
        return events.suffix(Int(clamping: newest - number))
    }

    public mutating func append(_ event: Event) {
        // Dropped in blocks, so that an append costs the same on average however long it runs.
        if events.count == EventLog.capacity { events.removeFirst(EventLog.capacity / 10) }
        events.append(event)
    }
}
