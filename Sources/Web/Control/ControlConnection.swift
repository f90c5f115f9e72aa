// A client of the control socket: JSON lines in, one result line for each, in order. It may do
// everything. While a command waits for its answer, nothing more is read.

internal import CWebSockets
internal import Report
internal import UPS

final class ControlConnection: Client {
    private static let newline = UInt8(ascii: "\n")

    private var input: [UInt8] = []
    private var isWaiting = false
    private var isOver = false
    private var output: [PaddedBytes] = []

    /// Returns what the callback has to: not 0 ends the connection.
    func receive(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        input += bytes
        return goOn()
    }

    func goOn() -> Int32 {
        repeat {
            while !output.isEmpty, !isBlocked {
                guard output.removeFirst().write(to: wsi!, as: ups_lws_write_raw()) else {
                    return -1
                }
            }
        } while output.isEmpty && takeLine()
        if isOver, output.isEmpty, !isWaiting { return -1 }
        if isBlocked { askToWrite() }
        setReading(!isBlocked && !isWaiting)
        return 0
    }

    override func answer(_ result: CommandResult, id: String?) {
        isWaiting = false
        put(ResultObject.json(id: id, result, snapshot: context.uplink.latest()))
        askToWrite()
    }

    /// False: there is no line to take now.
    private func takeLine() -> Bool {
        guard !isWaiting, !isOver else { return false }
        guard let end = input.firstIndex(of: ControlConnection.newline) else {
            guard input.count > CommandText.longest else { return false }
            isOver = true
            command(input)
            input = []
            return true
        }
        let line = Array(input[..<end])
        input.removeSubrange(...end)
        if line.count > CommandText.longest { isOver = true }
        if !line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) {
            command(line)
        }
        return true
    }

    private func command(_ line: [UInt8]) {
        let parsed = CommandText(line, from: .control)
        let snapshot = context.uplink.latest()
        if let command = parsed.command {
            isWaiting = true
            context.submit(command, id: parsed.id, by: self)
        } else if let query = parsed.query {
            put(answer(to: query, id: parsed.id, snapshot: snapshot))
        } else {
            let message = parsed.problem ?? "That is not a command."
            let result = CommandResult.refused(Message(message))
            put(ResultObject.json(id: parsed.id, result, snapshot: snapshot))
        }
    }

    private func answer(to query: CommandText.Query, id: String?, snapshot: Snapshot) -> String {
        switch query {
        case .simulate(let line):
            ResultObject.json(id: id, context.simulate(line), snapshot: snapshot)
        case .access: ResultObject.json(id: id, .mayCommand, snapshot: snapshot)
        case .status: ResultObject.status(id: id, snapshot: snapshot)
        case .events(let limit): ResultObject.events(id: id, snapshot: snapshot, limit: limit)
        case .outages(let limit): ResultObject.outages(id: id, snapshot: snapshot, limit: limit)
        case .history(let seconds):
            ResultObject.history(id: id, context.historyMessage(seconds: seconds))
        }
    }

    private func put(_ text: String) {
        output.append(PaddedBytes(Array(text.utf8) + [ControlConnection.newline]))
    }
}
