// Runs the shutdown command, on a thread of its own. The Monitor gives orders and picks up reports;
// neither ever waits for this thread.

import Glibc
import Host
public import Platform
import Synchronization
public import UPS

/// Lives as long as the process.
public final class ShutdownRunner: Sendable {
    /// Runs on the thread of the ShutdownRunner; true: a report waits.
    public typealias Wake = @Sendable () -> Void

    private struct Queue {
        var orders: [ShutdownOrder] = []
        var reports: [ShutdownReport] = []
        var rehearsal: CommittedShutdown?
        var wantsSync = false
        var wantsWithdrawal = false
        var isSyncing = false
    }

    private struct Child {
        let number: Int
        let process: pid_t
    }

    /// What the ShutdownRunner still waits for.
    private struct Started {
        var children: [Child] = []
        var requester: PoweroffRequester
        var spare = SpareDescriptors()
        var isEmpty: Bool { children.isEmpty && !requester.isWaiting }
    }

    private static let orderLimit = 16
    private static let reportLimit = 128
    private static let childLimit = 64
    /// How often running commands are looked after. (ms)
    private static let reapInterval = Duration.milliseconds(20)

    private let queue = Mutex(Queue())
    private let wakeup: WakeDescriptor
    private let folder: String
    private let boot: BootID
    private let late: LateOrder.Terms
    private let wake: Wake

    /// Starts the thread. `late` is for the end of a shutdown; `wake` is called after every report,
    /// from a thread of ShutdownRunner.
    public init(
        runtimeDirectory: String, boot: BootID, late: LateOrder.Terms, wake: @escaping Wake
    ) throws(SystemError) {
        (folder, self.boot, self.late, self.wake) = (runtimeDirectory, boot, late, wake)
        wakeup = try WakeDescriptor()
        try PlainThread.start("shutdown") { [self] in run() }
    }

    // MARK: For the Monitor

    /// False: more orders are waiting than can be right, this one was not taken.
    public func order(_ order: ShutdownOrder) -> Bool {
        let isTaken = queue.withLock { queue in
            guard queue.orders.count < ShutdownRunner.orderLimit else { return false }
            queue.orders.append(order)
            return true
        }
        wakeup.wake()
        return isTaken
    }

    /// Goes the way of an order by request, but for its end.
    public func rehearse(_ shutdown: CommittedShutdown) {
        queue.withLock { $0.rehearsal = shutdown }
        wakeup.wake()
    }

    /// Has the disks written out. While that goes on, a second call does nothing.
    public func sync() {
        queue.withLock { $0.wantsSync = true }
        wakeup.wake()
    }

    /// The host stays up after all: nothing of an order may act any more.
    public func withdraw() {
        queue.withLock { $0.wantsWithdrawal = true }
        wakeup.wake()
    }

    public func takeReports() -> [ShutdownReport] {
        queue.withLock { queue in
            defer { queue.reports = [] }
            return queue.reports
        }
    }

    // MARK: On the thread of the ShutdownRunner

    private func run() {
        var started = Started(requester: PoweroffRequester(folder: folder, boot: boot))
        while true {
            wakeup.wait(atMost: started.isEmpty ? nil : ShutdownRunner.reapInterval)
            wakeup.clear()
            let (orders, isWithdrawn) = queue.withLock { queue in
                defer { (queue.orders, queue.wantsWithdrawal) = ([], false) }
                return (queue.orders, queue.wantsWithdrawal)
            }
            if isWithdrawn { withdraw(&started) }
            for order in orders { carryOut(order, &started) }
            syncIfWanted()
            if let shutdown = queue.withLock({ $0.rehearsal.take() }),
                let problem = started.requester.rehearse(shutdown, at: BootClock.now())
            {
                report(problem)
            }
            started.children.removeAll { hasEnded($0) }
            if let answer = started.requester.takeAnswer(at: BootClock.now()) { report(answer) }
        }
    }

    private func carryOut(_ order: ShutdownOrder, _ started: inout Started) {
        switch order.step {
        case .program(let arguments): run(arguments, order, &started.children)
        case .request:
            report(
                started.requester.request(order, at: BootClock.now(), spare: &started.spare))
        }
        // Behind the command, which waits for nothing.
        leaveLateOrder(order.shutdown, &started.spare)
    }

    private func withdraw(_ started: inout Started) {
        do throws(SystemError) {
            try started.requester.withdraw(spare: &started.spare)
        } catch {
            report(.notWithdrawn(error))
        }
    }

    private func leaveLateOrder(_ shutdown: CommittedShutdown, _ spare: inout SpareDescriptors) {
        let late = LateOrder(late, boot: boot, shutdown: shutdown, at: BootClock.now())
        guard !late.plan.isEmpty else { return }
        do throws(SystemError) {
            try spare.use { () throws(SystemError) in
                try OwnedFolder(folder).write(late.lines, to: LateOrder.name)
            }
        } catch {
            report(.noLateOrder(error))
        }
    }

    private func run(_ arguments: [String], _ order: ShutdownOrder, _ children: inout [Child]) {
        let shutdown = order.shutdown
        do throws(SystemError) {
            let process = try spawn(
                arguments,
                environment: [
                    "UPS_REASON=\(shutdown.reason.rawValue)", "UPS_INCIDENT=\(shutdown.incident)",
                ])
            // A command too many that hangs is left to itself; the next one is what counts.
            if children.count == ShutdownRunner.childLimit { children.removeFirst() }
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
        let ending = result < 0 ? .unknown : ShutdownReport.Ending(status: status)
        report(.ended(number: child.number, process: child.process, ending))
        return true
    }

    /// sync(2) takes as long as the slowest disk, so it gets a thread that nothing waits for.
    private func syncIfWanted() {
        let isDue = queue.withLock { queue in
            defer { queue.wantsSync = false }
            guard queue.wantsSync, !queue.isSyncing else { return false }
            queue.isSyncing = true
            return true
        }
        guard isDue else { return }
        do throws(SystemError) {
            try PlainThread.start("sync", stackSize: 64 * 1024) { self.syncNow() }
        } catch {
            queue.withLock { $0.isSyncing = false }
            report(.notSynced(error))
        }
    }

    private func syncNow() {
        let start = BootClock.now()
        Glibc.sync()
        queue.withLock { $0.isSyncing = false }
        report(.synced(BootClock.now() - start))
    }

    private func report(_ report: ShutdownReport) {
        queue.withLock { queue in
            if queue.reports.count == ShutdownRunner.reportLimit { queue.reports.removeFirst() }
            queue.reports.append(report)
        }
        wake()
    }
}
