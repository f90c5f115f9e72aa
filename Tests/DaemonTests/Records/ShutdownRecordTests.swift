// The story of the last shutdown, what it says about this host, and what `check` says beforehand.

import Glibc
import Testing

@testable import Configuration
@testable import Daemon
@testable import Host
@testable import Records
@testable import UPS

private let past = CommittedShutdown(
    incident: IncidentID(boot: someBoot, number: 3), reason: .time,
    outage: BootTime(.seconds(985)), time: BootTime(.seconds(1000)), grace: .seconds(40))

/// Written 12 s after the commit.
private func someRecord(_ reason: Reason = .time, took: Duration? = nil) -> ShutdownRecord {
    var shutdown = past
    shutdown.reason = reason
    var record = ShutdownRecord(shutdown, at: BootTime(.seconds(1012)), wall: someWall)
    record.duration = took
    return record
}

@Suite struct ShutdownRecordTests {
    @Test func thereAndBack() {
        var record = someRecord(took: .milliseconds(12_345))
        #expect(ShutdownRecord(record.lines) == record)
        record.isTold = true
        #expect(ShutdownRecord(record.lines) == record)
        #expect(ShutdownRecord(someRecord().lines) == someRecord())
    }

    @Test(arguments: ["BOOT_ID", "INCIDENT", "REASON", "OUTAGE", "COMMIT"])
    func halfARecordIsNone(key: String) throws {
        let lines = someRecord().lines.text.split(separator: "\n")
        let without = lines.filter { !$0.hasPrefix("\(key)=") }.joined(separator: "\n")
        #expect(ShutdownRecord(try #require(KeyLines(without))) == nil)
    }

    @Test(arguments: ["99999999999999", "9799999000", "-1", "", "soon"])
    func anImpossibleTimeIsNone(text: String) throws {
        let lines = someRecord().lines.text
        let late = lines.replacing("COMMIT=", with: "COMMIT=\(text)\nREST=")
        #expect(ShutdownRecord(try #require(KeyLines(late))) == nil)
        let long = lines.replacing("MILLISECONDS=", with: "MILLISECONDS=\(text)")
        #expect(ShutdownRecord(try #require(KeyLines(long)))?.duration == nil)
    }

    @Test func whatTookLongCountsFromTheNextBootOn() {
        let record = someRecord(took: .seconds(12))
        #expect(record.measured(in: someBoot) == nil)
        #expect(record.measured(in: BootID(high: 1, low: 2)) == .seconds(12))
    }

    @Test func itIsTold() {
        let back = WallTime(nanoseconds: someWall.nanoseconds + 60_000_000_000)
        let story = someRecord(took: .seconds(12)).story(backAt: back) { _ in 3600 }
        #expect(
            story == [
                "Last outage: power failed at 2026-01-31 13:04:42 +0100 [1f0c8b52-3]",
                "Last outage: this host was shut down at 2026-01-31 13:04:57 +0100, because the "
                    + "delay is over",
                "Last outage: the shutdown took 12 s; this host is back at "
                    + "2026-01-31 13:06:09 +0100",
            ])
        let other = someRecord(.upsRequest).story(backAt: back) { _ in 0 }
        #expect(other[0].contains("the UPS asked for a shutdown at 2026-01-31 12:04:42 +0000"))
        #expect(other[2].contains("the shutdown had no end; this host is back"))
    }
}

@Suite struct SettledTests {
    private func note(_ measured: Duration?) -> (String?, Configuration) {
        var configuration = Configuration()
        let note = configuration.settle(shutdownTime: measured)
        return (note, configuration)
    }

    @Test func aShutdownInTimeChangesNothing() {
        for measured in [nil, Duration.seconds(3), .seconds(20)] {
            let (text, configuration) = note(measured)
            #expect(text == nil && configuration.policy == ShutdownPolicy())
        }
    }

    @Test(arguments: [(20.2, 25), (20.6, 30), (25, 30), (34, 40), (36, 45)])
    func aLongShutdownCounts(measured: Double, advice: Int) {
        let (text, configuration) = note(.seconds(measured))
        #expect(configuration.policy.hostShutdownTime == .seconds(measured))
        #expect(text?.hasSuffix("hostShutdownTime is 20 s, set it to \(advice)") == true)
    }

    /// 60 s of the UPS's timer, less 50 s for the shutdown and 5 s of reserve.
    @Test func itShortensTheDelay() {
        let (_, configuration) = note(.seconds(50))
        #expect(configuration.policy.effectiveDelay == .seconds(5))
        #expect(configuration.standingProblem?.contains("the UPS's timer leaves 5 s") == true)
    }
}

@Suite struct HostCheckTests {
    private func problems(_ change: (inout Configuration) -> Void) -> [String] {
        var configuration = Configuration()
        change(&configuration)
        return HostCheck(configuration: configuration, hasSystemd: false).problems()
    }

    @Test func programs() {
        #expect(problems { $0.host.command = ["/bin/true"] } == [])
        #expect(problems { $0.host.command = ["true"] } == [])
        #expect(
            problems {
                $0.host.command = ["/bin/true"]
                $0.host.escalation = [["/nowhere/poweroff", "-f"], ["/etc/passwd"]]
            } == [
                "The shutdown command /nowhere/poweroff cannot be run: No such file or directory",
                "The shutdown command /etc/passwd cannot be run: Permission denied",
            ])
    }

    @Test func aMissingHookIsOnlyMissedWhereItIsWanted() {
        var configuration = Configuration()
        func isMissed() -> Bool {
            HostCheck(configuration: configuration, hasSystemd: true).problems()
                .contains { $0.contains("have no effect") }
        }
        configuration.server.runtimeDirectory = "/run/elsewhere"
        #expect(isMissed())
        configuration.host.rebootIfPowerReturned = false
        #expect(!isMissed())
        configuration.host.cutOutput = .always
        #expect(isMissed())
        configuration.policy.dryRun = true
        #expect(!isMissed())
    }

    @Test func filesThatEverybodyMayRead() {
        let folder = TemporaryFolder()
        for name in ["token", "password", "key"] { folder.write("", to: name) }
        var configuration = Configuration()
        configuration.server.controlTokenFile = folder.file("token")
        configuration.broker = Configuration.Broker()
        configuration.broker?.passwordFile = folder.file("password")
        configuration.broker?.tls = Configuration.TLS()
        configuration.broker?.tls?.keyFile = folder.file("key")
        func told(_ mode: mode_t) -> [String] {
            for name in ["token", "password", "key"] { chmod(folder.file(name), mode) }
            return HostCheck(configuration: configuration, hasSystemd: false).openSecrets()
        }
        #expect(told(0o640) == [])
        let (told, keys) = (told(0o644), ["controlTokenFile", "passwordFile", "keyFile"])
        #expect(told.count == keys.count)
        for (text, key) in zip(told, keys) {
            #expect(text.contains("\(key): ") && text.contains("every user of this host"))
        }
    }

    @Test func theSerialLine() {
        let folder = TemporaryFolder()
        folder.write("", to: "file")
        func problems(_ serial: String) -> [String] {
            var configuration = Configuration()
            configuration.server.serial = serial
            configuration.host.command = ["/bin/true"]
            configuration.server.runtimeDirectory = folder.file("none")
            return HostCheck(configuration: configuration, hasSystemd: false)
                .problemsBeforeStart().filter { !$0.hasPrefix("server.") }
        }
        #expect(problems(folder.file("none")) == ["\(folder.file("none")) is not there"])
        #expect(problems(folder.file("file")) == ["\(folder.file("file")) is not a serial line"])
    }
}
