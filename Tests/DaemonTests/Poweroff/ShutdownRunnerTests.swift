// The shutdown command, with commands that do no harm.

import Glibc
import Synchronization
import Testing

@testable import Daemon
@testable import Host
@testable import Platform
@testable import Poweroff
@testable import UPS

@Suite struct ShutdownRunnerTests {
    let folder = TemporaryFolder()
    let runner: ShutdownRunner
    let reports: Reports

    /// What the ShutdownRunner has told so far.
    final class Reports: Sendable {
        private let runner: ShutdownRunner
        private let seen = Mutex<[ShutdownReport]>([])

        init(_ runner: ShutdownRunner) { self.runner = runner }

        var all: [ShutdownReport] {
            seen.withLock { seen in
                seen += runner.takeReports()
                return seen
            }
        }

        func ending(of number: Int) -> ShutdownReport.Ending? {
            for case .ended(number, _, let ending) in all { return ending }
            return nil
        }
    }

    init() throws {
        runner = try someRunner(folder.path) {}
        reports = Reports(runner)
    }

    private func run(_ arguments: [String], number: Int = 0) -> ShutdownReport.Ending? {
        let order = someOrder(number, .program(arguments))
        guard runner.order(order), eventually({ reports.ending(of: number) != nil }) else {
            return nil
        }
        return reports.ending(of: number)
    }

    @Test func exitCodesComeBack() {
        #expect(run(["/bin/true"], number: 0) == .exited(0))
        #expect(run(["false"], number: 1) == .exited(1))
        #expect(run(["/bin/sh", "-c", "exit 17"], number: 2) == .exited(17))
        #expect(run(["/bin/sh", "-c", "kill -9 $$"], number: 3) == .killed(signal: 9))
        #expect(
            reports.all.compactMap(\.hasFailed) == [false, true, true, true])
    }

    @Test(arguments: [
        (["/nowhere/poweroff"], "cannot start /nowhere/poweroff: No such file or directory"),
        (
            ["no-such-program-of-ours"],
            "cannot start no-such-program-of-ours: No such file or directory"
        ),
        (["/etc/passwd"], "cannot start /etc/passwd: Permission denied"),
        ([], "no command is given: No such file or directory"),
    ])
    func whatCannotBeStartedIsTold(_ arguments: [String], _ sentence: String) {
        #expect(runner.order(someOrder(4, .program(arguments))))
        #expect(eventually { !reports.all.isEmpty })
        #expect(reports.all.map(\.hasFailed) == [true])
        #expect(reports.all.map(\.text) == ["Shutdown command 5 failed: \(sentence)"])
    }

    @Test func aCommandThatHangsHoldsUpNothing() throws {
        #expect(runner.order(someOrder(0, .program(["sleep", "60"]))))
        #expect(run(["/bin/true"], number: 1) == .exited(0))
        guard case .started(0, let process) = try #require(reports.all.first) else {
            Issue.record("\(reports.all)")
            return
        }
        #expect(reports.ending(of: 0) == nil)
        kill(process, SIGKILL)
        #expect(eventually { reports.ending(of: 0) == .killed(signal: 9) })
    }

    @Test func argumentsArriveAsTheyAre() {
        folder.write("#!/bin/sh\nout=$1; shift\nprintf '<%s>\\n' \"$@\" >\"$out\"\n", to: "script")
        let arguments = ["a b", "", "\"q\" 'r'", "$HOME;`id`", "*", "ü\\", "-n"]
        #expect(run([folder.file("script"), folder.file("out")] + arguments) == .exited(0))
        #expect(folder.text(of: "out") == arguments.map { "<\($0)>\n" }.joined())
    }

    @Test func aCommandStartsClean() throws {
        // Something to inherit, if it were: a descriptor without close-on-exec, an ignored signal.
        let open = dup2(1, 200)
        defer { close(open) }
        signal(SIGPIPE, SIG_IGN)
        let script = """
            exec >"$1"; grep -E 'Sig(Blk|Ign)' /proc/self/status
            readlink /proc/self/fd/0; echo /proc/self/fd/*; cut -d ' ' -f 6 /proc/self/stat
            """
        #expect(run(["/bin/sh", "-c", script, "sh", folder.file("out")]) == .exited(0))
        let lines = folder.text(of: "out").split(separator: "\n").map(String.init)
        try #require(lines.count == 5)
        for (line, name) in zip(lines, ["SigBlk", "SigIgn"]) {
            let words = line.split(separator: ":\t")
            let mask = try #require(UInt64(words[1], radix: 16))
            // The C library keeps the signals 32 and 33 to itself.
            #expect(words[0] == name && mask & ~0x1_8000_0000 == 0)
        }
        #expect(lines[2] == "/dev/null")
        #expect(!lines[3].contains("/200"))
        let session = try #require(pid_t(lines[4]))
        #expect(reports.all.first == .started(number: 0, process: session))
    }

    @Test func theCommandKnowsWhy() {
        let script = "echo $UPS_REASON $UPS_INCIDENT ${PATH:+path} >\"$1\""
        let order = someOrder(0, .program(["/bin/sh", "-c", script, "sh", folder.file("out")]))
        #expect(runner.order(order))
        #expect(eventually { reports.ending(of: 0) == .exited(0) })
        #expect(folder.text(of: "out") == "low_charge 1f0c8b52-3 path\n")
    }

    @Test func whatIsOursIsNotInherited() {
        #expect(!isInherited("NOTIFY_SOCKET=/run/x") && !isInherited("WATCHDOG_USEC=1"))
        #expect(isInherited("PATH=/bin") && isInherited("MY_NOTIFY_SOCKET=1"))
    }

    @Test func theRequestLiesInTheRuntimeDirectory() throws {
        for number in 0...1 {
            #expect(runner.order(someOrder(number, .request)))
            #expect(eventually { reports.all.contains(.requested(number: number)) })
        }
        #expect(folder.contents == ["poweroff-request"])
        let lines = try #require(KeyLines(folder.text(of: "poweroff-request")))
        let request = try #require(PoweroffRequest(lines))
        #expect(request.refusal(boot: someBoot, at: BootClock.now()) == nil)
        #expect(request.incident == "1f0c8b52-3" && (38...40).contains(request.grace))
        var status = stat()
        stat(folder.file("poweroff-request"), &status)
        #expect(status.st_mode & 0o777 == 0o600)
        folder.write("ACTION=poweroff\nEXIT_CODE=4\n", to: "poweroff-answer")
        #expect(eventually { reports.all.contains(.answered(number: 1, 4)) })
        #expect(reports.all.compactMap(\.hasFailed) == [true])
        runner.withdraw()
        #expect(eventually { folder.contents == [] })
    }

    @Test func aRequestThatCannotBeWrittenIsTold() throws {
        let runner = try someRunner("/nowhere") {}
        let reports = Reports(runner)
        #expect(runner.order(someOrder(0, .request)))
        #expect(eventually { !reports.all.isEmpty })
        #expect(reports.all.map(\.hasFailed) == [true])
    }

    @Test func theLateHookIsToldUntilItIsWithdrawn() throws {
        let terms = LateOrder.Terms(
            serial: "/dev/ttyUPS", cut: .always, rebootsIfPowerReturned: true)
        let runner = try someRunner(folder.path, late: terms) {}
        #expect(runner.order(someOrder(0, .program(["true"]))))
        #expect(eventually { folder.contents == ["late-order"] })
        let order = try #require(KeyLines(folder.text(of: "late-order")).flatMap { LateOrder($0) })
        #expect(order.terms == terms)
        #expect(order.refusal(boot: someBoot, at: BootClock.now()) == nil)
        runner.withdraw()
        #expect(eventually { folder.contents == [] })
    }

    @Test func theBuiltInWayFollowsTheUser() {
        #expect(ShutdownStep.builtIn(isRoot: false) == .request)
        #expect(
            ShutdownStep.builtIn(isRoot: true)
                == .program(ShutdownStep.systemctl))
    }

    @Test func syncReportsAndWakes() throws {
        let count = Mutex(0)
        let runner = try someRunner(folder.path) {
            count.withLock { $0 += 1 }
        }
        runner.sync()
        #expect(eventually { count.withLock { $0 } == 1 })
        guard case .synced = runner.takeReports().first else {
            Issue.record("not synced")
            return
        }
    }

    @Test func aFloodOfOrdersHasALimit() throws {
        let gate = try WakeDescriptor()
        let isWaiting = Mutex(false)
        let runner = try someRunner(folder.path) {
            // The first report stops the thread of the ShutdownRunner; the order after it stays in
            // the queue.
            guard !isWaiting.withLock({ $0 }) else { return }
            isWaiting.withLock { $0 = true }
            gate.wait()
        }
        #expect(runner.order(someOrder(0, .program([]))))
        #expect(eventually { isWaiting.withLock { $0 } })
        let taken = (1...20).filter { runner.order(someOrder($0, .program([]))) }
        #expect(taken == Array(1...16))
        gate.wake()
        var count = 0
        #expect(
            eventually {
                count += runner.takeReports().count
                return count == 17
            })
    }
}

/// With nothing to do at the end of the shutdown, unless `late` says so.
private func someRunner(
    _ folder: String,
    late: LateOrder.Terms = LateOrder.Terms(serial: "", cut: .never, rebootsIfPowerReturned: false),
    wake: @escaping ShutdownRunner.Wake
) throws -> ShutdownRunner {
    try ShutdownRunner(runtimeDirectory: folder, boot: someBoot, late: late, wake: wake)
}

/// Committed just now.
private func someOrder(_ number: Int, _ step: ShutdownStep) -> ShutdownOrder {
    let now = BootClock.now()
    return ShutdownOrder(
        number: number, step: step,
        shutdown: CommittedShutdown(
            incident: IncidentID(boot: someBoot, number: 3), reason: .lowCharge, outage: now,
            time: now, grace: .seconds(40)))
}
