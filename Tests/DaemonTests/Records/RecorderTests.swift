// The Recorder, with files and a standard error that do not work.

import Glibc
import Synchronization
import Testing
import UPS

@testable import Daemon
@testable import Host
@testable import Platform
@testable import Records

@Suite struct RecorderTests {
    let folder = TemporaryFolder()

    /// Log lines go to the file `log`.
    private func recorder(eventLog: String?, measurements: String? = nil) throws -> Recorder {
        let log = open(folder.file("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        return try Recorder(
            eventLog: eventLog, measurementFolder: measurements, logDescriptor: log, journal: nil)
    }

    private var eventLines: [Substring] {
        folder.text(of: "event.log").split(separator: "\n").compactMap {
            $0.split(separator: "\t").last
        }
    }

    @Test func everythingFindsItsPlace() throws {
        let recorder = try recorder(
            eventLog: folder.file("event.log"), measurements: folder.path)
        recorder.log(.info, "hello\nworld")
        recorder.record(someEvent("one"), at: someWall)
        recorder.record(someEvent("two"), at: someWall)
        let row = MeasurementRow(
            reading: Reading(), nominalPower: Power(watts: 60), wall: someWall)
        recorder.record(row)
        recorder.record(row)
        #expect(recorder.flush(within: .seconds(5)))
        #expect(folder.text(of: "log") == "hello world\n")
        #expect(eventLines == ["one", "two"])
        let offset = BootClock.utcOffset(at: someWall)
        let name = "ups-server_\(someWall.localText(utcOffset: offset).prefix(10)).csv"
        let line = row.text(utcOffset: offset)
        #expect(folder.text(of: name) == MeasurementRow.header + line + line)
    }

    @Test(arguments: [
        ("/dev/full", "cannot write to /dev/full: No space left on device"),
        ("/nowhere/event.log", "cannot open /nowhere/event.log: No such file or directory"),
        ("/dev", "cannot open /dev: Is a directory"),
    ])
    func linesThatCannotBeWrittenAreLost(_ path: String, _ sentence: String) throws {
        let recorder = try recorder(eventLog: path)
        for _ in 0..<3 { recorder.record(someEvent("one"), at: someWall) }
        #expect(recorder.flush(within: .seconds(5)))
        let expected = "The event log does not work, its lines are lost: \(sentence)\n"
        #expect(folder.text(of: "log") == expected)
    }

    @Test func aPipeWithoutReaderHealsWhenItGoes() throws {
        let path = folder.file("event.log")
        mkfifo(path, 0o600)
        let recorder = try recorder(eventLog: path)
        recorder.record(someEvent("one"), at: someWall)
        recorder.record(someEvent("two"), at: someWall)
        #expect(recorder.flush(within: .seconds(5)))
        unlink(path)
        recorder.record(someEvent("three"), at: someWall)
        recorder.record(someEvent("four"), at: someWall)
        #expect(recorder.flush(within: .seconds(5)))
        #expect(eventLines == ["three", "four"])
        #expect(
            folder.text(of: "log") == """
                The event log does not work, its lines are lost: cannot open \(path): \
                No such device or address
                The event log works again; lines lost: 2

                """)
    }

    @Test func halfALineIsTakenBack() throws {
        let path = folder.file("event.log")
        folder.write("", to: "event.log")
        // The limit of the size of files stands for the full disk; a sparse file comes near it.
        let fileSize = CInt(RLIMIT_FSIZE.rawValue)
        var before = rlimit()
        getrlimit(fileSize, &before)
        defer { setrlimit(fileSize, &before) }
        var limit = rlimit(rlim_cur: 1 << 30, rlim_max: before.rlim_max)
        #expect(setrlimit(fileSize, &limit) == 0)
        let length: off_t = (1 << 30) - 5
        #expect(truncate(path, length) == 0)
        var file = RecordFile(name: "The event log")
        #expect(file.append("half a line\n", to: path, isSynced: true)?.priority == .error)
        var status = stat()
        stat(path, &status)
        #expect(status.st_size == length)
        #expect(file.append("fits\n", to: path, isSynced: true)?.priority == .notice)
    }

    @Test func aStuckStandardErrorHoldsUpNothing() throws {
        var ends: [CInt] = [0, 0]
        #expect(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        fill(ends[1])
        let recorder = try Recorder(
            eventLog: folder.file("event.log"), measurementFolder: nil, logDescriptor: ends[1])
        for number in 0..<500 { recorder.log(.info, "line \(number)") }
        recorder.record(someEvent("one"), at: someWall)
        let start = BootClock.now()
        #expect(eventually { eventLines == ["one"] })
        #expect(BootClock.now() - start < .seconds(2))
        #expect(recorder.flush(within: .seconds(5)))

        _ = drain(ends[0])
        recorder.log(.info, "again")
        #expect(recorder.flush(within: .seconds(5)))
        #expect(drain(ends[0]) == "500 log lines were lost\nagain\n")
    }

    @Test func theQueueHasALimitAndTellsIt() throws {
        let recorder = try recorder(eventLog: folder.file("event.log"))
        let (gate, entered) = (try WakeDescriptor(), try WakeDescriptor())
        #expect(
            recorder.work("waiting") {
                entered.wake(); gate.wait()
            })
        entered.wait()
        for number in 0..<1000 { recorder.log(.info, "\(number)") }
        recorder.record(someEvent("one"), at: someWall)
        for _ in 0..<254 { recorder.record(someEvent("two"), at: someWall) }
        #expect(recorder.work("last") {})
        #expect(!recorder.work("too many") {})
        #expect(!recorder.flush(within: .milliseconds(20)))
        gate.wake()
        #expect(recorder.flush(within: .seconds(5)))
        #expect(eventLines.count == 255 && eventLines.first == "one")
        let log = folder.text(of: "log").split(separator: "\n")
        #expect(log.count == 769)
        #expect(log.last == "233 records came too fast and were lost")
    }

    @Test func oldMeasurementsGoAndNothingElse() throws {
        let offset = BootClock.utcOffset(at: someWall)
        let day = someWall.localText(utcOffset: offset).prefix(10)
        let others = [
            "ups-server_2020-01-01.csv.gz", "ups-server_2020-1-01.csv", "ups-server_2020-01-01.CSV",
            "ups-server_2020-01-0x.csv", "ups-server_2020_01-01.csv", "xups-server_2020-01-01.csv",
            "event.log", "ups-server_2026-01-20.csv", "ups-server_2026-01-02.csv",
        ]
        for name in others + ["ups-server_2025-12-31.csv", "ups-server_2020-01-01.csv"] {
            folder.write("x", to: name)
        }
        var log = MeasurementLog(folder: folder.path)
        let row = MeasurementRow(
            reading: Reading(), nominalPower: Power(watts: 60), wall: someWall)
        #expect(log.append(row) == nil)
        #expect(folder.contents == (others + ["ups-server_\(day).csv"]).sorted())
    }

    /// Until nothing fits any more.
    private func fill(_ descriptor: CInt) {
        let flags = fcntl(descriptor, F_GETFL)
        _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
        let block = [UInt8](repeating: 0x2E, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        _ = fcntl(descriptor, F_SETFL, flags)
    }

    private func drain(_ descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var count = 0
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&entry, 1, 20) > 0 {
            let taken = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress! + count, $0.count - count)
            }
            guard taken > 0 else { break }
            count += taken
        }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

@Suite struct LogStreamTests {
    private func written(journal: (stat) -> String?, _ body: (inout LogStream) -> Void) -> String {
        let folder = TemporaryFolder()
        let file = open(folder.file("log"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        var stream = LogStream(descriptor: file, journal: journal(status))
        body(&stream)
        return folder.text(of: "log")
    }

    @Test func onlyTheJournalGetsPriorities() {
        let ours: (stat) -> String? = { "\($0.st_dev):\($0.st_ino)" }
        #expect(written(journal: ours) { $0.write(.warning, "a") } == "<4>a\n")
        #expect(written(journal: { _ in nil }) { $0.write(.warning, "a") } == "a\n")
        #expect(written(journal: { _ in "1:2" }) { $0.write(.warning, "a") } == "a\n")
    }

    @Test func aSocketIsWrittenToAsWell() {
        var ends: [CInt] = [0, 0]
        #expect(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { ends.forEach { close($0) } }
        var stream = LogStream(descriptor: ends[1], journal: nil)
        stream.write(.info, "a")
        var bytes = [UInt8](repeating: 0, count: 8)
        #expect(read(ends[0], &bytes, 8) == 2)
        #expect(bytes.prefix(2) == [0x61, 0x0A])
        // Nobody reads: a write that waits would never come back.
        for _ in 0..<1000 { stream.write(.info, String(repeating: "x", count: 4000)) }
    }

    @Test func oneRecordIsOneLine() {
        #expect(
            oneLine("a\nb\r\tc\u{1B}[1m\u{7F}ü\u{85}", limit: 99) == Array("a b  c [1m ü ".utf8))
        #expect(oneLine("üüü", limit: 5) == Array("üü".utf8))
        let long = String(repeating: "ü", count: 5000)
        let line = written(journal: { _ in nil }) { $0.write(.info, long) }
        #expect(line.utf8.count == 4095 && line.hasSuffix("ü\n"))
    }
}
