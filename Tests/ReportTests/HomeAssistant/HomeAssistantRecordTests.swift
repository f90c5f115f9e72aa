// By which name Home Assistant knows a UPS, over restarts, lost answers and other devices.

import Testing

@testable import Report
@testable import UPS

struct HomeAssistantRecordTests {
    private let topic = "homeassistant/device/x/config"

    private func identity(_ serial: String?, firmware: String? = nil) -> Identity {
        var identity = Identity()
        identity.serial = serial
        identity.firmware = firmware
        return identity
    }

    private func snapshot(
        _ identity: Identity, isComplete: Bool = true, fallback: String? = "f00"
    ) -> Snapshot {
        var snapshot = mqttSnapshot()
        snapshot.installation.fallbackSerial = fallback
        snapshot.identity = identity
        snapshot.hasIdentity = isComplete
        return snapshot
    }

    private func identifier(
        _ record: HomeAssistantRecord, _ identity: Identity, fallback: String? = "f00"
    ) -> String? {
        record.identifier(of: identity, in: snapshot(identity, fallback: fallback))
    }

    private func note(_ identity: Identity, in record: inout HomeAssistantRecord) {
        let identifier = identifier(record, identity) ?? ""
        record.note(identity, as: identifier, announcedAt: topic)
    }

    @Test(arguments: [
        ("A1B2C3", "ups_A1B2C3"), ("SN 12/3_ä", "ups_SN-12-3--"), ("", "ups_f00"),
        (nil, "ups_f00"), ("00000000", "ups_f00"), ("-----", "ups_f00"), ("FF-FF", "ups_f00"),
    ])
    func first(serial: String?, identifier: String) {
        #expect(self.identifier(HomeAssistantRecord(), identity(serial)) == identifier)
    }

    @Test func withoutAPlaceForItsNameAUPSWithoutSerialNumberHasNone() {
        let record = HomeAssistantRecord()
        #expect(identifier(record, identity(nil), fallback: nil) == nil)
        #expect(identifier(record, identity("A1"), fallback: nil) == "ups_A1")
    }

    /// The first answer, the next one, and the name then.
    @Test(arguments: [
        ("A1", "A1", "ups_A1"), ("A1", nil, "ups_A1"), ("A1", "B2", "ups_B2"),
        (nil, "A1", "ups_f00"), (nil, nil, "ups_f00"), ("0000", "0000", "ups_f00"),
    ])
    func later(serial: String?, next: String?, identifier: String) {
        var record = HomeAssistantRecord()
        note(identity(serial), in: &record)
        #expect(self.identifier(record, identity(next)) == identifier)
    }

    @Test func aUPSOfWhichTheSerialNumberWasLearntLateIsToldFromTheNext() {
        var record = HomeAssistantRecord()
        note(identity(nil), in: &record)
        note(identity("A1"), in: &record)
        #expect(identifier(record, identity("A1")) == "ups_f00")
        #expect(identifier(record, identity("B2")) == "ups_B2")
    }

    @Test func nobodyKnowsBeforeTheUPSHasSpoken() {
        var record = HomeAssistantRecord()
        #expect(record.known(in: snapshot(Identity(), isComplete: false)) == nil)
        note(identity("A1", firmware: "2"), in: &record)
        let known = record.known(in: snapshot(Identity(), isComplete: false))
        #expect(known == identity("A1", firmware: "2"))
    }

    @Test func alostAnswerIsNoNews() {
        var record = HomeAssistantRecord()
        note(identity("A1", firmware: "2"), in: &record)
        #expect(record.known(in: snapshot(identity("A1"))) == identity("A1", firmware: "2"))
        #expect(record.known(in: snapshot(identity(nil))) == identity("A1", firmware: "2"))
        #expect(record.known(in: snapshot(identity("B2"))) == identity("B2"))
        let updated = identity("A1", firmware: "3")
        #expect(record.known(in: snapshot(updated)) == updated)
    }

    @Test func asText() throws {
        var record = HomeAssistantRecord()
        #expect(HomeAssistantRecord(json: record.json) == nil)
        note(identity("A\"1", firmware: "2"), in: &record)
        #expect(HomeAssistantRecord(json: record.json) == record)
        record.topic = nil
        #expect(HomeAssistantRecord(json: record.json)?.topic == nil)
        #expect(HomeAssistantRecord(json: record.json) == record)
    }

    @Test(arguments: ["", "{", "[]", "{}", #"{"identifier":1}"#, #"{"topic":"x"}"#])
    func spoiled(text: String) {
        #expect(HomeAssistantRecord(json: text) == nil)
    }
}
