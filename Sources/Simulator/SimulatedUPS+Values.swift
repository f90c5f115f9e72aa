// What the simulated UPS measures, as the payloads of its answers.

import Bicker
internal import UPS

extension SimulatedUPS {
    private static let inputVolts = 12.6
    private static let outputVoltsOnLine = 12.5
    private static let outputVoltsOnBattery = 12.1
    private static let capacitanceMillifarads = 25_000
    private static let esrMilliohms = 34

    private var outputVolts: Double {
        guard hasOutput else { return 0 }
        return isPowered ? SimulatedUPS.outputVoltsOnLine : SimulatedUPS.outputVoltsOnBattery
    }

    var outputWatts: Double { outputVolts * loadAmperes }

    private var isCharging: Bool { isPowered && !stack.isFull }

    /// Into the capacitors; below 0 out of them.
    private var batteryAmperes: Double {
        if isCharging { return stack.chargingAmperes }
        guard !isPowered, stack.volts > 0 else { return 0 }
        return -outputWatts / stack.efficiency / stack.volts
    }

    private var inputAmperes: Double {
        guard isPowered else { return 0 }
        let charging = isCharging ? stack.chargingAmperes * stack.volts / stack.efficiency : 0
        return (outputWatts + charging) / SimulatedUPS.inputVolts
    }

    private var deviceStatus: DeviceStatus {
        var status: DeviceStatus = [.batteryPresent]
        if isPowered { status.insert(.powerPresent) } else { status.insert(.discharging) }
        if isCharging { status.insert(.charging) }
        if requestsShutdown { status.insert(.shutdownSet) }
        if hasOvercurrent { status.insert(.overcurrent) }
        return status
    }

    /// With the reserved bits 10 and 12 set, as devices in the field have them.
    private var chargeStatus: UInt16 {
        var status = ChargeStatus.capacitorPowerGood
        if isPowered {
            status.insert(.stepDown)
            status.insert(isCharging ? .constantCurrent : .constantVoltage)
            if measuringUntil != nil { status.insert(.disabledForMeasurement) }
        } else {
            status.formUnion([.stepUp, .powerFail])
        }
        return status.rawValue | 0x1400
    }

    private var monitorStatus: MonitorStatus {
        var status: MonitorStatus = isPowered ? [.powerReturned] : [.powerFailed]
        if measuringUntil != nil { status.insert(.measurementActive) }
        if hasMeasured { status.formUnion([.capacitanceDone, .esrDone]) }
        return status
    }

    /// Nil: this device has no such feature.
    func payload(for request: Request) -> [UInt8]? {
        switch request {
        case .deviceStatus: [deviceStatus.rawValue]
        case .inputVoltage, .chargerInputVoltage: milli(isPowered ? SimulatedUPS.inputVolts : 0.1)
        case .inputCurrent, .chargerInputCurrent: milli(inputAmperes + currentOffset)
        case .outputVoltage, .chargerOutputVoltage: milli(outputVolts)
        case .outputCurrent: milli((hasOutput ? loadAmperes : 0) + currentOffset)
        case .batteryVoltage, .stackVoltage: milli(stack.volts)
        case .batteryCurrent, .chargeCurrent: milli(batteryAmperes)
        case .charge: [UInt8(stack.percent)]
        case .stateOfHealth: [100]
        case .temperature: [28]
        case .manufacturer: text(identity.manufacturer)
        case .serial: text(identity.serial)
        case .series: text(identity.series)
        case .firmware: text(identity.firmware)
        case .batteryType: text(identity.batteryType)
        case .hardwareRevision: text(identity.hardwareRevision)
        case .chargeStatus: word(Int(chargeStatus))
        case .monitorStatus: word(Int(monitorStatus.rawValue))
        case .alarms: [0, 0]
        case .capacitance: capacitance
        case .esr: word(isBlank ? 0 : SimulatedUPS.esrMilliohms)
        case .cell1: milli(stack.volts / 4 + 0.004)
        case .cell2: milli(stack.volts / 4 - 0.003)
        case .cell3: milli(stack.volts / 4 + 0.001)
        case .cell4: milli(stack.volts / 4 - 0.002)
        case .startMeasurement: [0]
        case .cycles, .batteryTemperature, .coreFirmware: nil
        case .loadSensor, .maximumBackupTime, .shutdownTimer, .restartDelay, .minimumCharge,
            .ignitionTimer, .shutdownCharge, .emptyCharge, .relayMode:
            setting(request)
        }
    }

    private var capacitance: [UInt8] {
        let millifarads = isBlank ? 0 : SimulatedUPS.capacitanceMillifarads
        return switch capacitanceForm {
        case .millifarads32: word(millifarads) + [0, 0]
        case .farads16: word(millifarads / 1000)
        case .farads32: word(millifarads / 1000) + [0, 0]
        }
    }

    /// A byte for each character of Latin-1.
    private func text(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    private func setting(_ request: Request) -> [UInt8]? {
        let name = SettingName.allCases.first { $0.request == request }
        return name.flatMap { name in settings[name].map { $0.payload(of: name) } }
    }

    /// Those of the UPSI family, with no timer switched on that cuts the output.
    static let usualSettings: [SettingName: Setting] = [
        .loadSensor: setting(100...800, 200, isEnabled: true),
        .maximumBackupTime: setting(1...3600, 60), .shutdownTimer: setting(1...3600, 30),
        .restartDelay: setting(1...180, 8), .minimumCharge: setting(1...100, 90),
        .ignitionTimer: setting(1...3600, 60),
        .shutdownCharge: setting(1...100, 20, isEnabled: true),
        .emptyCharge: setting(1...100, 20, isEnabled: true),
        .relayMode: setting(1...5, 1, isEnabled: true),
    ]

    private static func setting(
        _ range: ClosedRange<Int>, _ initial: Int, isEnabled: Bool = false
    ) -> Setting {
        Setting(
            minimum: range.lowerBound, maximum: range.upperBound, default: initial,
            isEnabled: isEnabled, value: initial)
    }

    private func milli(_ value: Double) -> [UInt8] {
        word(Int((value * 1000).rounded()))
    }

    /// Little-endian; a value below 0 as two's complement.
    private func word(_ value: Int) -> [UInt8] {
        let bits = UInt16(truncatingIfNeeded: value)
        return [UInt8(bits & 0xFF), UInt8(bits >> 8)]
    }
}
