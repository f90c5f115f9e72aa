// What systemd is told, received on a socket of our own.

import Glibc
import Testing
import UPS

@testable import Daemon
@testable import Platform

@Suite struct ServiceNotifierTests {
    /// A receiver as systemd has one.
    final class Receiver: Sendable {
        let descriptor: CInt

        init(_ name: String) {
            let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
            descriptor = socket(AF_UNIX, kind, 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            var bytes = Array(name.utf8)
            if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
            let length = socklen_t(2 + bytes.count)
            let code = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, length)
                }
            }
            #expect(code == 0)
        }

        deinit { close(descriptor) }

        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 8192)
            let count = read(descriptor, &bytes, bytes.count)
            return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    private func made(from variables: [String: String]) -> ServiceNotifier? {
        ServiceNotifier { variables[$0] }
    }

    @Test func everyMessageArrives() throws {
        let folder = TemporaryFolder()
        let receiver = Receiver(folder.file("notify@1"))
        let notifier = try #require(made(from: ["NOTIFY_SOCKET": folder.file("notify@1")]))
        notifier.ready(status: "On line")
        #expect(receiver.next() == "READY=1\nSTATUS=On line\n")
        notifier.status("a\nREADY=1")
        #expect(receiver.next() == "STATUS=a READY=1\n")
        notifier.feedWatchdog()
        #expect(receiver.next() == "WATCHDOG=1\n")
        notifier.stopping(status: "bye")
        #expect(receiver.next() == "STOPPING=1\nSTATUS=bye\n")
        notifier.reloading()
        let lines = try #require(receiver.next()).split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(Int64(lines[1].dropFirst("MONOTONIC_USEC=".count)))
        #expect((0...10_000_000).contains(BootClock.monotonicMicroseconds() - time))
        #expect(receiver.next() == nil)
    }

    @Test func abstractNamesWork() throws {
        let name = "@ups-server-test-\(getpid())"
        let receiver = Receiver(name)
        try #require(made(from: ["NOTIFY_SOCKET": name])).feedWatchdog()
        #expect(receiver.next() == "WATCHDOG=1\n")
    }

    @Test func aFullQueueHoldsUpNothing() throws {
        let name = "@ups-server-full-\(getpid())"
        let receiver = Receiver(name)
        let notifier = try #require(made(from: ["NOTIFY_SOCKET": name]))
        let start = BootClock.now()
        for _ in 0..<5000 { notifier.feedWatchdog() }
        #expect(BootClock.now() - start < .seconds(2))
        var count = 0
        while receiver.next() != nil { count += 1 }
        #expect((1..<5000).contains(count))
    }

    @Test(arguments: [nil, "", "relative", "/" + String(repeating: "x", count: 200)])
    func withoutASocketThereIsNone(_ path: String?) {
        #expect(ServiceNotifier { $0 == "NOTIFY_SOCKET" ? path : nil } == nil)
    }

    @Test(
        arguments: [
            ("30000000", nil, .seconds(30)), ("30000000", "77", .seconds(30)),
            ("30000000", "78", nil), ("30000000", "x", nil), ("0", nil, nil), ("-1", nil, nil),
            ("x", nil, nil), (nil, nil, nil),
        ] as [(String?, String?, Duration?)])
    func watchdog(_ microseconds: String?, _ process: String?, _ limit: Duration?) {
        let found = ServiceNotifier.watchdogLimit(
            microseconds: microseconds, process: process, own: 77)
        #expect(found == limit)
    }
}
