// Commands that were handed up and have no answer yet. Kept by WebContext; does no I/O.

internal import UPS

struct WaitingCommand {
    let ticket: Ticket
    let id: String?
    let submitted: BootTime
    let client: Client
}

struct WaitingCommands {
    static let capacity = 256
    /// The Monitor answers within milliseconds. An answer that is still missing was pushed off the
    /// board by a flood of others.
    static let patience = Duration.seconds(5)
    static let lost = CommandResult.refused(
        "There was no answer in time; the command may have been done.")

    private var waiting: [WaitingCommand] = []

    var isEmpty: Bool { waiting.isEmpty }
    var isFull: Bool { waiting.count >= WaitingCommands.capacity }

    mutating func append(_ command: WaitingCommand) {
        waiting.append(command)
    }

    /// The client is gone: its answers are not wanted.
    mutating func forget(_ client: Client) {
        waiting.removeAll { $0.client === client }
    }

    /// The commands that can be answered now, and the answers.
    mutating func answered(by snapshot: Snapshot) -> [(WaitingCommand, CommandResult)] {
        var answered: [(WaitingCommand, CommandResult)] = []
        waiting.removeAll { command in
            let isLate = snapshot.time - command.submitted >= WaitingCommands.patience
            let result = snapshot.answers.result(for: command.ticket)
            guard let result = result ?? (isLate ? WaitingCommands.lost : nil) else { return false }
            answered.append((command, result))
            return true
        }
        return answered
    }
}
