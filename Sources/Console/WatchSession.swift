// Between `watch` and the daemon: asks for the status, sends what the keys mean. It may wait for
// the daemon, but for no longer than the control client does.

import Report

final class WatchSession {
    private static let eventLimit = 40
    private static let mostDigits = 5

    private(set) var screen = WatchScreen()
    private let client: ControlClient

    init(_ client: ControlClient) {
        self.client = client
    }

    /// The graphs begin with what the daemon has seen.
    func begin() {
        let request = #"{"cmd":"history","seconds":\#(WatchScreen.Samples.capacity)}"#
        guard case .object(let history)? = (try? client.ask(request))?["history"] else { return }
        screen.samples = WatchScreen.Samples(StatusValues(history))
    }

    func refresh() {
        do throws(ControlError) {
            let result = try client.ask(#"{"cmd":"status"}"#)
            guard case .object(let status)? = result["status"] else { return }
            if screen.status == nil { screen.message = InkedLine() }
            screen.status = status
            screen.samples.take(StatusValues(status))
            screen.events = try events()
        } catch {
            screen.status = nil
            screen.message = InkedLine("\(error); trying again", .red)
        }
    }

    private func events() throws(ControlError) -> [InkedLine] {
        let result = try client.ask(#"{"cmd":"events","limit":\#(WatchSession.eventLimit)}"#)
        guard case .array(let events)? = result["events"] else { return [] }
        return events.reversed().map { EventText.line($0) }
    }

    /// False: quit.
    func take(_ keys: [UInt8]) -> Bool {
        keys.allSatisfy { take(Unicode.Scalar($0)) }
    }

    private func take(_ key: Unicode.Scalar) -> Bool {
        if let typed = screen.typed {
            type(key, after: typed)
            return true
        }
        switch key {
        case "q", "Q": return false
        case "c", "C": send(#"{"cmd":"cancel"}"#)
        case "d", "D": screen.typed = ""
        default: break
        }
        return true
    }

    private func type(_ key: Unicode.Scalar, after typed: String) {
        switch key {
        case "0"..."9" where typed.count < WatchSession.mostDigits:
            screen.typed = typed + String(key)
        case "\u{7F}", "\u{8}": screen.typed = String(typed.dropLast())
        case "\n", "\r":
            screen.typed = nil
            if let seconds = Int(typed) { send(#"{"cmd":"delay","seconds":\#(seconds)}"#) }
        case "\u{1B}": screen.typed = nil
        default: break
        }
    }

    private func send(_ command: String) {
        do throws(ControlError) {
            let result = try client.ask(command)
            let isAccepted = result["ok"] == .bool(true)
            let text = result["message"]?.string ?? ""
            screen.message = InkedLine(text, isAccepted ? .green : .yellow)
        } catch {
            screen.message = InkedLine("\(error)", .red)
        }
    }

    private var second: String?
    private var lastJSON = ""

    /// The status object; the same one within a second. Empty: there is none.
    var json: String {
        guard let status = screen.status else { return "" }
        let time = status["time"]?.string
        if time != second { (second, lastJSON) = (time, JSONValue.object(status).json) }
        return lastJSON
    }

    /// The state in one line, for a pipe.
    var line: String {
        guard let status = screen.status else { return screen.message.plain }
        let values = StatusValues(status)
        let state = values.string("status").map { StatusTable.words($0) }
        let phase = values.object("shutdown").string("phase")
        return [state, phase == "idle" ? nil : phase].compactMap { $0 }.joined(separator: ", ")
    }
}
