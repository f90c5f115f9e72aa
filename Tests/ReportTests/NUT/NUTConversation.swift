// A client of NUT, in virtual time: sends lines, collects what it is answered. For the tests of
// NUTSession.

@testable import NUT
@testable import UPS

struct NUTConversation {
    /// Who may what: any password is right but `wrong`.
    struct Doors: NUTSession.Access {
        var clients: [String] = []

        func logIn(_ user: String, _ password: String) -> Bool { password != "wrong" }

        func mayCommand(_ user: String, _ password: String) -> Bool {
            user == "admin" && password != "wrong"
        }
    }

    var session = NUTSession()
    var doors = Doors()
    var snapshot: Snapshot
    private let names = NUTNames(aliases: ["qnapups"])
    /// What was carried out.
    private(set) var verbs: [Command.Verb] = []
    /// How the commands end.
    var isAccepted = true
    private(set) var hasEnded = false

    init(_ state: State = .online) {
        snapshot = state.snapshot
    }

    /// The answers to a text as a whole; `<end>` where the connection ends.
    mutating func send(_ text: String) -> String { send(Array(text.utf8)) }

    mutating func send(_ bytes: [UInt8]) -> String {
        session.receive(bytes)
        let report = NUTReport(snapshot, names: names)
        var answers = ""
        while !hasEnded, let reply = session.next(report, doors) {
            take(reply, &answers)
        }
        return answers
    }

    private mutating func take(_ reply: NUTSession.Reply, _ answers: inout String) {
        switch reply {
        case .text(let text): answers += text
        case .list(let first, let rest): answers += first + rest
        case .command(let verb):
            verbs.append(verb)
            if let answer = session.finished(isAccepted: isAccepted) { take(answer, &answers) }
        case .farewell(let text):
            answers += text + "<end>"
            hasEnded = true
        case .end:
            answers += "<end>"
            hasEnded = true
        }
    }

    /// With a user that may command.
    mutating func identify(_ user: String = "admin", _ password: String = "right") {
        _ = send("USERNAME \(user)\nPASSWORD \(password)\n")
    }
}
