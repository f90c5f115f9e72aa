// Runs the shutdown command, on a thread of its own. The Monitor gives orders and picks up reports;
// neither ever waits for this thread.

import Glibc
import Synchronization
import UPS

/// Lives as long as the process.
final class Halt: Sendable {
    /// Runs on the thread of Halt; true: a report waits.
    typealias Wake = @Sendable () -> Void

    private struct Desk {
        var orders: [ShutdownOrder] = []
        var reports: [HaltReport] = []
        var wantsSync = false
        var isSyncing = false
    }

    private struct Child {
        let number: Int
        let process: pid_t
    }

    private static let orderLimit = 16
    private static let reportLimit = 128
    private static let childLimit = 64
    /// How often running commands are looked after. (ms)
    private static let reapInterval: CInt = 20

    private let desk = Mutex(Desk())
    private let bell: WakeDescriptor
    private let request: PoweroffRequest
    private let wake: Wake

    /// `wake` is called after every report, from a thread of Halt.
    static func start(
        runtimeDirectory: String, boot: BootID, wake: @escaping Wake
    ) throws(SystemError) -> Halt {
        let halt = Halt(
            bell: try WakeDescriptor(),
            request: PoweroffRequest(folder: runtimeDirectory, boot: boot), wake: wake)
        try PlainThread.start("halt") { halt.run() }
        return halt
    }

    private init(bell: WakeDescriptor, request: PoweroffRequest, wake: @escaping Wake) {
        (self.bell, self.request, self.wake) = (bell, request, wake)
    }

    // MARK: For the Monitor

    /// False: more orders are waiting than can be right, this one was not taken.
    func order(_ order: ShutdownOrder) -> Bool {
        let isTaken = desk.withLock { desk in
            guard desk.orders.count < Halt.orderLimit else { return false }
            desk.orders.append(order)
            return true
        }
        bell.wake()
        return isTaken
    }

    /// Has the disks written out. While that goes on, a second call does nothing.
    func sync() {
        desk.withLock { $0.wantsSync = true }
        bell.wake()
    }

    func takeReports() -> [HaltReport] {
        desk.withLock { desk in
            defer { desk.reports = [] }
            return desk.reports
        }
    }

    // MARK: On the thread of Halt

    private func run() {
        var children: [Child] = []
        while true {
            bell.wait(milliseconds: children.isEmpty ? nil : Halt.reapInterval)
            let orders = desk.withLock { desk in
                defer { desk.orders = [] }
                return desk.orders
            }
            for order in orders {
                carryOut(order, &children)
            }
            syncIfWanted()
            children.removeAll { hasEnded($0) }
        }
    }

    private func carryOut(_ order: ShutdownOrder, _ children: inout [Child]) {
        switch order.step {
        case .program(let arguments):
            run(arguments, order, &children)
        case .request:
            do throws(SystemError) {
                try request.write(incident: order.incident, at: BootClock.now())
                report(.requested(number: order.number))
            } catch {
                report(.notStarted(number: order.number, error))
            }
        }
    }

    private func run(_ arguments: [String], _ order: ShutdownOrder, _ children: inout [Child]) {
        var additions: [String] = []
        if let reason = order.reason { additions.append("UPS_REASON=\(reason.rawValue)") }
        if let incident = order.incident { additions.append("UPS_INCIDENT=\(incident)") }
        do throws(SystemError) {
            let process = try spawn(arguments, environment: additions)
            // A command too many that hangs is left to itself; the next one is what counts.
            if children.count == Halt.childLimit { children.removeFirst() }
            children.append(Child(number: order.number, process: process))
            report(.started(number: order.number, process: process))
        } catch {
            report(.notStarted(number: order.number, error))
        }
    }

    private func hasEnded(_ child: Child) -> Bool {
        var status: CInt = 0
        let result = waitpid(child.process, &status, WNOHANG)
        if result == 0 || (result < 0 && errno == EINTR) { return false }
        let ending = result < 0 ? .unknown : HaltReport.Ending(status: status)
        report(.ended(number: child.number, process: child.process, ending))
        return true
    }

    /// sync(2) takes as long as the slowest disk, so it gets a thread that nothing waits for.
    private func syncIfWanted() {
        let isDue = desk.withLock { desk in
            defer { desk.wantsSync = false }
            guard desk.wantsSync, !desk.isSyncing else { return false }
            desk.isSyncing = true
            return true
        }
        guard isDue else { return }
        do throws(SystemError) {
            try PlainThread.start("sync", stackSize: 64 * 1024) { self.syncNow() }
        } catch {
            desk.withLock { $0.isSyncing = false }
            report(.notSynced(error))
        }
    }

    private func syncNow() {
        let start = BootClock.now()
        Glibc.sync()
        desk.withLock { $0.isSyncing = false }
        report(.synced(BootClock.now() - start))
    }

    private func report(_ report: HaltReport) {
        desk.withLock { desk in
            if desk.reports.count == Halt.reportLimit { desk.reports.removeFirst() }
            desk.reports.append(report)
        }
        wake()
    }
}
