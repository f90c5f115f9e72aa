// What is bound, how many are let in, and what is left behind.

import Glibc
import Testing
import UPS
import Web

extension PortTests {
    @Suite(.serialized)
    struct BindingTests {
        /// The local addresses, as the kernel prints them, of what listens on a port.
        private func bound(_ port: Int) -> Set<String> {
            var found: Set<String> = []
            for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
                guard let file = fopen(table, "r") else { continue }
                defer { fclose(file) }
                var line = [CChar](repeating: 0, count: 512)
                while fgets(&line, 512, file) != nil {
                    let text = String(
                        decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
                    let columns = text.split(separator: " ")
                    guard columns.count > 3, columns[3] == "0A" else { continue }
                    let parts = columns[1].split(separator: ":")
                    if parts.count == 2, Int(parts[1], radix: 16) == port {
                        found.insert(String(parts[0]))
                    }
                }
            }
            return found
        }

        private static let ipv6Loopback = "00000000000000000000000001000000"
        private static let any6 = "00000000000000000000000000000000"

        @Test(arguments: [
            (["127.0.0.1"], ["0100007F"]), (["127.0.0.2"], ["0200007F"]), (["::1"], [ipv6Loopback]),
            (["127.0.0.1", "::1"], ["0100007F", ipv6Loopback]),
            (["127.0.0.1", "127.0.0.3"], ["0100007F", "0300007F"]), (["0.0.0.0"], ["00000000"]),
            (["::"], [any6]), (["0.0.0.0", "::"], ["00000000", any6]),
        ])
        func exactlyTheAddressesAreBound(addresses: [String], expected: [String]) throws {
            let fixture = try Fixture { $0.addresses = addresses }
            #expect(bound(fixture.server.port) == Set(expected))
            for address in addresses {
                let name = ["0.0.0.0": "127.0.0.1", "::": "::1"][address] ?? address
                let wire = try fixture.connect(to: name)
                wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try Reply(from: wire).status == 200)
            }
        }

        @Test func whatCannotBeBoundIsAClearError() throws {
            let fixture = try Fixture()
            let port = fixture.server.port
            let cases: [([String], Int, String)] = [
                (["127.0.0.1"], port, "port \(port) on 127.0.0.1 is in use"),
                (["127.0.0.2", "127.0.0.1"], port, "port \(port) on 127.0.0.1 is in use"),
                (
                    ["192.0.2.1"], 0,
                    "port 0 on 192.0.2.1 cannot be used: this host does not have that address"
                ),
                (
                    ["localhost"], 1,
                    "port 1 on localhost cannot be used: it is not an IPv4 or IPv6 address and a port"
                ),
                ([], 0, "there is no address to listen on"),
            ]
            for (addresses, port, text) in cases {
                #expect {
                    _ = try Fixture {
                        $0.addresses = addresses
                        $0.port = port
                    }
                } throws: { "\($0)" == text }
            }
            // The one that was bound before the failure is free again.
            #expect(bound(port) == ["0100007F"])
        }

        @Test func oneClientTooManyIsClosedAtOnceAndCounted() throws {
            let fixture = try Fixture { $0.maxClients = 3 }
            let wires = try (0..<3).map { _ in try fixture.connect() }
            #expect(fixture.eventually { fixture.server.counters.clients == 3 })
            #expect(try fixture.connect().isClosed)
            #expect(fixture.eventually { fixture.server.counters.refusedClients == 1 })
            wires[0].send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try Reply(from: wires[0]).status == 200)
            #expect(wires[0].isClosed)
            #expect(fixture.eventually { fixture.server.counters.clients == 2 })
            #expect(try fixture.get("/healthz").status == 200)
            // Released any earlier, the other two would be gone when they are counted.
            withExtendedLifetime(wires) {}
        }

        @Test func oneRawClientTooManyIsClosedAndOthersAreNot() throws {
            let fixture = try Fixture { $0.maxRawClients = 2 }
            let wires = try (0..<3).map { _ in try fixture.connect() }
            for wire in wires.prefix(2) {
                wire.send(Wire.request("status"))
                _ = try wire.takeRecords()
            }
            wires[2].send(Wire.request("status"))
            #expect(wires[2].isClosed)
            #expect(fixture.server.counters.refusedClients == 1)
            #expect(try fixture.get("/healthz").status == 200)
            // Released any earlier, the first two would make room for the third.
            withExtendedLifetime(wires) {}
        }

        @Test func anotherStopDoesNotWait() throws {
            let fixture = try Fixture()
            fixture.server.stop(within: .seconds(5))
            let before = ContinuousClock.now
            fixture.server.stop(within: .seconds(5))
            #expect(ContinuousClock.now - before < .seconds(2))
        }

        @Test func nothingIsLeftBehind() throws {
            let first = try Fixture()
            _ = try first.get("/")
            first.server.stop(within: .seconds(2))
            let before = openDescriptors()
            for _ in 0..<5 {
                let fixture = try Fixture { $0.addresses = ["127.0.0.1", "::1"] }
                for _ in 0..<20 { _ = try fixture.get("/") }
                let wire = try fixture.connect()
                wire.send(Wire.request("status"))
                _ = try wire.takeRecords()
                fixture.server.stop(within: .seconds(2))
                #expect(bound(fixture.server.port).isEmpty)
            }
            // Tests of other rooms open and close theirs at the same time.
            #expect(first.eventually { openDescriptors() <= before })
        }

        @Test func aServerThatWasNeverStartedLetsGoOfItsPort() throws {
            var settings = WebSettings()
            settings.port = 0
            var server: WebServer? = try WebServer(settings, uplink: FakeMonitor().uplink)
            let port = try #require(server?.port)
            #expect(bound(port).count == 1)
            server = nil
            #expect(bound(port).isEmpty)
        }

        @Test func wakingFromManyThreadsAndAfterTheEndIsHarmless() throws {
            let fixture = try Fixture()
            let server = fixture.server
            let threads = (0..<4).map { _ in
                Background {
                    for _ in 0..<2000 { server.wake() }
                }
            }
            usleep(5_000)
            server.stop(within: .seconds(2))
            threads.forEach { $0.join() }
            server.wake()
            #expect(bound(server.port).isEmpty)
        }

        /// Without those by which libwebsockets wakes a context: up to 4.3.5 it leaves them behind
        /// (its issue 2744). The daemon makes one context.
        private func openDescriptors() -> Int {
            (0..<1024).filter { fcntl($0, F_GETFD) >= 0 && !isEvent($0) }.count
        }

        private func isEvent(_ descriptor: Int32) -> Bool {
            var target = [CChar](repeating: 0, count: 64)
            let length = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
            let bytes = target.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
            return bytes == Array("anon_inode:[eventfd]".utf8)
        }
    }
}

/// A thread for a test.
final class Background {
    private var thread = pthread_t()

    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    init(_ body: @escaping @Sendable () -> Void) {
        pthread_create(
            &thread, nil,
            {
                Unmanaged<Work>.fromOpaque($0!).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(Work(body)).toOpaque())
    }

    func join() {
        pthread_join(thread, nil)
    }
}
