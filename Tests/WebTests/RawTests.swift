// The port as apcupsd's tools see it.

import Foundation
import Glibc
import Testing
import UPS

@testable import Web

extension PortTests {
    @Suite(.serialized)
    struct RawTests {
        private func isStatus(_ records: [String]) -> Bool {
            records.first?.hasPrefix("APC      : 001,") == true
                && records.last?.hasPrefix("END APC  : ") == true
        }

        @Test func apcaccessIsAnswered() throws {
            let fixture = try Fixture()
            var child = pid_t()
            let arguments = ["apcaccess", "status", "127.0.0.1:\(fixture.server.port)"]
            var pointers = arguments.map { strdup($0) } + [nil]
            defer { pointers.forEach { free($0) } }
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
            #expect(posix_spawn(&child, "/usr/sbin/apcaccess", &actions, nil, &pointers, nil) == 0)
            posix_spawn_file_actions_destroy(&actions)
            var status: Int32 = -1
            waitpid(child, &status, 0)
            #expect(status == 0)
        }

        @Test func requestsMayComeInAnyPieces() throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            wire.send([0, 6])
            usleep(20_000)
            wire.send("status")
            #expect(isStatus(try wire.takeRecords()))
            for byte in Wire.request("status") {
                wire.send([byte])
                usleep(2_000)
            }
            #expect(isStatus(try wire.takeRecords()))
            wire.send(Wire.request("events"))
            _ = try wire.takeRecords()
            wire.send(Wire.request("nonsense"))
            #expect(try wire.takeRecords() == ["Invalid command\n\0"])
            wire.send(Wire.request("status"))
            #expect(isStatus(try wire.takeRecords()))
        }

        @Test func pipelinedRequestsAreAllAnswered() throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            wire.send(Array((0..<1000).map { _ in Wire.request("status") }.joined()))
            for _ in 0..<1000 { #expect(isStatus(try wire.takeRecords())) }
            wire.send([0, 0])
            #expect(wire.isClosed)
        }

        @Test func aPipeliningClientThatDoesNotReadHoldsUpNobody() throws {
            let fixture = try Fixture()
            let stuck = try fixture.connect(receiveBuffer: 2048)
            stuck.send(Array((0..<4000).map { _ in Wire.request("status") }.joined()))
            let other = try fixture.connect()
            let began = FakeMonitor.now
            for _ in 0..<50 {
                other.send(Wire.request("status"))
                #expect(isStatus(try other.takeRecords()))
            }
            #expect(FakeMonitor.now - began < .seconds(1))
            for _ in 0..<4000 { #expect(isStatus(try stuck.takeRecords())) }
        }

        @Test func aWaitingAnswerDoesNotSpin() throws {
            let fixture = try Fixture()
            let stuck = try fixture.connect(receiveBuffer: 2048)
            stuck.send(Array((0..<4000).map { _ in Wire.request("status") }.joined()))
            usleep(200_000)
            let before = try ticks(of: fixture.server.threadName)
            usleep(500_000)
            #expect(try ticks(of: fixture.server.threadName) - before < 20)
            withExtendedLifetime(stuck) {}
        }

        @Test func sixtyFourConnectionsAreAnswered() throws {
            let fixture = try Fixture()
            let wires = try (0..<64).map { _ in try fixture.connect() }
            for _ in 0..<5 {
                for wire in wires { wire.send(Wire.request("status")) }
                for wire in wires { #expect(isStatus(try wire.takeRecords())) }
            }
            // Released any earlier, the connections would be gone by then.
            withExtendedLifetime(wires) {
                #expect(fixture.server.counters.nisClients == 64)
            }
        }

        @Test(arguments: [
            [0, 0], [255, 255, 1], Array("SSH-2.0-x\r\n".utf8),
            Array("PRI * HTTP/2.0\r\n\r\n".utf8),
            [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3], Array("BREW / HTTP/1.1\r\n\r\n".utf8),
        ])
        func nonsenseEndsTheConnection(bytes: [UInt8]) throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            wire.send(bytes)
            #expect(wire.isClosed)
            #expect(fixture.eventually { fixture.server.counters.clients == 0 })
            #expect(fixture.server.counters.nisClients == 0)
        }

        @Test func aClientThatEndsItsSideGetsItsAnswer() throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            wire.send(Wire.request("status"))
            wire.endSending()
            #expect(isStatus(try wire.takeRecords()))
            #expect(wire.isClosed)
        }

        @Test func thePresentStateIsTold() throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            fixture.change { $0.installation.host = "another" }
            wire.send(Wire.request("status"))
            #expect(try wire.takeRecords().contains("HOSTNAME : another\n"))
        }

        /// CPU time of the server's own thread in clock ticks; other tests run beside it.
        private func ticks(of thread: String) throws -> Int {
            let tasks = "/proc/self/task"
            for task in try FileManager.default.contentsOfDirectory(atPath: tasks) {
                guard
                    let name = try? String(
                        contentsOfFile: "\(tasks)/\(task)/comm", encoding: .utf8),
                    name == thread + "\n"
                else { continue }
                let line = try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
                let fields = line.drop { $0 != ")" }.split(separator: " ")
                return try #require(Int(fields[12])) + #require(Int(fields[13]))
            }
            throw POSIXError(.ESRCH)
        }
    }
}
