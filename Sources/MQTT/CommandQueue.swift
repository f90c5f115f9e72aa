// What is done with messages on the command topic: refused, or handed up, and answered. A value,
// used by the publisher's thread.

import Report
import UPS

/// Everything here has a limit: a flood of commands must reach neither the Monitor nor the broker.
struct CommandQueue {
    private struct Pending {
        let ticket: Ticket
        let command: MQTTCommand
        let submitted: BootTime
    }

    /// Commands and answers together.
    static let capacity = 64
    /// The Monitor answers within milliseconds.
    static let answerLimit = Duration.seconds(10)
    static let perSecond = 20.0

    private let acceptsCommands: Bool
    private let uplink: Uplink
    private var pending: [Pending] = []
    private var results: [String] = []
    private var limit = RateLimit(perSecond: perSecond, burst: Int(perSecond))
    /// As many refusals as the controller tells.
    private var told = RateLimit(perSecond: 5.0 / 60, burst: 5)
    private var dropped = 0
    private var droppedTold = RateLimit(perSecond: 1.0 / 60, burst: 1)
    private var retainedSeen = false
    private var clearing = RateLimit(perSecond: 1, burst: 1)

    init(acceptsCommands: Bool, uplink: Uplink) {
        self.acceptsCommands = acceptsCommands
        self.uplink = uplink
    }

    mutating func take(_ message: BrokerMessage, _ snapshot: Snapshot) {
        // What clears a retained message, ours or another client's.
        guard !message.payload.isEmpty else { return }
        if message.isRetained { retainedSeen = true }
        let isFull = pending.count + results.count >= CommandQueue.capacity
        guard !isFull, limit.pass(at: snapshot.time) else {
            dropped += 1
            return
        }
        let command = MQTTCommand(message.payload)
        if message.isRetained {
            refuse(command, "A retained command is not carried out; it is removed.", snapshot)
        } else if !acceptsCommands {
            refuse(command, "Commands over MQTT are switched off.", snapshot)
        } else {
            submit(command, snapshot)
        }
    }

    private mutating func submit(_ read: MQTTCommand, _ snapshot: Snapshot) {
        guard let command = read.command else {
            return refuse(read, Message(read.problem ?? ""), snapshot)
        }
        guard let ticket = uplink.submit(.command(command)) else {
            return refuse(read, "The daemon is busy; send the command again.", snapshot)
        }
        pending.append(Pending(ticket: ticket, command: read, submitted: snapshot.time))
    }

    private mutating func refuse(_ command: MQTTCommand, _ reason: Message, _ snapshot: Snapshot) {
        answer(command, CommandResult.refused(reason), snapshot)
        guard told.pass(at: snapshot.time) else { return }
        let name = command.name?.rawValue ?? "a command"
        let text = Message(.refused, name, Origin.mqtt.message, reason)
        _ = uplink.submit(.note(.commandRefused, text))
    }

    private mutating func answer(
        _ command: MQTTCommand, _ result: CommandResult, _ snapshot: Snapshot
    ) {
        results.append(command.resultJSON(result, in: snapshot))
    }

    /// Looks for answers. Called with every new snapshot, and at least once a second.
    mutating func collect(_ snapshot: Snapshot) {
        var waiting: [Pending] = []
        for entry in pending {
            if let result = snapshot.answers.result(for: entry.ticket) {
                answer(entry.command, result, snapshot)
            } else if snapshot.time - entry.submitted >= CommandQueue.answerLimit {
                let late = CommandResult.refused("There was no answer in time.")
                answer(entry.command, late, snapshot)
            } else {
                waiting.append(entry)
            }
        }
        pending = waiting
        guard dropped > 0, droppedTold.pass(at: snapshot.time) else { return }
        let text: Message =
            "\(dropped) commands from MQTT ignored: more than \(Int(CommandQueue.perSecond)) a second"
        if uplink.submit(.note(.warning, text)) != nil { dropped = 0 }
    }

    mutating func nextResult() -> String? {
        results.isEmpty ? nil : results.removeFirst()
    }

    /// True when the retained message on the command topic is to be cleared now.
    mutating func takeClearing(at now: BootTime) -> Bool {
        guard retainedSeen, clearing.pass(at: now) else { return false }
        retainedSeen = false
        return true
    }
}
