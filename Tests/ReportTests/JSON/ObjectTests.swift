// The JSON objects: the contract's keys in every state, and golden texts.

import FoundationEssentials
import Testing

@testable import Report
@testable import UPS

@Suite struct ObjectTests {
    /// Any JSON, to look into what was written.
    private indirect enum Value: Decodable, Equatable {
        case null, bool(Bool), number(Double), string(String), array([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else if let value = try? container.decode([Value].self) {
                self = .array(value)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        init(_ text: String) throws {
            self = try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        }

        subscript(_ key: String) -> Value? {
            if case .object(let members) = self { members[key] } else { nil }
        }
    }

    private static let keys = """
        inputVoltage outputVoltage batteryVoltage vcap1Voltage vcap2Voltage vcap3Voltage \
        vcap4Voltage inputCurrent outputCurrent batteryCurrent outputLoad ucTemperature capacity \
        esr capacityWhenNew esrWhenNew soc remainTime power charging discharging measuring \
        chargeStatus monitorStatus deviceStatus batteryType series firmware hwRevision \
        powerFailCount uptime status link age time alarms inputPower outputPower \
        energyIn energyOut serial host version dryRun drill demo problem problems control access \
        settings shutdown
        """
    private static let shutdownKeys = "phase incident reason remaining deadline delay latest"
    private static let measured = """
        inputVoltage outputVoltage batteryVoltage vcap1Voltage vcap2Voltage vcap3Voltage \
        vcap4Voltage inputCurrent outputCurrent batteryCurrent outputLoad ucTemperature capacity \
        esr soc remainTime power charging discharging measuring chargeStatus monitorStatus \
        deviceStatus alarms inputPower outputPower
        """

    private static func names(_ text: String) -> Set<String> {
        Set(text.split(separator: " ").map(String.init))
    }

    @Test(arguments: State.allCases) func keysAreThoseOfTheContract(_ state: State) throws {
        let value = try Value(StatusObject.json(state.snapshot, access: nil))
        guard case .object(let members) = value, case .object(let shutdown) = members["shutdown"]
        else { throw Unreadable("no object") }
        #expect(Set(members.keys) == ObjectTests.names(ObjectTests.keys))
        #expect(Set(shutdown.keys) == ObjectTests.names(ObjectTests.shutdownKeys))
        #expect(members["control"] == .bool(false) && members["access"] == .null)
        let isLost = state.snapshot.link == .lost
        for key in ObjectTests.names(ObjectTests.measured) where isLost {
            #expect(members[key] == .null, "\(key)")
        }
    }

    @Test(arguments: goldens.indices) func golden(_ index: Int) {
        let (state, text) = goldens[index]
        #expect(StatusObject.json(state.snapshot, access: .allowed) == text)
    }

    @Test func textsSurvive() throws {
        let snapshot = State.hostileTexts.snapshot
        let value = try Value(StatusObject.json(snapshot, access: .allowed))
        #expect(value["host"] == .string(snapshot.installation.host))
        #expect(value["firmware"] == .string("MAXLINEV\"\\\u{7F}"))
    }

    @Test func escapes() throws {
        let text = (0...0x7F).map { String(Unicode.Scalar($0)) }.joined() + "é\u{2028}\u{1F50C}"
        let written = JSON.string(text).text
        #expect(written.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        #expect(try Value(written) == .string(text))
        #expect(JSON.string("a\"b\\\n\u{1}/").text == #""a\"b\\\n\u0001/""#)
    }

    @Test(arguments: [
        (12.6, "12.6"), (12.0, "12.0"), (-0.0001, "0.0"), (0.125, "0.13"), (-3.456, "-3.46"),
        (.infinity, "null"), (.nan, "null"), (1e300, "1e+300"),
    ])
    func decimals(_ value: Double, _ expected: String) throws {
        let written = JSON.decimal(value, 2).text
        #expect(written == expected)
        _ = try Value(written)
    }

    @Test(arguments: [
        (12.64, 1, "12.6"), (0.004, 3, "0.004"), (-0.42, 3, "-0.420"), (-0.04, 1, "0.0"),
        (61.5, 0, "62"), (-12.96, 1, "-13.0"), (0, 2, "0.00"), (1e300, 0, "1000000000000000"),
    ])
    func fixedDecimals(_ value: Double, _ decimals: Int, _ expected: String) {
        #expect(fixed(value, decimals) == expected)
    }

    @Test func events() {
        var snapshot = State.online.snapshot
        #expect(EventsObject.json(snapshot, limit: 10) == #"{"events":[]}"#)
        let incident = IncidentID(boot: State.boot, number: 3)
        let first = Event(
            number: 1, name: .serviceStart, time: snapshot.at(-980), text: "Started")
        let second = Event(
            number: 2, name: .powerFail, time: snapshot.at(-1), incident: incident,
            text: Message(.linkEstablished, "\"x\""))
        snapshot.events.append(first)
        snapshot.events.append(second)
        let newest = """
            {"time":"2026-11-22T15:04:04Z","event":"power_fail","incident":"1f0c8b52-3",\
            "text":"Link to \\"x\\" established",\
            "sentence":{"key":"linkEstablished","values":{"series":"\\"x\\""}}}
            """
        let oldest = """
            {"time":"2026-11-22T14:47:45Z","event":"service_start","incident":null,\
            "text":"Started","sentence":null}
            """
        #expect(EventsObject.json(snapshot, limit: 2) == "{\"events\":[\(newest),\(oldest)]}")
        #expect(EventsObject.json(snapshot, limit: 1) == "{\"events\":[\(newest)]}")
        #expect(EventsObject.json(snapshot, limit: -1) == #"{"events":[]}"#)
        let result = ResultObject.events(id: "e", snapshot: snapshot, limit: 1)
        #expect(
            result == #"{"result":{"id":"e","ok":true,"message":"","events":[\#(newest)]}}"#)
    }

    @Test func results() {
        let snapshot = State.pending.snapshot
        let accepted = CommandResult(
            isAccepted: true, message: Message(.delayed, 6), deadline: snapshot.at(6))
        #expect(
            ResultObject.json(id: "7", accepted, snapshot: snapshot) == """
                {"result":{"id":"7","ok":true,"message":"Shutdown in 6 s.",\
                "sentence":{"key":"delayed","values":{"seconds":6}},\
                "deadline":"2026-11-22T15:04:11Z"}}
                """)
        let refused = CommandResult(isAccepted: false, message: "No.")
        #expect(
            ResultObject.json(id: nil, refused, snapshot: snapshot)
                == #"{"result":{"id":null,"ok":false,"message":"No.","sentence":null,"deadline":null}}"#
        )
        let status = StatusObject.json(snapshot, access: .allowed)
        #expect(
            ResultObject.status(id: "s", snapshot: snapshot)
                == #"{"result":{"id":"s","ok":true,"message":"","status":\#(status)}}"#)
    }
}
