// `ups-server simulate`: only the simulated UPS, for tests and for trying things out.

import ArgumentParser
import Console
import Glibc
import Platform
import Simulator

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Simulate a UPS on a pty.",
        discussion: "Takes lines on standard input:\n\n\(SimulatorLine.helpText)")

    @Option(help: ArgumentHelp("Where the pty appears.", valueName: "PATH"))
    var link: String

    @Option(
        help: ArgumentHelp("How the line is paced: byte, frame or none.", valueName: "PACE"),
        transform: pace)
    var pace = SimulatedUPS.Pace.byte

    @Option(
        help: ArgumentHelp(
            "What kind of device it is:\n"
                + SimulatedModel.allCases.map { "\($0.rawValue): \($0.help)" }
                .joined(separator: "\n"),
            valueName: "MODEL"),
        transform: model)
    var model = SimulatedModel.psz1063

    @Option(
        help: ArgumentHelp(
            "The seed of the random faults, and the serial number.", valueName: "SEED"))
    var seed: UInt64 = 1

    private static func pace(_ word: String) throws -> SimulatedUPS.Pace {
        guard let pace = SimulatedUPS.Pace(rawValue: word) else {
            throw ValidationError("--pace takes byte, frame or none, not \(word)")
        }
        return pace
    }

    private static func model(_ word: String) throws -> SimulatedModel {
        guard let model = SimulatedModel(rawValue: word) else {
            let known = SimulatedModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--model takes \(known), not \(word)")
        }
        return model
    }

    func run() throws {
        let signals = try SignalDescriptor()
        let loop = try SimulatorLoop(
            link: link, pace: pace, model: model, seed: seed, say: printLine)
        printLine("A simulated UPS is on \(link); say help for what it understands.")
        try loop.run(until: signals.descriptor)
    }
}
