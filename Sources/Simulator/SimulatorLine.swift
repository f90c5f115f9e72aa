// A line on the standard input of `simulate`, read into a value. The Daemon applies it.

internal import UPS

public enum SimulatorLine: Equatable, Sendable {
    case power(Bool)
    case charge(percent: Int)
    case load(amperes: Double)
    case fault(Fault, count: Int)
    /// Nil: until `plug`.
    case unplug(seconds: Int?)
    case plug
    case request(Bool)
    case measure
    case help

    /// What is wrong with a line, and what is allowed.
    public struct Failure: Error, Equatable, Sendable {
        public let text: String
    }

    public static let helpText = """
        power on|off           input power returns or fails
        charge PERCENT         set the charge, 0 to 100
        load AMPERES           set the load, 0 to 10
        fault KIND [COUNT]     spoil the next answers (1): \(Fault.allCases.map(\.rawValue)
            .joined(separator: " "))
        unplug [SECONDS]       pull the cable, for good or for a time
        plug                   plug the cable in again
        request on|off         the UPS asks for a shutdown, or withdraws it
        measure                say what the UPS measures now
        help                   this text
        """

    /// Nil for an empty line.
    public static func parse(_ line: some StringProtocol) throws(Failure) -> SimulatorLine? {
        let words = String(line).prefix(200).split { $0.isWhitespace }.map { String($0) }
        guard let verb = words.first else { return nil }
        let argument = words.dropFirst().first
        switch verb {
        case "power": return .power(try onOff(argument, of: verb))
        case "request": return .request(try onOff(argument, of: verb))
        case "charge":
            return .charge(percent: try number(argument, of: verb, in: 0...100))
        case "load": return .load(amperes: try amperes(argument))
        case "fault":
            guard let fault = argument.flatMap(Fault.init(rawValue:)) else {
                let kinds = Fault.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(text: "fault: say which: \(kinds)")
            }
            let count = words.count > 2 ? try number(words[2], of: verb, in: 0...1_000_000) : 1
            return .fault(fault, count: count)
        case "unplug":
            guard argument != nil else { return .unplug(seconds: nil) }
            return .unplug(seconds: try number(argument, of: verb, in: 1...86400))
        case "plug": return .plug
        case "measure": return .measure
        case "help": return .help
        default: throw Failure(text: "unknown: \(verb.prefix(40)); try help")
        }
    }

    private static func onOff(_ word: String?, of verb: String) throws(Failure) -> Bool {
        switch word {
        case "on": return true
        case "off": return false
        default: throw Failure(text: "\(verb): say on or off")
        }
    }

    private static func number(
        _ word: String?, of verb: String, in range: ClosedRange<Int>
    ) throws(Failure) -> Int {
        guard let number = word.flatMap(Int.init), range.contains(number) else {
            let (least, most) = (range.lowerBound, range.upperBound)
            throw Failure(text: "\(verb): say a whole number from \(least) to \(most)")
        }
        return number
    }

    private static func amperes(_ word: String?) throws(Failure) -> Double {
        let range = SimulatedUPS.loadRange
        guard let amperes = word.flatMap(Double.init), range.contains(amperes) else {
            throw Failure(text: "load: say amperes from 0 to 10")
        }
        return amperes
    }
}

extension SimulatedUPS {
    /// One line for a person.
    public var summary: String {
        let power = isPowered ? "power on" : "power off"
        let millivolts = Int((stack.volts * 1000).rounded())
        return "\(power), charge \(percent) %, \(millivolts) mV, load \(loadAmperes) A"
    }
}
