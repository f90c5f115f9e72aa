// The status object of WebSocket, `/api/status` and the control socket. Called by Web whenever
// there is a new snapshot.

public import UPS

/// Every key is always there; what is not known is null, never 0.
public enum StatusObject {
    /// `access`: whether this client may command; nil: it asks in a way that takes no commands.
    public static func json(_ snapshot: Snapshot, access: CommandAccess?) -> String {
        object(snapshot, access: access).text
    }

    static func object(_ snapshot: Snapshot, access: CommandAccess?) -> JSON {
        .object(
            voltages(snapshot.reading) + measurements(snapshot) + registers(snapshot.reading)
                + identity(snapshot.identity) + state(snapshot) + energy(snapshot)
                + installation(snapshot, access)
                + [
                    ("settings", SettingsObject.json(snapshot.settings)),
                    ("shutdown", shutdown(snapshot)),
                ])
    }

    /// V
    private static func voltages(_ reading: Reading) -> [(String, JSON)] {
        let cells = reading.cellVoltages.enumerated().map { index, voltage in
            ("vcap\(index + 1)Voltage", JSON.decimal(voltage?.volts, 3))
        }
        return [
            ("inputVoltage", .decimal(reading.inputVoltage?.volts, 3)),
            ("outputVoltage", .decimal(reading.outputVoltage?.volts, 3)),
            ("batteryVoltage", .decimal(reading.batteryVoltage?.volts, 3)),
        ] + cells
    }

    /// mA, %, °C, mF, mΩ, %, s
    private static func measurements(_ snapshot: Snapshot) -> [(String, JSON)] {
        let reading = snapshot.reading
        return [
            ("inputCurrent", .integer(reading.inputCurrent?.milliamperes)),
            ("outputCurrent", .integer(reading.outputCurrent?.milliamperes)),
            ("batteryCurrent", .integer(reading.batteryCurrent?.milliamperes)),
            ("outputLoad", .decimal(snapshot.loadPercent, 1)),
            ("ucTemperature", .integer(reading.temperatureCelsius)),
            ("capacity", .integer(reading.capacitance?.millifarads)),
            ("esr", .integer(reading.esrMilliohms)),
            ("capacityWhenNew", .integer(snapshot.capacitorsWhenNew?.capacitance.millifarads)),
            ("esrWhenNew", .integer(snapshot.capacitorsWhenNew?.esrMilliohms)),
            ("soc", .integer(reading.batteryCharge)),
            ("remainTime", .integer(snapshot.runtime?.roundedSeconds)),
        ]
    }

    private static func registers(_ reading: Reading) -> [(String, JSON)] {
        [
            ("chargeStatus", .integer(reading.chargeStatus?.rawValue)),
            ("monitorStatus", .integer(reading.monitorStatus?.rawValue)),
            ("deviceStatus", .integer(reading.deviceStatus?.rawValue)),
            ("alarms", .integer(reading.alarms?.rawValue)),
        ]
    }

    private static func identity(_ identity: Identity) -> [(String, JSON)] {
        [
            ("batteryType", .string(identity.batteryType)),
            ("series", .string(identity.series)),
            ("firmware", .string(identity.firmware)),
            ("hwRevision", .string(identity.hardwareRevision)),
            ("serial", .string(identity.serial)),
        ]
    }

    /// Times in s.
    private static func state(_ snapshot: Snapshot) -> [(String, JSON)] {
        let age = snapshot.lastReading.map { max(.zero, snapshot.time - $0).inSeconds }
        return [
            ("status", .string(snapshot.status.rawValue)),
            ("link", .string(snapshot.link.rawValue)),
            ("age", .decimal(age, 2)),
            ("time", .string(snapshot.wall.rfc3339)),
            ("uptime", .integer(snapshot.time.sinceBoot.components.seconds)),
            ("powerFailCount", .integer(snapshot.history.failures)),
            ("dryRun", .bool(snapshot.isDryRun)),
            ("drill", .bool(snapshot.isDrill)),
            ("demo", .bool(snapshot.installation.isDemo)),
            ("problem", .string(snapshot.problem)),
            ("problems", .array(snapshot.problems.map { problem($0) })),
        ]
    }

    private static func problem(_ message: Message) -> JSON {
        .object([("text", .string(message.text)), ("sentence", .sentence(message))])
    }

    /// W, and Wh since the daemon was started.
    private static func energy(_ snapshot: Snapshot) -> [(String, JSON)] {
        [
            ("inputPower", .decimal(snapshot.reading.inputPower?.watts, 2)),
            ("outputPower", .decimal(snapshot.reading.outputPower?.watts, 2)),
            ("energyIn", .decimal(snapshot.energyIn.wattHours, 2)),
            ("energyOut", .decimal(snapshot.energyOut.wattHours, 2)),
        ]
    }

    private static func installation(
        _ snapshot: Snapshot, _ access: CommandAccess?
    ) -> [(String, JSON)] {
        [
            ("host", .string(snapshot.installation.host)),
            ("version", .string(snapshot.installation.version)),
            ("control", .bool(access?.mayCommand ?? false)),
            ("access", .string(access?.rawValue)),
        ]
    }

    /// Also the payload of the MQTT topic `shutdown`.
    static func shutdown(_ snapshot: Snapshot) -> JSON {
        let state = snapshot.shutdown
        return .object([
            ("phase", .string(state.phase.rawValue)),
            ("incident", .string(state.incident?.description)),
            ("reason", .string(state.reason?.rawValue)),
            ("remaining", .integer(state.remaining(at: snapshot.time)?.roundedSeconds)),
            ("deadline", .string((state.deadline?.time).map { snapshot.wallTime(of: $0).rfc3339 })),
            ("delay", .integer(state.delay.roundedSeconds)),
            ("latest", .string(state.latest.map { snapshot.wallTime(of: $0).rfc3339 })),
        ])
    }
}

extension Snapshot {
    /// The power at the output in % of what it can give.
    var loadPercent: Double? {
        let nominal = rating.nominalPower.watts
        guard nominal > 0, let power = reading.outputPower else { return nil }
        return power.watts / nominal * 100
    }
}
