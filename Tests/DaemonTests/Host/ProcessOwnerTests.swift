// What is ended by force at the end of a shutdown that hangs, and what is spared.

import Glibc
import Testing

@testable import Daemon
@testable import Host
@testable import Poweroff

@Suite struct ProcessOwnerTests {
    private static func owner(
        _ name: String, flags: String = "4194304", users: String = "0\t0\t0\t0"
    ) -> ProcessOwner {
        ProcessOwner(
            stat: "77 (\(name)) S 1 77 77 0 -1 \(flags) 1 2 3",
            status: "Name:\t\(name)\nUmask:\t0022\nPid:\t77\nUid:\t\(users)\nGid:\t0\t0\t0\t0\n")
    }

    @Test func theKernelSaysWhatIsItsOwn() {
        #expect(Self.owner("kthreadd", flags: "2129984") == .kernel)
        #expect(Self.owner("x) S 1 77 77 0 -1 2129984 (") == .root)
        #expect(ProcessOwner(of: getpid()) == (getuid() == 0 ? .root : .other))
    }

    @Test func rootIsWhoIsNobodyElse() {
        #expect(Self.owner("@x") == .root)
        for users in ["1000\t1000\t1000\t1000", "1000\t0\t0\t0", "0\t0\t0\t1000", "0", ""] {
            #expect(Self.owner("@x", users: users) == .other)
        }
        #expect(ProcessOwner(stat: "", status: "") == .other)
    }

    @Test func whatIsMarkedIsSpared() throws {
        let marked = try spawn(["bash", "-c", "exec -a @x sleep 60"], environment: [])
        let usual = try spawn(["sleep", "60"], environment: [])
        var status: CInt = 0
        defer {
            kill(marked, SIGKILL)
            waitpid(marked, &status, 0)
        }
        #expect(eventually { readSmallFile("/proc/\(marked)/cmdline", limit: 1) == "@" })
        ForcedPoweroff.endUnlessMarked(marked)
        ForcedPoweroff.endUnlessMarked(usual)
        #expect(eventually { waitpid(usual, &status, WNOHANG) == usual })
        #expect(status == SIGKILL)
        usleep(100_000)
        #expect(waitpid(marked, &status, WNOHANG) == 0)
    }
}
