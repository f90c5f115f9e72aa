// A line on the standard input of `simulate`, read into a value. The Daemon applies it.

public import Bicker
import UPS

public enum SimulatorLine: Equatable, Sendable {
    case power(Bool)
    case charge(percent: Int)
    case load(amperes: Double)
    /// Of the next answers to one request, or whatever is asked.
    case fault(Fault, count: Int, on: Request?)
    /// How long an answer takes.
    case answers(milliseconds: Int)
    /// The share of wrong bits in the answers.
    case bits(percent: Double)
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
        fault KIND [COUNT [REQUEST]]
                               spoil the next answers (1), those to one request or to all of them:
                               \(Fault.allCases.map(\.rawValue).joined(separator: " "))
        answers MILLISECONDS   how long an answer takes, 0 to 5000
        bits PERCENT           wrong bits in the answers, 0 to 10
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
        case "load": return .load(amperes: try upToTen(argument, of: verb))
        case "fault":
            guard let fault = argument.flatMap(Fault.init(rawValue:)) else {
                let kinds = Fault.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(text: "fault: say which: \(kinds)")
            }
            let count = words.count > 2 ? try number(words[2], of: verb, in: 0...1_000_000) : 1
            let request = words.count > 3 ? try self.request(words[3]) : nil
            return .fault(fault, count: count, on: request)
        case "answers":
            return .answers(milliseconds: try number(argument, of: verb, in: 0...5000))
        case "bits": return .bits(percent: try upToTen(argument, of: verb))
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

    private static func upToTen(_ word: String?, of verb: String) throws(Failure) -> Double {
        guard let number = word.flatMap(Double.init), (0...10).contains(number) else {
            throw Failure(text: "\(verb): say a number from 0 to 10")
        }
        return number
    }

    private static func request(_ word: String) throws(Failure) -> Request {
        if let request = Request.allCases.first(where: { "\($0)" == word }) { return request }
        let known = Request.allCases.map { "\($0)" }.joined(separator: ", ")
        throw Failure(text: "fault: no request \(word.prefix(40)); there are: \(known)")
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
