// The discovery document, to the letter, and by Home Assistant's rules.

import Foundation
import Testing

@testable import Report
@testable import UPS

struct HomeAssistantDocumentTests {
    private func text(
        name: String = "", acceptsCommands: Bool = true, url: String? = "http://10.0.0.2:10024/",
        identity: Identity? = nil
    ) -> String {
        var snapshot = mqttSnapshot()
        snapshot.rating.name = name
        snapshot.identity.serial = "A1B2C3"
        snapshot.identity.firmware = "1.2.0"
        snapshot.identity.hardwareRevision = "3"
        let document = HomeAssistantDocument(
            identifier: "ups_A1B2C3", topics: MQTTTopics(prefix: "ups", id: "workhorse"),
            acceptsCommands: acceptsCommands, url: url)
        return document.json(identity ?? snapshot.identity, in: snapshot)
    }

    private func object(_ text: String) throws -> [String: JSONValue] {
        guard case .object(let members) = try JSONValue(text.utf8) else { throw NoObject() }
        return members
    }

    private struct NoObject: Error {}

    private func members(_ value: JSONValue?) -> [String: JSONValue] {
        if case .object(let members)? = value { members } else { [:] }
    }

    private func components(_ text: String) throws -> [String: [String: JSONValue]] {
        members(try object(text)["components"]).mapValues { members($0) }
    }

    /// The example that people read is what the test compares with.
    @Test func golden() throws {
        let example = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../homeassistant/discovery.json")
        let golden = try JSONValue([UInt8](try Data(contentsOf: example)))
        let present = try JSONValue(text().utf8)
        #expect(present == golden, "\(text())")
    }

    // MARK: The device

    @Test func theLeastDevice() throws {
        let device = members(try object(text(url: nil, identity: Identity()))["device"])
        #expect(
            device == [
                "identifiers": .array([.string("ups_A1B2C3")]), "name": .string("UPS workhorse"),
                "manufacturer": .string("Bicker Elektronik"),
                "sw_version": .string("ups-server 2.0.0"),
            ])
    }

    @Test(arguments: [
        ("", "UPS workhorse"), ("Rack 3", "Rack 3"), ("UPS", "UPS (workhorse)"),
        ("power", "power (workhorse)"), ("Power supply", "Power supply"),
    ])
    func noEntityBeginsWithTheNameOfTheDevice(configured: String, name: String) throws {
        let device = members(try object(text(name: configured))["device"])
        #expect(device["name"] == .string(name))
    }

    // MARK: The components

    @Test func everyTopicOnce() throws {
        let text = text()
        for topic in MQTTStateTopic.all {
            #expect(text.contains("_topic\":\"ups/workhorse/\(topic.name)\""), "\(topic.name)")
        }
        let components = try components(text)
        #expect(
            Set(components.keys)
                == Set(MQTTStateTopic.all.map(\.name)).subtracting(["info"]).union([
                    "event", "cancel", "measure", "delay", "command_result",
                ]))
        for (key, component) in components {
            #expect(component["unique_id"] == .string("ups_A1B2C3_\(key)"))
            let platform = component["platform"]?.string ?? ""
            #expect(component["default_entity_id"] == .string("\(platform).ups_workhorse_\(key)"))
        }
        let names = components.values.compactMap { $0["name"]?.string }
        #expect(Set(names).count == components.count)
    }

    /// By class: units and state classes that Home Assistant takes; none at all without numbers.
    @Test func unitsAndStateClasses() throws {
        let allowed = [
            "voltage": ("V", "measurement"), "current": ("A", "measurement"),
            "power": ("W", "measurement"), "energy": ("Wh", "total_increasing"),
            "battery": ("%", "measurement"), "duration": ("s", "measurement"),
            "temperature": ("°C", "measurement"),
        ]
        let sensors = try components(text()).filter { $0.value["platform"] == .string("sensor") }
        for (key, component) in sensors {
            let unit = component["unit_of_measurement"]?.string
            let stateClass = component["state_class"]?.string
            switch component["device_class"]?.string {
            case "enum"?, "timestamp"?: #expect(unit == nil && stateClass == nil, "\(key)")
            case let name?:
                #expect(unit == allowed[name]?.0 && stateClass == allowed[name]?.1, "\(key)")
            case nil: #expect(unit == nil || stateClass == "measurement", "\(key)")
            }
        }
    }

    /// Only raw registers are not shown at first.
    @Test func registersAreOff() throws {
        let off = try components(text()).filter { $0.value["enabled_by_default"] == .bool(false) }
        #expect(
            Set(off.keys) == ["device_status", "charge_status", "monitor_status", "alarms"])
    }

    /// Whatever needs the UPS goes with the link; the rest stays.
    @Test func availability() throws {
        let document = try object(text())
        #expect(document["availability_mode"] == .string("all"))
        #expect(
            document["availability"]
                == .array([
                    .object(["topic": .string("ups/workhorse/availability")]),
                    .object(["topic": .string("ups/workhorse/link")]),
                ]))
        let staying = try components(text()).filter {
            $0.value["availability"]
                == .array([.object(["topic": .string("ups/workhorse/availability")])])
        }
        #expect(
            Set(staying.keys) == [
                "dry_run", "drill", "status", "link", "shutdown", "shutdown_phase",
                "shutdown_delay", "shutdown_remaining", "problem", "power_fail_count",
                "last_outage",
                "input_energy", "output_energy", "event", "cancel", "delay", "command_result",
            ])
    }

    @Test func everyWordAndEvent() throws {
        let components = try components(text())
        #expect(
            components["status"]?["options"]
                == .array(Status.allCases.map { .string($0.rawValue) }))
        #expect(
            components["shutdown_phase"]?["options"]
                == .array(Phase.allCases.map { .string($0.rawValue) }))
        #expect(
            components["event"]?["event_types"]
                == .array(Event.Name.allCases.map { .string($0.rawValue) }))
    }

    /// Reduced to the platform, Home Assistant forgets them.
    @Test func withoutCommands() throws {
        let components = try components(text(acceptsCommands: false))
        for (key, platform) in [
            ("cancel", "button"), ("measure", "button"), ("delay", "number"),
            ("command_result", "sensor"),
        ] {
            #expect(components[key] == ["platform": .string(platform)])
        }
        #expect(!text(acceptsCommands: false).contains("command_topic"))
    }
}
