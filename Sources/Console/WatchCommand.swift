// `ups-server watch`: the live view of a running daemon, asked twice a second.

public import ArgumentParser
import Glibc
import Platform
import Report

public struct WatchCommand: ParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch the UPS live; in a pipe, a line for each change.",
        discussion: "Keys: q quits, c cancels the shutdown, d delays it.")

    @OptionGroup var options: ControlOptions

    private static let interval = Duration.milliseconds(500)

    public init() {}

    public func run() throws {
        // Ends the program with its reason when there is no daemon to watch.
        _ = try options.ask(#"{"cmd":"status"}"#, for: "status")
        let session = WatchSession(try options.client())
        let signals = try SignalDescriptor()
        if !options.json, let terminal = RawTerminal() {
            view(session, on: terminal, until: signals)
        } else {
            follow(session, until: signals)
        }
    }

    private func view(
        _ session: WatchSession, on terminal: RawTerminal, until signals: SignalDescriptor
    ) {
        session.begin()
        var size = terminal.size
        while true {
            session.refresh()
            let (width, height) = terminal.size
            if (width, height) != size { terminal.forget() }
            size = (width, height)
            terminal.show(session.screen.lines(width: width, height: height), width: width)
            var descriptors = PollSet([signals.descriptor, STDIN_FILENO])
            descriptors.wait(atMost: WatchCommand.interval)
            if descriptors.isReady(0) { return }
            guard descriptors.isReady(1) else { continue }
            let keys = terminal.keys()
            guard !keys.isEmpty, session.take(keys) else { return }
        }
    }

    /// Without a terminal: a line whenever the state in words changes, or the whole status object
    /// once a second.
    private func follow(_ session: WatchSession, until signals: SignalDescriptor) {
        var last = ""
        while true {
            session.refresh()
            let line = options.json ? session.json : session.line
            if line != last, !line.isEmpty { printLine(line) }
            last = line
            var descriptors = PollSet([signals.descriptor])
            descriptors.wait(atMost: WatchCommand.interval)
            if descriptors.isReady(0) { return }
        }
    }
}
