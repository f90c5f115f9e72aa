// The daemon's side of the built-in way without rights: leaves the request for the path unit, and
// waits for what it answers. Owned by the thread of the ShutdownRunner.

import Glibc
import Host
public import Platform
import UPS

public struct PoweroffRequester {
    /// What a rehearsal may take: systemd has other things to do while this host starts.
    private static let rehearsalLimit = Duration.seconds(20)

    private let folder: String
    private let boot: BootID
    /// The order whose request has no answer yet.
    private var order: Int?
    private var rehearsalEnds: BootTime?

    init(folder: String, boot: BootID) {
        (self.folder, self.boot) = (folder, boot)
    }

    var isWaiting: Bool { order != nil || rehearsalEnds != nil }

    /// What an earlier daemon left behind must not power anything off.
    public static func removeLeftovers(in runtimeDirectory: String) throws(SystemError) {
        let folder = try OwnedFolder(runtimeDirectory)
        folder.remove(PoweroffRequest.name)
        folder.remove(PoweroffRequest.answerName)
    }

    /// What would still act on a shutdown that has come to nothing, and what was left for its end.
    mutating func withdraw(spare: inout SpareDescriptors) throws(SystemError) {
        order = nil
        try spare.use { () throws(SystemError) in
            try PoweroffRequester.removeLeftovers(in: folder)
            try LateOrder.remove(in: folder)
        }
    }

    mutating func request(
        _ order: ShutdownOrder, at now: BootTime, spare: inout SpareDescriptors
    ) -> ShutdownReport {
        do throws(SystemError) {
            try spare.use { () throws(SystemError) in
                try write(.poweroff, order.shutdown, at: now)
            }
        } catch {
            return .notStarted(number: order.number, error)
        }
        (self.order, rehearsalEnds) = (order.number, nil)
        return .requested(number: order.number)
    }

    /// Goes the whole way, and nothing is done at its end. Nil: it is under way.
    mutating func rehearse(_ shutdown: CommittedShutdown, at now: BootTime) -> ShutdownReport? {
        guard order == nil else { return nil }
        do throws(SystemError) {
            try write(.rehearse, shutdown, at: now)
        } catch {
            return .rehearsed(problem: PoweroffRequester.problem("\(error)"))
        }
        rehearsalEnds = now + PoweroffRequester.rehearsalLimit
        return nil
    }

    /// The answer comes as a file, and in its own time.
    mutating func takeAnswer(at now: BootTime) -> ShutdownReport? {
        if let order, let code = answer(to: .poweroff) {
            self.order = nil
            return .answered(number: order, code)
        }
        guard let rehearsalEnds else { return nil }
        let code = answer(to: .rehearse)
        guard code != nil || now >= rehearsalEnds else { return nil }
        self.rehearsalEnds = nil
        if code == 0 { return .rehearsed(problem: nil) }
        try? PoweroffRequester.removeLeftovers(in: folder)
        let why = code.map { "exit code \($0)" } ?? "ups-server-poweroff.path does not answer"
        return .rehearsed(problem: PoweroffRequester.problem(why))
    }

    private static func problem(_ why: String) -> String {
        "This host cannot be powered off: \(why)"
    }

    private func write(
        _ action: PoweroffRequest.Action, _ shutdown: CommittedShutdown, at now: BootTime
    ) throws(SystemError) {
        let request = PoweroffRequest(
            action, boot: boot, incident: "\(shutdown.incident)", at: now,
            grace: shutdown.time + shutdown.grace - now)
        let folder = try OwnedFolder(folder)
        folder.remove(PoweroffRequest.answerName)
        try folder.write(request.lines, to: PoweroffRequest.name)
    }

    private func answer(to action: PoweroffRequest.Action) -> Int? {
        guard let text = readSmallFile("\(folder)/\(PoweroffRequest.answerName)", limit: 100),
            let lines = KeyLines(text), lines["ACTION"] == action.rawValue,
            let code = lines.number("EXIT_CODE")
        else { return nil }
        return Int(code)
    }
}
