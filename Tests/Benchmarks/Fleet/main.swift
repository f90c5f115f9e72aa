// Many publishers on one broker, each with a UPS of its own whose values never rest. Run by
// fleet.py: `Fleet PORT COUNT`; reads `off` and `on` on standard input, for the power of all of
// them, and ends with it.

import Glibc
import MQTT
import Synchronization
import UPS

/// On line power and full, with more noise than the publisher lets pass: what a UPS costs at most.
final class NoisyUPS: Sendable {
    private let number: Int
    private let isPowered: @Sendable () -> Bool
    private let start = ContinuousClock.now
    private let sequence = Atomic<UInt64>(0)

    init(number: Int, isPowered: @escaping @Sendable () -> Bool) {
        self.number = number
        self.isPowered = isPowered
    }

    var uplink: Uplink {
        Uplink(latest: { self.snapshot() }, submit: { _ in 1 })
    }

    private func snapshot() -> Snapshot {
        let time = BootTime(.seconds(1000) + (ContinuousClock.now - start))
        let seconds = 1_795_359_600 + time.sinceBoot.components.seconds
        var snapshot = Snapshot(
            time: time, wall: WallTime(nanoseconds: seconds * 1_000_000_000),
            installation: Installation(
                host: "host\(number)", version: "1", started: BootTime(.zero)),
            rating: Rating(), policy: ShutdownPolicy())
        snapshot.sequence = sequence.wrappingAdd(1, ordering: .relaxed).newValue
        snapshot.link = .ok
        snapshot.powerPresent = isPowered()
        snapshot.status = isPowered() ? .online : .onBattery
        snapshot.hasIdentity = true
        snapshot.identity.serial = "FLEET\(number)"
        snapshot.identity.series = "UPSIC Series"
        snapshot.reading = reading()
        snapshot.runtime = .seconds(Int.random(in: 60...70))
        return snapshot
    }

    private func reading() -> Reading {
        func voltage(_ volts: Double) -> Voltage { Voltage(volts: volts + .random(in: -0.3...0.3)) }
        func current(_ amperes: Double) -> Current {
            Current(milliamperes: Int(amperes * 1000) + .random(in: -200...200))
        }
        var reading = Reading()
        reading.deviceStatus = [.powerPresent, .batteryPresent]
        (reading.inputVoltage, reading.inputCurrent) = (voltage(12.5), current(1))
        (reading.outputVoltage, reading.outputCurrent) = (voltage(12.4), current(1))
        (reading.batteryVoltage, reading.batteryCurrent) = (voltage(10.4), current(0))
        reading.batteryCharge = .random(in: 98...100)
        reading.temperatureCelsius = .random(in: 25...30)
        reading.capacitance = Capacitance(millifarads: .random(in: 24_000...26_000))
        reading.esrMilliohms = .random(in: 30...36)
        reading.cellVoltages = (0..<4).map { _ in voltage(2.6) }
        return reading
    }
}

/// Each publisher has a few descriptors.
func liftDescriptorLimit() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard numbers.count == 2 else {
    print("usage: Fleet PORT COUNT")
    exit(2)
}
liftDescriptorLimit()
let isPowered = Atomic<Bool>(true)
let fleet = try (1...numbers[1]).map { number in
    var settings = Publisher.Settings(id: "fleet-\(number)")
    settings.port = numbers[0]
    let ups = NoisyUPS(number: number) { isPowered.load(ordering: .relaxed) }
    return try Publisher(settings, uplink: ups.uplink)
}
for publisher in fleet { try publisher.start() }

/// One look a second at each UPS, spread over the second, as a daemon does at rest.
let slots = 20
var slot = 0
var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
while true {
    if poll(&entry, 1, Int32(1000 / slots)) > 0 {
        guard let line = readLine() else { break }
        isPowered.store(line == "on", ordering: .relaxed)
        for publisher in fleet { publisher.wake() }
    }
    slot = (slot + 1) % slots
    for number in stride(from: slot, to: fleet.count, by: slots) { fleet[number].wake() }
}
