// A client of the subprotocol `broadcast`: gets the status object and the answers to its commands.
// One message is under way at a time, and the next one is always the newest: nothing piles up.

internal import CWebSockets
internal import Platform
internal import Report
internal import UPS

final class WebSocketClient: Client {
    /// Answers that may wait to be written.
    private static let mostAnswers = 32
    /// How long a message may wait for a client that does not read.
    static let patience = Duration.seconds(10)
    static let commandRate = RateLimit(perSecond: 10, burst: 20)

    private let access: CommandAccess
    private var isDue = true
    private var answers: [PaddedBytes] = []
    private var text: [UInt8] = []
    private var rate = WebSocketClient.commandRate
    private var limit = ReadingLimit()
    /// Since when libwebsockets has been asked for the next write.
    private var writing: BootTime?

    init(successorOf connection: HTTPConnection) {
        access = connection.access
        super.init(successorOf: connection)
    }

    // MARK: Out

    /// The newest status object is to go out.
    func refresh(at now: BootTime) {
        isDue = true
        wantToWrite(at: now)
    }

    func isStuck(at now: BootTime) -> Bool {
        writing.map { now - $0 >= WebSocketClient.patience } ?? false
    }

    /// Returns what the callback has to: not 0 ends the connection.
    func write() -> Int32 {
        writing = nil
        if !answers.isEmpty {
            guard answers.removeFirst().write(to: wsi!, as: LWS_WRITE_TEXT) else { return -1 }
        } else if isDue {
            isDue = false
            let message = context.encoded(.status(access))
            guard message.write(to: wsi!, as: LWS_WRITE_TEXT) else { return -1 }
        } else if context.isLeaving {
            return close(LWS_CLOSE_STATUS_GOINGAWAY)
        }
        if isDue || !answers.isEmpty || context.isLeaving { wantToWrite(at: BootClock.now()) }
        return 0
    }

    override func answer(_ result: CommandResult, id: String?) {
        guard let id, answers.count < WebSocketClient.mostAnswers else {
            if !result.isAccepted { context.counters.withLock { $0.ignoredCommands += 1 } }
            return
        }
        let text = ResultObject.json(id: id, result, snapshot: context.uplink.latest())
        answers.append(PaddedBytes(text.utf8))
        wantToWrite(at: BootClock.now())
    }

    private func wantToWrite(at now: BootTime) {
        if writing == nil { writing = now }
        askToWrite()
    }

    private func close(_ status: lws_close_status) -> Int32 {
        lws_close_reason(wsi, status, nil, 0)
        return -1
    }

    // MARK: In

    /// A piece of a message. Returns what the callback has to.
    func receive(_ piece: UnsafeRawBufferPointer) -> Int32 {
        if !limit.takePiece() { setReading(false) }
        guard lws_frame_is_binary(wsi) == 0 else { return 0 }
        if lws_is_first_fragment(wsi) != 0 { text.removeAll(keepingCapacity: true) }
        guard text.count + piece.count <= CommandText.longest else {
            return close(LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE)
        }
        text += piece
        if lws_is_final_fragment(wsi) != 0 {
            // libwebsockets overlooks a character that never ends if the last fragment is empty.
            guard String(validating: text, as: UTF8.self) != nil else {
                return close(LWS_CLOSE_STATUS_INVALID_PAYLOAD)
            }
            command(text)
            text = []
        }
        return 0
    }

    /// Once a second.
    func limitReading() {
        if let receivedBytes { setReading(limit.nextSecond(received: receivedBytes)) }
    }

    private func command(_ text: [UInt8]) {
        let now = BootClock.now()
        let parsed = CommandText(text, from: .port)
        if let refusal = refusal(of: parsed, at: now) {
            answer(CommandResult.refused(refusal), id: parsed.id)
        } else if let command = parsed.command {
            context.submit(command, id: parsed.id, by: self)
        } else if case .simulate(let line)? = parsed.query {
            answer(context.simulate(line), id: parsed.id)
        } else if parsed.query == .access {
            answer(.mayCommand, id: parsed.id)
        }
    }

    private func refusal(of parsed: CommandText, at now: BootTime) -> Message? {
        guard rate.pass(at: now) else { return "Too many commands at once." }
        if let problem = parsed.problem { return Message(problem) }
        let reason = refusalOfAccess(parsed, at: now)
        if let reason { context.tellRefusal(of: parsed, reason, at: now) }
        return reason
    }

    private func refusalOfAccess(_ parsed: CommandText, at now: BootTime) -> Message? {
        switch access {
        case .allowed: return nil
        case .off: return "Commands through the port are switched off."
        case .origin: return "A command needs an Origin header that equals the Host."
        case .loopback: return "Commands are taken only from this host itself."
        case .token: return context.refusal(ofToken: parsed.token, from: peer, at: now)
        }
    }
}

/// How much a WebSocket client may send: one that floods is not read for a while, so that what it
/// costs is bounded, and its kernel holds it back. Does no I/O.
struct ReadingLimit {
    /// Bytes a second, of frames of all kinds; a command has about a hundred.
    static let perSecond: UInt64 = 8192
    /// Bytes at once: sixteen of the longest commands.
    static let burst: UInt64 = 65536
    /// Pieces of messages a second.
    static let pieces = 512
    /// Seconds of rest; behind more of those its pong is missed, which ends the connection.
    static let longestRest: UInt64 = 20

    private var pieces = 0
    private var received: UInt64 = 0
    /// Bytes that came faster than `perSecond`.
    private var excess: UInt64 = 0

    /// A piece of a message came. False: no more is to be read before the next second.
    mutating func takePiece() -> Bool {
        pieces += 1
        return pieces < ReadingLimit.pieces
    }

    /// Once a second, with all bytes that have come so far. True: it is to be read on.
    mutating func nextSecond(received now: UInt64) -> Bool {
        let most = ReadingLimit.burst + ReadingLimit.longestRest * ReadingLimit.perSecond
        excess = min(most, excess + now - received)
        excess -= min(excess, ReadingLimit.perSecond)
        received = now
        pieces = 0
        return excess <= ReadingLimit.burst
    }
}

extension CommandResult {
    /// The answer to the question whether commands are taken from this client.
    static let mayCommand = CommandResult.accepted("Commands are taken.")
}
