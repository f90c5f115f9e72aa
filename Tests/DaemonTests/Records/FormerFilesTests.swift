// Files as the version before left them, to the letter: what is read from them after an upgrade.
// FormerStateTests has the state of the decision.

import Testing
import UPS

@testable import Configuration
@testable import Host
@testable import Records
@testable import Report

@Suite struct FormerFilesTests {
    @Test func whatTheUPSWasLike() throws {
        let record = try #require(
            UPSRecord(
                json: #"{"batteryType":"SUC-1011","capacity":25000,"esr":34,"#
                    + #""fallbackSerial":"9f2c4e11","serial":"SIM00001"}"# + "\n"))
        #expect(record.fallbackSerial == "9f2c4e11")
        #expect(
            record.new
                == CapacitorsWhenNew(
                    serial: "SIM00001", batteryType: "SUC-1011",
                    capacitance: Capacitance(millifarads: 25_000), esrMilliohms: 34))
    }

    @Test func whatHomeAssistantKnows() throws {
        let text =
            #"{"identifier":"ups_SIM00001","topic":"homeassistant/device/ups_SIM00001/config","#
            + #""series":"UPSIC Series","batteryType":"SUC-1011","serial":"SIM00001","#
            + #""firmware":"1.2.0","hwRevision":"A1"}"#
        let record = try #require(HomeAssistantRecord(json: text))
        #expect(record.topic == "homeassistant/device/ups_SIM00001/config")
        #expect(record.json == text)
    }

    @Test func theLastShutdown() throws {
        let lines = """
            BOOT_ID=01234567-89ab-cdef-0000-000000000001
            INCIDENT=01234567-3
            REASON=low_charge
            OUTAGE=1769861094
            COMMIT=1769861109
            MILLISECONDS=12345
            TOLD=no

            """
        let record = try #require(KeyLines(lines).flatMap { ShutdownRecord($0) })
        #expect((record.incident, record.reason) == ("01234567-3", .lowCharge))
        #expect((record.duration, record.isTold) == (.milliseconds(12_345), false))
        #expect(record.lines.text == lines)
    }

    @Test func theConfiguration() throws {
        let text = """
            server = {
              port = 10024;
              shutdownDelay = 20;
              shutdownByTime = true;
              shutdownBySoc = true;
              shutdownSocPercent = 50;
              serial = "/dev/ttyUPS";
            };
            mqtt = { host = "broker.lan"; id = "attic"; };
            """
        let parsed = try Configuration.parse(text, path: "x.cfg")
        #expect(parsed.configuration.policy.delay == .seconds(20))
        #expect(parsed.configuration.broker?.host == "broker.lan")
    }
}
