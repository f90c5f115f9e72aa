// The request to power off: what is written, what is believed, and what becomes of it.

import Glibc
import Testing

@testable import Configuration
@testable import Daemon
@testable import Host
@testable import Platform
@testable import Poweroff
@testable import UPS

@Suite struct KeyLinesTests {
    @Test func thereAndBack() throws {
        let lines = KeyLines(["A": "1", "B": "x=y", "C": "", "D": "two\nlines"])
        #expect(lines.text == "A=1\nB=x=y\nC=\nD=two lines\n")
        let back = try #require(KeyLines(lines.text))
        #expect(back["B"] == "x=y" && back["C"] == "" && back["E"] == nil)
        #expect(back.number("A") == 1 && back.number("B") == nil)
    }

    @Test(arguments: ["A", "A=1\nB", "A=1\nA=2"])
    func noLines(text: String) {
        #expect(KeyLines(text) == nil)
    }

    /// What ends a line for Swift, for a journal or for a terminal.
    @Test(arguments: ["\r\n", "\r", "\u{B}", "\u{85}", "\u{2028}", "\u{1B}[2J", "\0"])
    func aValueHasOneLine(end: String) {
        #expect(KeyLines("A=x\(end)<0>y\nB=1") == nil)
        let written = KeyLines(["A": "x\(end)y"]).text
        #expect(written.unicodeScalars.filter { $0.value < 0x20 } == ["\n"])
        #expect(KeyLines(written)?["A"]?.contains(" ") == true)
    }
}

@Suite struct OwnedFolderTests {
    let temporary = TemporaryFolder()
    let folder: OwnedFolder

    init() throws {
        folder = try OwnedFolder(temporary.path)
    }

    private func attempt(_ name: String) -> String? {
        caught(SystemError.self) { _ = try folder.read(name) }?.attempt
    }

    @Test func whatIsWrittenIsThere() throws {
        try folder.write(KeyLines(["A": "1"]), to: "x", isSynced: true)
        try folder.write(KeyLines(["A": "2"]), to: "x")
        #expect(temporary.contents == ["x"])
        #expect(try folder.read("x")?["A"] == "2")
        #expect(try folder.take("x")?["A"] == "2")
        #expect(try folder.read("x") == nil)
        #expect(temporary.contents == [])
    }

    @Test func noLinkIsFollowed() throws {
        temporary.write("A=1\n", to: "right")
        symlink(temporary.file("right"), temporary.file("symbolic"))
        link(temporary.file("right"), temporary.file("hard"))
        #expect(attempt("symbolic") == "cannot open \(temporary.path)/symbolic")
        #expect(attempt("hard") == "\(temporary.path)/hard is no plain file of its own")
        let error = caught(SystemError.self) { _ = try OwnedFolder(temporary.file("symbolic")) }
        #expect(error?.code == ENOTDIR || error?.code == ELOOP)
    }

    @Test func onlyPlainFiles() throws {
        mkfifo(temporary.file("pipe"), 0o600)
        mkdir(temporary.file("folder"), 0o700)
        temporary.write(String(repeating: "A=1234567\n", count: 500), to: "long")
        temporary.write("nonsense\n", to: "text")
        for name in ["pipe", "folder", "long"] {
            #expect(attempt(name) == "\(temporary.path)/\(name) is no plain file of its own")
        }
        #expect(attempt("text") == "cannot read \(temporary.path)/text")
        folder.remove("folder")
        #expect(!temporary.contents.contains("folder"))
    }

    @Test func aFolderWithSomethingInItGoesOutOfTheWay() throws {
        for _ in 1...2 {
            mkdir(temporary.file("x"), 0o700)
            temporary.write("", to: "x/file")
            #expect(throws: SystemError.self) { try folder.take("x") }
            try folder.write(KeyLines(["A": "1"]), to: "x")
            #expect(try folder.take("x")?["A"] == "1")
        }
        #expect(temporary.contents.count == 2)
        for name in temporary.contents {
            unlink(temporary.file("\(name)/file"))
            rmdir(temporary.file(name))
        }
    }

    /// Only root can make such a file; elsewhere there is nothing to see.
    @Test(.enabled(if: geteuid() == 0)) func filesOfOthersDoNotCount() throws {
        temporary.write("A=1\n", to: "x")
        chown(temporary.file("x"), 1, 1)
        #expect(attempt("x") == "\(temporary.path)/x belongs to somebody else")
    }
}

@Suite struct PoweroffRequestTests {
    private static let now = BootTime(.seconds(1000))

    private func request(_ seconds: Int, grace: Duration = .seconds(40)) -> PoweroffRequest {
        PoweroffRequest(
            .poweroff, boot: someBoot, incident: "1f0c8b52-3", at: BootTime(.seconds(seconds)),
            grace: grace)
    }

    @Test func thereAndBack() throws {
        let request = request(1000)
        #expect(
            request.lines.text == """
                BOOT_ID=1f0c8b52-8e0d-4d0f-9c3a-0123456789ab
                INCIDENT=1f0c8b52-3
                BOOTTIME=1000
                GRACE=40
                ACTION=poweroff

                """)
        #expect(PoweroffRequest(request.lines) == request)
    }

    @Test(arguments: [(970, true), (969, false), (1000, true), (1001, false), (0, false)])
    func age(seconds: Int, isTaken: Bool) {
        let refusal = request(seconds).refusal(boot: someBoot, at: PoweroffRequestTests.now)
        #expect((refusal == nil) == isTaken)
    }

    @Test func onlyOfThisBoot() {
        let other = BootID(high: 1, low: 2)
        let refusal = request(1000).refusal(boot: other, at: PoweroffRequestTests.now)
        #expect(refusal == "it was written by another boot")
    }

    @Test func graceHasLimits() {
        #expect(request(1, grace: .seconds(-5)).grace == 1)
        #expect(request(1, grace: .seconds(1_000_000)).grace == 86400)
    }

    /// From the moment at which root acts, however old the request is.
    @Test(arguments: [(1000, 40, 1040), (1000, 1, 1005), (970, 1, 1005), (970, 30, 1005)])
    func everyShutdownIsGivenSomeSeconds(seconds: Int, grace: Int, end: Int) {
        let request = request(seconds, grace: .seconds(grace))
        #expect(request.forcedEnd(at: PoweroffRequestTests.now) == BootTime(.seconds(end)))
    }

    @Test(arguments: ["", "a b", "\u{E4}", "<0>", "x=1", String(repeating: "x", count: 41)])
    func rootWritesNoOtherNamesIntoTheJournal(incident: String) throws {
        var request = request(1000)
        request.incident = incident
        #expect(PoweroffRequest(request.lines) == nil)
    }
}

@Suite struct PerformPoweroffTests {
    private let folder = TemporaryFolder()
    private let marks = TemporaryFolder()

    /// As in a folder from which root could not remove it.
    @Test func aRequestActsOnce() throws {
        let performer = PoweroffPerformer(folder: folder.path, marks: marks.path)
        let owned = try OwnedFolder(folder.path)
        let boot = try #require(ThisHost.bootID())
        func isAccepted(_ incident: String, _ action: PoweroffRequest.Action = .poweroff) throws
            -> Bool
        {
            let request = PoweroffRequest(
                action, boot: boot, incident: incident, at: BootTime(.seconds(now)),
                grace: .seconds(40))
            try owned.write(request.lines, to: PoweroffRequest.name)
            return performer.accepted(in: owned) == request
        }
        let now = BootClock.now().sinceBoot.components.seconds
        #expect(try isAccepted("x-1", .rehearse))
        #expect(PoweroffMark(in: marks.path) == nil)
        #expect(try isAccepted("x-1"))
        #expect(PoweroffMark(in: marks.path)?.incident == "x-1")
        #expect(try !isAccepted("x-1"))
        #expect(try isAccepted("x-1", .rehearse))
        #expect(try isAccepted("x-2"))
        PoweroffMark.remove(in: marks.path)
        #expect(try isAccepted("x-2"))
    }

    /// A full /run is no reason to stay up.
    @Test func withoutAMarkItActsAllTheSame() throws {
        let performer = PoweroffPerformer(folder: folder.path, marks: "/nowhere/marks")
        let request = PoweroffRequest(
            .poweroff, boot: try #require(ThisHost.bootID()), incident: "x-1",
            at: BootClock.now(), grace: .seconds(40))
        let owned = try OwnedFolder(folder.path)
        try owned.write(request.lines, to: PoweroffRequest.name)
        #expect(performer.accepted(in: owned) == request)
        #expect(folder.contents == [])
    }
}

@Suite struct RehearsalTests {
    private let folder = TemporaryFolder()
    private static let shutdown = CommittedShutdown(
        incident: IncidentID(boot: someBoot, number: 1), reason: .time,
        outage: BootTime(.seconds(1)), time: BootTime(.seconds(2)), grace: .seconds(40))

    @Test func aPowerFailureComesToAShutdown() {
        var setup = Configuration().setup()
        setup.policy.byTime = false
        setup.policy.dryRun = true
        let shutdown = Rehearsal.run(setup, boot: someBoot)
        #expect(shutdown?.reason == .time)
    }

    @Test func theAnswerEndsIt() throws {
        var requester = PoweroffRequester(folder: folder.path, boot: someBoot)
        #expect(requester.rehearse(Self.shutdown, at: BootTime(.seconds(2))) == nil)
        #expect(folder.text(of: "poweroff-request").contains("ACTION=rehearse\n"))
        #expect(requester.takeAnswer(at: BootTime(.seconds(21.9))) == nil)
        folder.write("ACTION=rehearse\nEXIT_CODE=0\n", to: "poweroff-answer")
        #expect(requester.takeAnswer(at: BootTime(.seconds(3))) == .rehearsed(problem: nil))
        #expect(!requester.isWaiting)
    }

    @Test func noAnswerIsAProblem() {
        var requester = PoweroffRequester(folder: folder.path, boot: someBoot)
        _ = requester.rehearse(Self.shutdown, at: BootTime(.seconds(2)))
        let problem = "This host cannot be powered off: ups-server-poweroff.path does not answer"
        #expect(requester.takeAnswer(at: BootTime(.seconds(22))) == .rehearsed(problem: problem))
        #expect(folder.contents == [])
    }

    @Test func anOrderIsMoreThanARehearsal() throws {
        var requester = PoweroffRequester(folder: folder.path, boot: someBoot)
        _ = requester.rehearse(Self.shutdown, at: BootTime(.seconds(2)))
        let order = ShutdownOrder(number: 0, step: .request, shutdown: Self.shutdown)
        var spare = SpareDescriptors()
        let report = requester.request(order, at: BootTime(.seconds(3)), spare: &spare)
        #expect(report == .requested(number: 0))
        #expect(folder.text(of: "poweroff-request").contains("GRACE=39\nACTION=poweroff\n"))
        // The answer to the rehearsal comes late.
        folder.write("ACTION=rehearse\nEXIT_CODE=0\n", to: "poweroff-answer")
        #expect(requester.takeAnswer(at: BootTime(.seconds(4))) == nil)
        folder.write("ACTION=poweroff\nEXIT_CODE=1\n", to: "poweroff-answer")
        #expect(requester.takeAnswer(at: BootTime(.seconds(5))) == .answered(number: 0, 1))
        try requester.withdraw(spare: &spare)
        #expect(folder.contents == [])
    }

    /// An order that stays behind would act on the next shutdown: nobody may think it is gone.
    @Test func whatCannotBeWithdrawnIsSaid() {
        var requester = PoweroffRequester(folder: folder.file("none"), boot: someBoot)
        var spare = SpareDescriptors()
        #expect(throws: SystemError.self) { try requester.withdraw(spare: &spare) }
        #expect(throws: SystemError.self) { try LateOrder.remove(in: folder.file("none")) }
    }

    /// Where there are no descriptors it is tried once more, with those that were kept.
    @Test(arguments: [(EMFILE, 2), (ENFILE, 2), (ENOENT, 1)])
    func spareDescriptors(code: Int32, attempts: Int) {
        var spare = SpareDescriptors()
        var count = 0
        #expect(throws: SystemError.self) {
            try spare.use { () throws(SystemError) in
                count += 1
                throw SystemError(code, "cannot open a file")
            }
        }
        #expect(count == attempts)
    }
}
