// What a person types at `ups-server simulate`.

import Testing
import UPS

@testable import Simulator

@Suite struct SimulatorLineTests {
    @Test(
        arguments: [
            ("power off", .power(false)), ("power on", .power(true)),
            ("  charge   40 ", .charge(percent: 40)), ("charge 0", .charge(percent: 0)),
            ("load 2.5", .load(amperes: 2.5)), ("load 10", .load(amperes: 10)),
            ("fault mute", .fault(.mute, count: 1, on: nil)),
            ("fault wrong-index 40", .fault(.wrongIndex, count: 40, on: nil)),
            ("fault bad-size 0", .fault(.badSize, count: 0, on: nil)),
            ("fault bit 9 capacitance", .fault(.bit, count: 9, on: .capacitance)),
            ("answers 60", .answers(milliseconds: 60)), ("bits 0.5", .bits(percent: 0.5)),
            ("unplug", .unplug(seconds: nil)), ("unplug 5", .unplug(seconds: 5)),
            ("plug", .plug), ("request on", .request(true)), ("measure", .measure),
            ("help", .help), ("", nil), (" \t", nil),
        ] as [(String, SimulatorLine?)])
    func accepted(text: String, line: SimulatorLine?) throws {
        #expect(try SimulatorLine.parse(text) == line)
    }

    @Test(arguments: [
        ("power", "power: say on or off"),
        ("power maybe", "power: say on or off"),
        ("charge", "charge: say a whole number from 0 to 100"),
        ("charge 101", "charge: say a whole number from 0 to 100"),
        ("charge 4.5", "charge: say a whole number from 0 to 100"),
        ("load -1", "load: say a number from 0 to 10"),
        ("load nan", "load: say a number from 0 to 10"),
        ("unplug 0", "unplug: say a whole number from 1 to 86400"),
        ("fault mute -1", "fault: say a whole number from 0 to 1000000"),
        ("answers -1", "answers: say a whole number from 0 to 5000"),
        ("bits 11", "bits: say a number from 0 to 10"),
        ("explode", "unknown: explode; try help"),
    ])
    func refused(text: String, message: String) {
        #expect(throws: SimulatorLine.Failure(text: message)) {
            try SimulatorLine.parse(text)
        }
    }

    @Test func aFaultThatDoesNotExistIsToldWhichDo() {
        #expect { try SimulatorLine.parse("fault fire") } throws: { error in
            let text = (error as? SimulatorLine.Failure)?.text ?? ""
            return Fault.allCases.allSatisfy { text.contains($0.rawValue) }
        }
    }

    @Test func aRequestThatDoesNotExistIsToldWhichDo() {
        #expect { try SimulatorLine.parse("fault mute 1 colour") } throws: { error in
            let text = (error as? SimulatorLine.Failure)?.text ?? ""
            return text.contains("colour") && text.contains("deviceStatus, inputVoltage")
        }
    }

    @Test func helpNamesEveryFault() {
        #expect(Fault.allCases.allSatisfy { SimulatorLine.helpText.contains($0.rawValue) })
    }

    @Test func aLongLineIsCut() {
        let long = String(repeating: "x", count: 100_000)
        #expect(throws: SimulatorLine.Failure.self) { try SimulatorLine.parse(long) }
    }
}
