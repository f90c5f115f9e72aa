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
        transform: { try word($0, of: "--pace", among: "byte, frame or none") })
    var pace = SimulatedUPS.Pace.byte

    @Option(
        help: ArgumentHelp(
            "What kind of device it is:\n"
                + SimulatedModel.allCases.map { "\($0.rawValue): \($0.help)" }
                .joined(separator: "\n"),
            valueName: "MODEL"),
        transform: { try word($0, of: "--model", among: models) })
    var model = SimulatedModel.psz1063

    @Option(
        help: ArgumentHelp(
            "The seed of the random faults, and the serial number.", valueName: "SEED"))
    var seed: UInt64 = 1

    private static let models = SimulatedModel.allCases.map(\.rawValue).joined(separator: ", ")

    private static func word<Word: RawRepresentable<String>>(
        _ text: String, of option: String, among known: String
    ) throws -> Word {
        guard let word = Word(rawValue: text) else {
            throw ValidationError("\(option) takes \(known), not \(text)")
        }
        return word
    }

    func run() throws {
        let signals = try SignalDescriptor()
        let loop = try SimulatorLoop(
            link: link, pace: pace, model: model, seed: seed, say: printLine)
        printLine("A simulated UPS is on \(link); say help for what it understands.")
        try loop.run(until: signals.descriptor)
    }
}
