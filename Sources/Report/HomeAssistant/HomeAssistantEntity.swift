// How Home Assistant shows one thing: a component of the discovery document. Made by the table of
// topics and by Command+Formats; written out by HomeAssistantDocument.

import UPS

/// Classes, units and the rules between them are Home Assistant's.
/// Source: its `components/sensor/const.py` and the documentation of its MQTT integration.
struct HomeAssistantEntity: Sendable {
    enum Platform: String, Sendable {
        case sensor, number, button, event
        case binarySensor = "binary_sensor"
    }

    /// What must be online for it to be available.
    enum Source: Sendable {
        case ups, daemon
    }

    let platform: Platform
    /// Without the name of the device.
    let name: String
    private(set) var source = Source.ups
    /// The topic below the base that has its state; nil: it has none.
    private(set) var state: String?
    /// It sends to the command topic.
    private(set) var isCommand = false
    /// A topic below the base whose JSON members are shown beside the state.
    private(set) var attributes: String?
    private(set) var options: [(String, JSON)]

    init(_ platform: Platform, _ name: String, _ options: [(String, JSON)] = []) {
        self.platform = platform
        self.name = name
        self.options = options
    }

    // MARK: Sensors

    static func measurement(of quantity: Quantity) -> HomeAssistantEntity {
        let (title, unit) = (quantity.title, quantity.unit.rawValue)
        func measurement(_ deviceClass: String?, _ decimals: Int) -> HomeAssistantEntity {
            .measurement(title, deviceClass, unit, decimals: decimals)
        }
        return switch quantity {
        case .inputVoltage, .outputVoltage, .batteryVoltage: measurement("voltage", 1)
        case .cell1, .cell2, .cell3, .cell4: measurement("voltage", 2).diagnostic
        case .inputCurrent, .outputCurrent, .batteryCurrent: measurement("current", 3)
        case .inputPower, .outputPower: measurement("power", 1)
        case .load: measurement(nil, 0).icon("gauge")
        case .temperature: measurement("temperature", 0).diagnostic
        case .capacitance, .capacitanceWhenNew:
            measurement(nil, 1).diagnostic.icon("battery-heart")
        case .esr, .esrWhenNew: measurement(nil, 0).diagnostic.icon("resistor")
        case .charge: measurement("battery", 0)
        case .runtime: .seconds(title)
        // They only grow, but for a restart of the daemon: what the Energy dashboard takes.
        case .inputEnergy, .outputEnergy:
            HomeAssistantEntity.measurement(
                title, "energy", unit, decimals: 2, stateClass: "total_increasing"
            ).ofDaemon
        }
    }

    /// A number with a unit. `decimals` are those that are shown.
    static func measurement(
        _ name: String, _ deviceClass: String?, _ unit: String, decimals: Int,
        stateClass: String = "measurement"
    ) -> HomeAssistantEntity {
        let common: [(String, JSON)] = [
            ("unit_of_measurement", .string(unit)), ("state_class", .string(stateClass)),
            ("suggested_display_precision", .integer(decimals)),
        ]
        return HomeAssistantEntity(.sensor, name, classed(deviceClass) + common)
    }

    static func seconds(_ name: String) -> HomeAssistantEntity {
        measurement(name, "duration", "s", decimals: 0)
    }

    static func count(_ name: String) -> HomeAssistantEntity {
        HomeAssistantEntity(.sensor, name, [("state_class", .string("total_increasing"))])
    }

    /// One of a few words, all of which Home Assistant must know beforehand.
    static func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ words: Word.Type
    ) -> HomeAssistantEntity where Word.RawValue == String {
        let words = words.allCases.map { JSON.string($0.rawValue) }
        return HomeAssistantEntity(.sensor, name, classed("enum") + [("options", .array(words))])
    }

    /// The bits of a chip, for those who look for them.
    static func register(_ name: String) -> HomeAssistantEntity {
        HomeAssistantEntity(.sensor, name, [("enabled_by_default", .bool(false))]).diagnostic
    }

    static func flag(
        _ name: String, _ deviceClass: String? = nil, on: String = "ON", off: String = "OFF"
    ) -> HomeAssistantEntity {
        let payloads: [(String, JSON)] = [
            ("payload_on", .string(on)), ("payload_off", .string(off)),
        ]
        return HomeAssistantEntity(.binarySensor, name, classed(deviceClass) + payloads)
    }

    static func classed(_ deviceClass: String?) -> [(String, JSON)] {
        deviceClass.map { [("device_class", .string($0))] } ?? []
    }

    // MARK: Variations

    /// It stays available when the link to the UPS is lost.
    var ofDaemon: HomeAssistantEntity {
        changed { $0.source = .daemon }
    }

    var diagnostic: HomeAssistantEntity {
        with("entity_category", "diagnostic")
    }

    func icon(_ name: String) -> HomeAssistantEntity {
        with("icon", "mdi:\(name)")
    }

    func template(_ text: String) -> HomeAssistantEntity {
        with("value_template", text)
    }

    func command(_ text: String) -> HomeAssistantEntity {
        with("command_template", text).changed { $0.isCommand = true }
    }

    func state(from topic: String) -> HomeAssistantEntity {
        changed { $0.state = topic }
    }

    func attributes(from topic: String) -> HomeAssistantEntity {
        changed { $0.attributes = topic }
    }

    /// What belongs to an outage, without what changes every second.
    var withIncident: HomeAssistantEntity {
        attributes(from: "shutdown").with(
            "json_attributes_template",
            "{{ {'incident': value_json.incident, 'reason': value_json.reason, "
                + "'latest': value_json.latest} | tojson }}")
    }

    private func with(_ option: String, _ value: String) -> HomeAssistantEntity {
        changed { $0.options.append((option, .string(value))) }
    }

    private func changed(_ change: (inout HomeAssistantEntity) -> Void) -> HomeAssistantEntity {
        var entity = self
        change(&entity)
        return entity
    }
}
