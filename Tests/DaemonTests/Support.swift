// What the tests of the Daemon share: a folder that goes away, files as text, waiting with a limit.

import Glibc
import Testing
import UPS

@testable import Daemon
@testable import Host
@testable import Platform

final class TemporaryFolder: Sendable {
    let path: String

    init(in parent: String = "/tmp") {
        var template = Array("\(parent)/ups-server-test-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        for name in contents { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    /// The names in it, in order.
    var contents: [String] {
        names(in: path, limit: 1000).filter { $0 != "." && $0 != ".." }.sorted()
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) {
        let bytes = Array(text.utf8)
        let descriptor = open(file(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o755)
        #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    func text(of name: String) -> String {
        readSmallFile(file(name), limit: 1 << 20) ?? "(no file)"
    }
}

/// True as soon as the condition holds; false after the limit.
func eventually(
    within limit: Duration = .seconds(5), _ condition: () throws -> Bool
) rethrows -> Bool {
    let end = BootClock.now() + limit
    while try !condition() {
        guard BootClock.now() < end else { return false }
        usleep(2000)
    }
    return true
}

/// The error of that type which the body throws.
func caught<Failure: Error>(_ type: Failure.Type, _ body: () throws -> Void) -> Failure? {
    do {
        try body()
        return nil
    } catch {
        return error as? Failure
    }
}

let someBoot = BootID("1f0c8b52-8e0d-4d0f-9c3a-0123456789ab")!

/// 2026-01-31 12:05:09 UTC
let someWall = WallTime(nanoseconds: 1_769_861_109_000_000_000)

func someEvent(_ text: String) -> Event {
    Event(number: 1, name: .powerFail, time: BootTime(.seconds(1)), text: Message(text))
}
