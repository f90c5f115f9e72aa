// Threads, wake-ups, signals and clocks.

import Configuration
import Glibc
import Synchronization
import Testing
import UPS

@testable import Daemon
@testable import Host
@testable import Platform

@Suite struct SystemTests {
    /// Only root gives anything away.
    @Test(.enabled(if: geteuid() == 0)) func aLinkInTheWayGivesNothingAway() throws {
        let folder = TemporaryFolder()
        folder.write("", to: "of-root")
        #expect(symlink(folder.file("of-root"), folder.file("runtime")) == 0)
        var server = Configuration.Server()
        server.user = .name("nobody")
        _ = RuntimeFolder(folder.file("runtime"), of: server)
        var status = stat()
        #expect(stat(folder.file("of-root"), &status) == 0 && status.st_uid == 0)
    }

    /// Without an entry in passwd it has to be able to write there all the same.
    @Test(.enabled(if: geteuid() == 0)) func aUserWithoutANameGetsTheRuntimeFolder() throws {
        let folder = TemporaryFolder()
        var server = Configuration.Server()
        server.user = .id(654_321)
        _ = RuntimeFolder(folder.file("runtime"), of: server)
        var status = stat()
        #expect(stat(folder.file("runtime"), &status) == 0 && status.st_uid == 654_321)
        rmdir(folder.file("runtime"))
    }

    @Test func aThreadHasANameAndTakesNoSignals() throws {
        let found = Mutex<(inner: Bool, outer: Bool, name: String?)?>(nil)
        try PlainThread.start("outer-thread") {
            var one = sigset_t()
            sigemptyset(&one)
            sigaddset(&one, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &one, nil)
            let inner = Mutex<(Bool, String?)?>(nil)
            try? PlainThread.start("inner-thread") {
                let name = readSmallFile("/proc/thread-self/comm", limit: 32)
                let isBlocked = isBlocked(SIGUSR2) && isBlocked(SIGTERM)
                inner.withLock { $0 = (isBlocked, name) }
            }
            _ = eventually { inner.withLock { $0 != nil } }
            let result = inner.withLock { $0 ?? (false, nil) }
            found.withLock { $0 = (result.0, isBlocked(SIGUSR2), result.1) }
        }
        #expect(eventually { found.withLock { $0 != nil } })
        let (inner, outer, name) = try #require(found.withLock { $0 })
        #expect(inner && !outer)
        #expect(name == "inner-thread\n")
    }

    @Test func aWakeUpEndsEveryWaitUntilItIsCleared() throws {
        let wake = try WakeDescriptor()
        wake.wake()
        wake.wake()
        var entry = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 0) == 1)
        wake.wait()
        wake.wait()
        wake.clear()
        #expect(poll(&entry, 1, 0) == 0)
        wake.clear()
        wake.wait(atMost: .milliseconds(1))
    }

    @Test func signalsCanBeRead() throws {
        let found = Mutex<[DaemonSignal?]?>(nil)
        // Sent to this thread alone: the process stays as it is.
        try PlainThread.start("signals") {
            guard let signals = try? SignalDescriptor() else { return }
            for signal in [SIGHUP, SIGTERM, SIGINT] { pthread_kill(pthread_self(), signal) }
            let read = (0..<4).map { _ in signals.next() }
            found.withLock { $0 = read }
        }
        #expect(eventually { found.withLock { $0 != nil } })
        let read = try #require(found.withLock { $0 })
        #expect(Set(read.prefix(3)) == [.hangUp, .terminate, .interrupt])
        #expect(read.last == .some(nil))
    }

    @Test func theBootHasAnID() throws {
        let boot = try #require(ThisHost.bootID())
        let text = readSmallFile("/proc/sys/kernel/random/boot_id", limit: 64)
        #expect(boot.text + "\n" == text)
        #expect(someBoot.text == "1f0c8b52-8e0d-4d0f-9c3a-0123456789ab")
        #expect(BootID(high: 1, low: 2).text == "00000000-0000-0001-0000-000000000002")
    }

    @Test func theClocksRun() {
        let (start, wall) = (BootClock.now(), BootClock.wall())
        usleep(5000)
        #expect(BootClock.now() - start >= .milliseconds(5))
        #expect(BootClock.wall().nanoseconds - wall.nanoseconds >= 4_000_000)
        #expect(wall.seconds > 1_700_000_000)
        #expect(readSmallFile("/nowhere", limit: 10) == nil)
        #expect(readSmallFile("/proc/self/status", limit: 5) == "Name:")
    }

    @Test func errorsAreSentences() {
        let error = SystemError(ENOSPC, "cannot write to x")
        #expect(error.description == "cannot write to x: No space left on device")
    }
}

private func isBlocked(_ signal: CInt) -> Bool {
    var mask = sigset_t()
    pthread_sigmask(SIG_SETMASK, nil, &mask)
    return sigismember(&mask, signal) == 1
}
