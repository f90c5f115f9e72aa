// `ups-server watch`: the live view of a running daemon, asked twice a second.

import ArgumentParser
import Glibc
import Report

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch the UPS live; in a pipe, a line for each change.",
        discussion: "Keys: q quits, c cancels the shutdown, d delays it.")

    @OptionGroup var options: ControlOptions

    private static let interval = Duration.milliseconds(500)

    func run() throws {
        // Ends the program with its reason when there is nobody to watch.
        _ = try options.ask(#"{"cmd":"status"}"#, for: "status")
        let session = WatchSession(try options.client())
        let signals = try SignalDescriptor()
        if !options.json, let terminal = RawTerminal.take() {
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
            var descriptors = [
                pollfd(descriptor: signals.descriptor, events: POLLIN),
                pollfd(descriptor: STDIN_FILENO, events: POLLIN),
            ]
            waitFor(&descriptors, atMost: WatchCommand.interval)
            if descriptors[0].revents != 0 { return }
            guard descriptors[1].revents != 0 else { continue }
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
            var descriptors = [pollfd(descriptor: signals.descriptor, events: POLLIN)]
            waitFor(&descriptors, atMost: WatchCommand.interval)
            if descriptors[0].revents != 0 { return }
        }
    }
}
