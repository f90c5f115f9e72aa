// The simulated UPS on a pty in real time: bytes in, paced bytes out, lines from a person. Runs
// `simulate`, and `demo` on a thread of its own.

import Glibc
import Platform
import Report
import Simulator
import UPS

final class SimulatorLoop {
    private static let longestLine = 200
    private static let longestWait = Duration.seconds(1)

    private let link: String
    private let say: (String) -> Void
    /// From elsewhere than standard input.
    private let lines: SimulatorLines?
    /// Takes a line of standard input that is not for the UPS; false: it is.
    var takesLine: (String) -> Bool = { _ in false }
    private var ups: SimulatedUPS
    private var terminal: Pseudoterminal?
    private var waiting: [SimulatedUPS.Delivery] = []
    private var plugAt: BootTime?
    private var input: [UInt8] = []
    private var inputIsOpen = true

    /// The pty appears at `link`. `say` gets each line for the person.
    init(
        link: String, pace: SimulatedUPS.Pace, model: SimulatedModel = .psz1063, seed: UInt64,
        lines: SimulatorLines? = nil,
        say: @escaping (String) -> Void
    ) throws(SystemError) {
        self.link = link
        self.lines = lines
        self.say = say
        ups = SimulatedUPS(pace: pace, model: model, seed: seed, at: BootClock.now())
        ups.actsOnSettings = true
        terminal = try Pseudoterminal(link: link)
    }

    /// Until `stopDescriptor` becomes readable.
    func run(until stopDescriptor: CInt) throws(SystemError) {
        while true {
            var descriptors = PollSet([
                stopDescriptor, terminal?.descriptor ?? -1, inputIsOpen ? STDIN_FILENO : -1,
                lines?.wakeup.descriptor ?? -1,
            ])
            descriptors.wait(atMost: timeToNext())
            if descriptors.isReady(0) { return }
            if descriptors.isReady(1) { takeRequests() }
            if descriptors.isReady(2) { takeInput() }
            if descriptors.isReady(3) {
                for line in lines?.take() ?? [] { perform(line, at: BootClock.now()) }
            }
            try plugIfDue()
            deliver()
        }
    }

    private func timeToNext() -> Duration {
        let now = BootClock.now()
        let next = [waiting.first?.time, plugAt].compactMap { $0 }.min()
        return min((next ?? now + SimulatorLoop.longestWait) - now, SimulatorLoop.longestWait)
    }

    private func takeRequests() {
        guard let bytes = terminal?.read(), !bytes.isEmpty else { return }
        let now = BootClock.now()
        let before = ups.cutsOutputAt
        waiting += ups.receive(bytes, at: now)
        guard let cut = ups.cutsOutputAt, cut != before else { return }
        let moment = fixed(now.sinceBoot.inSeconds, 3)
        say("the output goes off in \((cut - now).roundedSeconds) s, asked for at \(moment)")
    }

    private func deliver() {
        let now = BootClock.now()
        ups.advance(to: now)
        let due = waiting.prefix { $0.time <= now }
        guard !due.isEmpty else { return }
        _ = terminal?.write(due.flatMap(\.bytes))
        waiting.removeFirst(due.count)
    }

    private func plugIfDue() throws(SystemError) {
        guard let plugAt, plugAt <= BootClock.now() else { return }
        self.plugAt = nil
        terminal = try Pseudoterminal(link: link)
        say("plugged in again")
    }

    // MARK: The person

    private func takeInput() {
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        // The end of the input ends nothing else: it may be a script that has said all.
        guard count > 0 else {
            inputIsOpen = count < 0 && (errno == EAGAIN || errno == EINTR)
            return
        }
        input += buffer.prefix(count)
        while let end = input.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: input[..<end], as: UTF8.self)
            input.removeSubrange(...end)
            if !takesLine(line) { perform(line) }
        }
        if input.count > SimulatorLoop.longestLine {
            input = []
            say("a line has at most \(SimulatorLoop.longestLine) characters; try help")
        }
    }

    private func perform(_ text: String) {
        do throws(SimulatorLine.Failure) {
            guard let line = try SimulatorLine.parse(text) else { return }
            perform(line, at: BootClock.now())
        } catch {
            say(error.text)
        }
    }

    private func perform(_ line: SimulatorLine, at now: BootTime) {
        switch line {
        case .power(let isOn): ups.setPower(isOn, at: now)
        case .charge(let percent): ups.setCharge(percent, at: now)
        case .load(let amperes): ups.setLoad(amperes: amperes, at: now)
        case .fault(let fault, let count, let request):
            ups.setFault(fault, count: count, on: request)
        case .answers(let milliseconds): ups.turnaround = .milliseconds(milliseconds)
        case .bits(let percent): ups.bitErrors = percent / 100
        case .request(let isSet): ups.requestsShutdown = isSet
        case .unplug(let seconds):
            ups.unplug()
            waiting = []
            terminal = nil
            plugAt = seconds.map { now + .seconds($0) }
        case .plug: if terminal == nil { plugAt = now }
        case .measure: break
        case .help:
            say(SimulatorLine.helpText)
            return
        }
        ups.advance(to: now)
        say(ups.summary)
    }
}
