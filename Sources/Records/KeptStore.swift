// The kept state, and the answers to commands, in one memory-mapped file of the runtime directory
// (tmpfs). Opened by main, written by the Monitor: a save is a copy in memory and no system call,
// and survives kill -9.

import CSystem
public import Decision
import Glibc
import Platform
public import UPS

public final class KeptStore {
    static let name = "state"

    /// What a daemon of this boot left behind.
    public let restored: KeptState?
    public let answers: AnswerMemory
    /// Why nothing is kept; nil: it is.
    public let warning: String?

    private let page: UnsafeMutableRawBufferPointer?
    /// Stays open for the lock on it.
    private let file: CInt
    private var sequence: UInt64 = 0
    private var saved: KeptState?
    private var savedAnswers: UInt64
    private let boot: BootID
    private var words = KeptWords()

    /// The two records of the state, and behind their page those of the answers.
    private static let answersOffset = 4096
    private static let fileLength = answersOffset + 2 * AnswerMemory.length

    /// Without a usable file the store works as if it were the first start, and says why.
    public init(folder: String, boot: BootID) {
        self.boot = boot
        do throws(SystemError) {
            (file, page) = try KeptStore.open("\(folder)/\(KeptStore.name)")
            warning = KeptStore.warning(of: folder)
        } catch {
            (file, page) = (-1, nil)
            warning = "A restart would forget a running outage: \(error)"
        }
        let kept = KeptStore.records(in: page, from: KeptStore.answersOffset, AnswerMemory.length)
            .compactMap { AnswerMemory($0, boot: boot) }
        answers = kept.max { $0.changes < $1.changes } ?? AnswerMemory()
        savedAnswers = answers.changes
        let records = KeptStore.records(in: page, KeptState.length)
        let newest = KeptState.newest(of: records, boot: boot)
        restored = newest?.state
        (saved, sequence) = (newest?.state, newest?.sequence ?? 0)
        if let page, newest == nil {
            // A record of another boot with a larger number would hide the new ones.
            let records = UnsafeMutableRawBufferPointer(
                rebasing: page[..<KeptStore.answersOffset])
            records.initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    deinit {
        if let page { munmap(page.baseAddress, page.count) }
        if file >= 0 { close(file) }
    }

    /// What is wrong with a folder that can be used.
    public static func warning(of folder: String) -> String? {
        guard system_is_in_memory(folder) == 0 else { return nil }
        return "\(folder) is not a tmpfs: a busy disk can hold up the decision, use one below /run"
    }

    /// Overwrites the older record; until that is whole, the newer one is valid.
    public func save(_ state: KeptState) {
        guard state != saved else { return }
        sequence += 1
        state.encode(sequence: sequence, to: &words)
        seal(sequence, KeptState.length)
        saved = state
    }

    /// The same for the answers to commands, which change seldom.
    public func save(_ answers: AnswerMemory) {
        guard answers.changes != savedAnswers else { return }
        savedAnswers = answers.changes
        answers.encode(boot: boot, to: &words)
        seal(savedAnswers, AnswerMemory.length, from: KeptStore.answersOffset)
    }

    /// Into the one of two records whose turn it is.
    private func seal(_ sequence: UInt64, _ length: Int, from start: Int = 0) {
        guard let page else { return }
        let record = page[(start + Int(sequence % 2) * length)...].prefix(length)
        words.seal(UnsafeMutableRawBufferPointer(rebasing: record))
    }

    private static func records(
        in page: UnsafeMutableRawBufferPointer?, from start: Int = 0, _ length: Int
    ) -> [[UInt8]] {
        guard let page else { return [] }
        return [start, start + length].map { Array(page[$0...].prefix(length)) }
    }

    private static func open(
        _ path: String
    ) throws(SystemError) -> (CInt, UnsafeMutableRawBufferPointer?) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
        guard file >= 0 else { throw SystemError(errno, "cannot open \(path)") }
        do throws(SystemError) {
            return (file, try map(file, path))
        } catch {
            close(file)
            throw error
        }
    }

    private static func map(
        _ file: CInt, _ path: String
    ) throws(SystemError) -> UnsafeMutableRawBufferPointer {
        // A process that the daemon before had just forked holds the lock until it has its program.
        var attempts = 10
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            attempts -= 1
            guard attempts > 0 else {
                throw SystemError(errno, "another daemon uses \(path)")
            }
            usleep(10_000)
        }
        guard ftruncate(file, off_t(fileLength)) == 0 else {
            throw SystemError(errno, "cannot size \(path)")
        }
        // A part that is not there yet would, on a full tmpfs, be a SIGBUS at the first save.
        let code = posix_fallocate(file, 0, off_t(fileLength))
        guard code == 0 else { throw SystemError(code, "no room for \(path)") }
        let page = mmap(nil, fileLength, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
        guard let page, page != MAP_FAILED else { throw SystemError(errno, "cannot map \(path)") }
        // Best effort: where it is not allowed, a save may have to wait for the swap.
        mlock(page, fileLength)
        return UnsafeMutableRawBufferPointer(start: page, count: fileLength)
    }
}
