// The states that every report is tested in, as snapshots.

@testable import UPS

enum State: String, CaseIterable, Sendable {
    case online, confirming, pending, cancelled, lowBattery, committed, noBattery, overcurrent
    case worn, aged, unloaded, measuring, lostOnLine, lostOnBattery, lostCommitted, nothingKnown,
        drill
    case dryRunCommitted, onlyStatusKnown, hostileTexts

    var snapshot: Snapshot {
        var snapshot = State.usual
        switch self {
        case .online: break
        case .confirming: snapshot.shutdown.phase = .confirming
        case .pending: snapshot.fail()
        case .cancelled:
            snapshot.fail()
            snapshot.shutdown.phase = .cancelled
            snapshot.shutdown.deadline = Deadline(time: snapshot.at(26), reason: .upsTimer)
        case .lowBattery:
            snapshot.fail()
            (snapshot.status, snapshot.isLowBattery) = (.lowBattery, true)
        case .committed: snapshot.commit()
        case .noBattery: snapshot.reading.deviceStatus?.remove(.batteryPresent)
        case .overcurrent:
            snapshot.reading.deviceStatus?.insert(.overcurrent)
            snapshot.problems = [Message(.overcurrent)]
        case .worn: snapshot.reading.alarms = .esrHigh
        case .aged: snapshot.isWorn = true
        case .unloaded:
            snapshot.reading.outputCurrent = Current(milliamperes: 0)
            snapshot.runtime = nil
        case .measuring: snapshot.isMeasuring = true
        case .lostOnLine: snapshot.loseLink()
        case .lostOnBattery:
            snapshot.fail()
            snapshot.loseLink()
        case .lostCommitted:
            snapshot.commit()
            snapshot.loseLink()
            snapshot.status = .shuttingDown
        case .nothingKnown: snapshot = State.empty
        case .drill:
            snapshot.isDrill = true
            snapshot.shutdown = State.running(.committed, at: snapshot)
            snapshot.shutdown.deadline = Deadline(time: snapshot.at(-1), reason: .time)
        case .dryRunCommitted:
            snapshot.commit()
            snapshot.policy.dryRun = true
        case .onlyStatusKnown: snapshot.knowOnlyStatus()
        case .hostileTexts: snapshot.takeHostileTexts()
        }
        return snapshot
    }

    static let boot = BootID("1f0c8b52-0000-4000-8000-000000000001")!

    /// Sunday, 2026-11-22 15:04:05 UTC, an hour east of Greenwich, 1000 s after boot.
    static let empty: Snapshot = {
        var snapshot = Snapshot(
            time: BootTime(.seconds(1000)), wall: WallTime(nanoseconds: 1_795_359_845_250_000_000),
            installation: Installation(
                host: "workhorse", version: "2.0.0", started: BootTime(.seconds(20))),
            rating: Rating(), policy: ShutdownPolicy())
        snapshot.utcOffset = 3600
        snapshot.shutdown.delay = .seconds(15)
        return snapshot
    }()

    private static let usual: Snapshot = {
        var snapshot = empty
        snapshot.link = .ok
        snapshot.lastReading = snapshot.at(-0.07)
        snapshot.status = .online
        snapshot.powerPresent = true
        snapshot.reading = reading
        snapshot.identity = identity
        snapshot.runtime = .milliseconds(325_400)
        snapshot.capacitorsWhenNew = CapacitorsWhenNew(
            serial: "A1B2C3", batteryType: "SUC-1011",
            capacitance: Capacitance(millifarads: 40_000), esrMilliohms: 15)
        snapshot.energyIn = Energy(joules: 4567)
        snapshot.energyOut = Energy(joules: 3600)
        snapshot.history.failures = 1
        snapshot.history.fail(number: 1, at: BootTime(.seconds(500)))
        snapshot.history.resume(at: BootTime(.seconds(530)))
        return snapshot
    }()

    private static let reading: Reading = {
        var reading = Reading()
        reading.deviceStatus = [.charging, .powerPresent, .batteryPresent]
        reading.inputVoltage = Voltage(millivolts: 12_620)
        reading.inputCurrent = Current(milliamperes: 4)
        reading.outputVoltage = Voltage(millivolts: 12_448)
        reading.outputCurrent = Current(milliamperes: 310)
        reading.batteryVoltage = Voltage(millivolts: 10_400)
        reading.batteryCurrent = Current(milliamperes: 12)
        reading.batteryCharge = 100
        reading.chargeStatus = ChargeStatus(rawValue: 0x1425)
        reading.monitorStatus = [.capacitanceDone, .esrDone, .powerReturned]
        reading.alarms = []
        reading.capacitance = Capacitance(millifarads: 37_500)
        reading.esrMilliohms = 18
        reading.cellVoltages = [2601, 2600, 2599, 2600].map { Voltage(millivolts: $0) }
        reading.temperatureCelsius = 28
        return reading
    }()

    private static let identity: Identity = {
        var identity = Identity()
        identity.series = "UPSIC Series"
        identity.batteryType = "SUC-1011"
        identity.serial = "A1B2C3"
        identity.firmware = "1.2.0"
        identity.hardwareRevision = "3"
        return identity
    }()

    /// An outage that began 9 s ago.
    fileprivate static func running(_ phase: Phase, at snapshot: Snapshot) -> ShutdownState {
        var shutdown = ShutdownState()
        shutdown.phase = phase
        shutdown.incident = IncidentID(boot: boot, number: 3)
        shutdown.delay = .seconds(15)
        shutdown.deadline = Deadline(time: snapshot.at(6), reason: .time)
        shutdown.latest = snapshot.at(26)
        return shutdown
    }
}

extension Snapshot {
    /// So many seconds from now.
    func at(_ seconds: Double) -> BootTime {
        time + .milliseconds(Int(seconds * 1000))
    }

    fileprivate mutating func fail() {
        status = .onBattery
        (powerPresent, wasOnBattery) = (false, true)
        reading.deviceStatus = [.discharging, .batteryPresent]
        reading.inputVoltage = Voltage(millivolts: 0)
        reading.inputCurrent = Current(milliamperes: 0)
        reading.batteryCurrent = Current(milliamperes: -420)
        reading.batteryCharge = 81
        runtime = .seconds(143)
        history.fail(number: 2, at: at(-9))
        shutdown = State.running(.pending, at: self)
    }

    fileprivate mutating func commit() {
        fail()
        status = .shuttingDown
        shutdown.phase = .committed
        shutdown.deadline = Deadline(time: at(-1), reason: .time)
    }

    fileprivate mutating func loseLink() {
        link = .lost
        status = .commLost
        powerPresent = nil
        lastReading = at(-3)
        reading = Reading()
        runtime = nil
    }

    fileprivate mutating func knowOnlyStatus() {
        let status = reading.deviceStatus
        reading = Reading()
        reading.deviceStatus = status
        identity = Identity()
        runtime = nil
        history = PowerHistory()
    }

    /// What configuration, host and device could say at worst.
    fileprivate mutating func takeHostileTexts() {
        let long = String(repeating: "MODELSTATFLAG\n\0\u{1F50C}: ", count: 20)
        installation = Installation(host: long, version: long, started: installation.started)
        rating.name = "SENSE " + long
        identity.series = long
        identity.batteryType = "BATTV    : 1.0 Volts\nLINEV"
        identity.serial = "0000 0000"
        identity.firmware = "MAXLINEV\"\\\u{7F}"
    }
}
