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
    public private(set) var warning: String?

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
        let (file, page, error) = KeptStore.open("\(folder)/\(KeptStore.name)")
        (self.file, self.page, self.boot) = (file, page, boot)
        answers = page.flatMap { KeptStore.answers(in: $0, boot: boot) } ?? AnswerMemory()
        savedAnswers = answers.changes
        warning = error.map { "A restart would forget a running outage: \($0)" }
        guard let page else {
            restored = nil
            return
        }
        if warning == nil { warning = KeptStore.warning(of: folder) }
        let newest = KeptState.newest(of: KeptStore.records(of: page), boot: boot)
        restored = newest?.state
        if let newest {
            (saved, sequence) = (newest.state, newest.sequence)
        } else {
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
        guard let page, state != saved else { return }
        sequence += 1
        let offset = KeptStore.offset(of: sequence)
        state.encode(sequence: sequence, to: &words)
        let record = page[offset...].prefix(KeptState.length)
        words.seal(UnsafeMutableRawBufferPointer(rebasing: record))
        saved = state
    }

    /// The same for the answers to commands, which change seldom.
    public func save(_ answers: AnswerMemory) {
        guard let page, answers.changes != savedAnswers else { return }
        savedAnswers = answers.changes
        let offset =
            KeptStore.answersOffset + KeptStore.offset(of: savedAnswers, AnswerMemory.length)
        answers.encode(boot: boot, to: &words)
        let record = page[offset...].prefix(AnswerMemory.length)
        words.seal(UnsafeMutableRawBufferPointer(rebasing: record))
    }

    private static func answers(
        in page: UnsafeMutableRawBufferPointer, boot: BootID
    ) -> AnswerMemory? {
        let records = [0, AnswerMemory.length].map { offset in
            Array(page[(answersOffset + offset)...].prefix(AnswerMemory.length))
        }
        let whole = records.compactMap { AnswerMemory($0, boot: boot) }
        return whole.max { $0.changes < $1.changes }
    }

    private static func offset(of sequence: UInt64, _ length: Int = KeptState.length) -> Int {
        sequence % 2 == 0 ? 0 : length
    }

    private static func records(of page: UnsafeMutableRawBufferPointer) -> [[UInt8]] {
        [0, 1].map { Array(page[offset(of: $0)...].prefix(KeptState.length)) }
    }

    private static func open(
        _ path: String
    ) -> (CInt, UnsafeMutableRawBufferPointer?, SystemError?) {
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode_t(0o600))
        guard file >= 0 else { return (-1, nil, SystemError(errno, "cannot open \(path)")) }
        do throws(SystemError) {
            return (file, try map(file, path), nil)
        } catch {
            close(file)
            return (-1, nil, error)
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
