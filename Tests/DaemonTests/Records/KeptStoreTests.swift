// The kept state, over restarts and accidents.

import Glibc
import Testing

@testable import Daemon
@testable import Decision
@testable import Records
@testable import UPS

@Suite struct KeptStoreTests {
    let folder = TemporaryFolder(in: "/dev/shm")

    private func state(_ incidents: Int, boot: BootID = someBoot) -> KeptState {
        var state = KeptState(boot: boot)
        state.incidents = incidents
        return state
    }

    /// Saves and is gone, as after kill -9: there is no end of the process to take note of.
    private func save(_ incidents: ClosedRange<Int>, boot: BootID = someBoot) {
        let store = KeptStore(folder: folder.path, boot: boot)
        for number in incidents { store.save(state(number, boot: boot)) }
    }

    private func restored(boot: BootID = someBoot) -> Int? {
        KeptStore(folder: folder.path, boot: boot).restored?.incidents
    }

    /// Flips a byte of a record, as a copy that was never finished would.
    private func damage(record: Int) {
        let file = open(folder.file("state"), O_RDWR | O_CLOEXEC)
        let offset = off_t(record * KeptState.length + 100)
        var byte: UInt8 = 0
        pread(file, &byte, 1, offset)
        byte ^= 0x40
        #expect(pwrite(file, &byte, 1, offset) == 1)
        close(file)
    }

    @Test func aRestartGoesOn() {
        #expect(restored() == nil)
        for count in 1...5 {
            save(1...count)
            #expect(restored() == count)
        }
        var status = stat()
        stat(folder.file("state"), &status)
        #expect(status.st_size == 4096 + 2 * 24576 && status.st_mode & 0o777 == 0o600)
    }

    // MARK: Answers to commands

    private func answer(_ number: Int, in memory: inout AnswerMemory) {
        let command = Command(.cancel, from: .control, id: "\(number)")
        memory.remember(.accepted("answer \(number)"), of: command)
    }

    private func saveAnswers(_ numbers: ClosedRange<Int>) {
        let store = KeptStore(folder: folder.path, boot: someBoot)
        var answers = store.answers
        for number in numbers {
            answer(number, in: &answers)
            store.save(answers)
        }
    }

    private func known(boot: BootID = someBoot) -> [Int] {
        let answers = KeptStore(folder: folder.path, boot: boot).answers
        return (1...9).filter { number in
            let command = Command(.cancel, from: .mqtt, id: "\(number)")
            return answers.result(of: command)?.message == "answer \(number)"
        }
    }

    /// Each is there after a kill, also one that came after a restart.
    @Test func answersGoOn() {
        #expect(known() == [])
        for count in 1...5 {
            save(count...count)
            saveAnswers(count...count)
            #expect(known() == Array(1...count) && restored() == count)
        }
        #expect(known(boot: BootID(high: 1, low: 2)) == [], "another boot is a fresh start")
    }

    @Test func aTornAnswerLeavesTheOnesBefore() {
        saveAnswers(1...4)
        let file = open(folder.file("state"), O_RDWR | O_CLOEXEC)
        var byte: UInt8 = 0x55
        #expect(pwrite(file, &byte, 1, 4096 + 100) == 1)
        close(file)
        #expect(known() == [1, 2, 3])
    }

    @Test func aTornRecordLeavesTheOlderOne() {
        save(1...4)
        damage(record: 0)
        #expect(restored() == 3)
        save(7...7)
        #expect(restored() == 7)
        damage(record: 1)
        save(8...8)
        #expect(restored() == 8)
    }

    @Test func twoTornRecordsAreAFreshStart() {
        save(1...2)
        damage(record: 0)
        damage(record: 1)
        #expect(restored() == nil)
        save(5...5)
        #expect(restored() == 5)
    }

    @Test func anotherBootIsAFreshStart() {
        save(1...50)
        let next = BootID(high: 1, low: 2)
        #expect(restored(boot: next) == nil)
        save(9...9, boot: next)
        #expect(restored(boot: next) == 9)
    }

    @Test func anythingElseInTheFileIsAFreshStart() {
        folder.write(String(repeating: "x", count: 9000), to: "state")
        #expect(restored() == nil)
        save(3...3)
        #expect(restored() == 3)
    }

    @Test func equalStatesAreNotWritten() {
        let store = KeptStore(folder: folder.path, boot: someBoot)
        store.save(state(1))
        store.save(state(2))
        let before = folder.text(of: "state")
        store.save(state(2))
        #expect(folder.text(of: "state") == before)
        store.save(state(3))
        #expect(folder.text(of: "state") != before)
    }

    @Test func withoutAFileItOnlyWarns() {
        symlink("/dev/null", folder.file("state"))
        let cases = [
            (folder.path, "Too many levels of symbolic links"),
            ("/nowhere", "No such file or directory"),
        ]
        for (path, reason) in cases {
            let store = KeptStore(folder: path, boot: someBoot)
            #expect(store.restored == nil)
            #expect(
                store.warning == "A restart would forget a running outage: "
                    + "cannot open \(path)/state: \(reason)")
            store.save(state(1))
        }
    }

    @Test func twoDaemonsDoNotShareIt() {
        let store = KeptStore(folder: folder.path, boot: someBoot)
        store.save(state(1))
        let other = KeptStore(folder: folder.path, boot: someBoot)
        #expect(other.restored == nil && other.warning?.contains("another daemon uses") == true)
        other.save(state(2))
        #expect(store.warning == nil)
    }

    @Test func aFolderOnADiskIsWarnedOf() {
        let folder = TemporaryFolder(in: "/var/tmp")
        let store = KeptStore(folder: folder.path, boot: someBoot)
        #expect(store.warning?.contains("is not a tmpfs") == true)
    }
}
