// A snapshot with every value there, for the MQTT tests.

@testable import UPS

let mqttBoot = BootID(high: 0x1f0c_8b52_0000_0000, low: 1)

func mqttSnapshot(at seconds: Int = 1000) -> Snapshot {
    let start = BootTime(.seconds(0))
    var snapshot = Snapshot(
        time: start + .seconds(seconds),
        // 2026-11-22T15:00:00Z at 1000 s.
        wall: WallTime(nanoseconds: (1_795_359_600 - 1000 + Int64(seconds)) * 1_000_000_000),
        installation: Installation(host: "workhorse", version: "2.0.0", started: start),
        rating: Rating(), policy: ShutdownPolicy())
    snapshot.link = .ok
    snapshot.status = .online
    snapshot.powerPresent = true
    snapshot.runtime = .milliseconds(412_400)
    snapshot.energyIn = Energy(joules: 3600 * 12.345)
    snapshot.energyOut = Energy(joules: 3600)
    snapshot.shutdown.delay = .seconds(15)
    snapshot.history.failures = 3
    var outage = PastOutage(incident: "a-1", from: start + .seconds(500))
    (outage.to, outage.lowestCharge, outage.end) = (start + .seconds(530), 71, .returned)
    var drill = PastOutage(incident: "a-2", from: start + .seconds(600))
    drill.isDrill = true
    snapshot.outages = OutageBook([outage, drill])
    snapshot.identity.series = "UPSIC Series"
    snapshot.identity.batteryType = "SUC-1011"
    snapshot.identity.serial = "B\"1"
    snapshot.hasIdentity = true
    snapshot.reading = fullReading()
    return snapshot
}

private func fullReading() -> Reading {
    var reading = Reading()
    reading.deviceStatus = [.charging, .powerPresent, .batteryPresent]
    reading.inputVoltage = Voltage(millivolts: 12_590)
    reading.outputVoltage = Voltage(millivolts: 12_004)
    reading.batteryVoltage = Voltage(millivolts: 10_400)
    reading.inputCurrent = Current(milliamperes: 604)
    reading.outputCurrent = Current(milliamperes: 500)
    reading.batteryCurrent = Current(milliamperes: -4)
    reading.batteryCharge = 100
    reading.chargeStatus = ChargeStatus(rawValue: 0x1425)
    reading.monitorStatus = MonitorStatus(rawValue: 512)
    reading.alarms = []
    reading.capacitance = Capacitance(millifarads: 18_250)
    reading.esrMilliohms = 24
    reading.cellVoltages = [2600, 2601, 2599, 2600].map { Voltage(millivolts: $0) }
    reading.temperatureCelsius = 28
    return reading
}

extension Snapshot {
    /// An outage that will be committed so many seconds later.
    mutating func failPower(deadlineIn seconds: Int) {
        powerPresent = false
        status = .onBattery
        reading.deviceStatus = [.discharging, .batteryPresent]
        shutdown.phase = .pending
        shutdown.incident = IncidentID(boot: mqttBoot, number: 4)
        shutdown.deadline = Deadline(time: time + .seconds(seconds), reason: .time)
        shutdown.latest = time + .seconds(35)
    }

    mutating func pass(_ duration: Duration) {
        time = time + duration
        let (seconds, attoseconds) = duration.components
        wall.nanoseconds += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
