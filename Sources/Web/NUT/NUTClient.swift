// A client that speaks NUT's protocol. Its requests are answered from the shared report; while a
// command is under way, nothing is read.

internal import CWebSockets
internal import NUT
internal import UPS

final class NUTClient: RawClient, NUTSession.Access {
    /// Home Assistant asks once a minute. (s)
    private static let idle: Int32 = 120
    /// Logged in from one address.
    private static let mostLogins = 16

    private var session = NUTSession()
    /// The last answer is written, or on its way.
    private var isOver = false

    init(successorOf client: Client) {
        super.init(successorOf: client, idle: NUTClient.idle)
    }

    override func take(_ bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
    }

    override var isBusy: Bool { session.isBusy || isOver }

    override func answerNext() -> Progress {
        if isOver { return .over }
        guard let reply = session.next(context.nutReport, self) else { return .waiting }
        return write(reply) ? .answered : .over
    }

    /// False: the connection ends.
    private func write(_ reply: NUTSession.Reply) -> Bool {
        switch reply {
        case .text(let text): return write(text)
        case .list(let first, let rest): return write(first) && write(rest)
        case .command(let verb):
            context.submit(Command(verb, from: .port), id: nil, by: self)
            return true
        case .farewell(let text):
            isOver = true
            askToWrite()
            return write(text)
        case .end: return false
        }
    }

    private func write(_ text: String) -> Bool {
        PaddedBytes(text.utf8).write(to: wsi!, as: ups_lws_write_raw())
    }

    /// Of the command that was under way; what came behind it is read on.
    override func answer(_ result: CommandResult, id: String?) {
        guard let reply = session.finished(isAccepted: result.isAccepted) else { return }
        if write(reply) { askToWrite() } else { kill() }
    }

    // MARK: Who may what

    var clients: [String] { context.logins.values.sorted() }

    func logIn(_ user: String, _ password: String) -> Bool {
        let address = address
        let same = context.logins.values.count { $0 == address }
        guard same < NUTClient.mostLogins else { return false }
        context.logins[number] = address
        return true
    }

    func mayCommand(_ user: String, _ password: String) -> Bool { false }
}
