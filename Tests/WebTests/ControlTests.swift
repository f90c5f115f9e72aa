// The control socket: what it answers, and whom it lets in.

import Glibc
import Testing
import Web

@testable import UPS

extension PortTests {
    @Suite(.serialized)
    struct ControlTests {
        private let folder = Folder([:])

        private var path: String { folder.path + "/control.sock" }

        private func fixture() throws -> Fixture {
            try Fixture { $0.controlSocket = path }
        }

        private func line(_ wire: Wire) throws -> String { try wire.take(through: "\n") }

        @Test func commandsAreAnsweredLineByLine() throws {
            let fixture = try fixture()
            let wire = try Wire(unix: path)
            wire.send(
                "{\"cmd\":\"cancel\"}\n\n{\"cmd\":\"drill\",\"seconds\":9,\"id\":\"d\"}\r\n{\"cmd\":\"me"
            )
            #expect(try line(wire).contains("\"ok\":true"))
            #expect(try line(wire).contains("\"id\":\"d\""))
            wire.send("asure\"}\n")
            #expect(try line(wire).contains("\"ok\":true"))
            #expect(
                fixture.monitor.commands.map(\.verb) == [.cancel, .drill(seconds: 9), .measure])
            #expect(fixture.monitor.commands.allSatisfy { $0.origin == .control })
        }

        @Test func queriesAreAnswered() throws {
            let fixture = try fixture()
            fixture.change {
                $0.events.append(Event(number: 1, name: .powerFail, time: $0.time, text: "failed"))
            }
            let wire = try Wire(unix: path)
            wire.send("{\"cmd\":\"status\"}\n{\"cmd\":\"events\",\"limit\":5}\nnonsense\n")
            #expect(try line(wire).contains("\"status\":\"online\""))
            #expect(try line(wire).contains("\"event\":\"power_fail\""))
            #expect(try line(wire).contains("\"ok\":false"))
        }

        @Test func anAnswerThatComesLateIsStillSent() throws {
            let fixture = try fixture()
            fixture.monitor.setReply(nil)
            let wire = try Wire(unix: path)
            wire.send("{\"cmd\":\"cancel\"}\n{\"cmd\":\"status\"}\n")
            wire.endSending()
            #expect(fixture.eventually { fixture.monitor.commands.count == 1 })
            usleep(50_000)
            fixture.change { $0.answers.post(.refused("No."), for: 1) }
            #expect(try line(wire).contains("\"message\":\"No.\""))
            #expect(try line(wire).contains("\"status\":\"online\""))
            #expect(wire.isClosed)
        }

        @Test func aLineThatIsTooLongEndsTheConnection() throws {
            let fixture = try fixture()
            for end in ["", "\n"] {
                let wire = try Wire(unix: path)
                wire.send(String(repeating: "x", count: 5000) + end)
                #expect(try line(wire).contains("at most 4096 bytes"))
                #expect(wire.isClosed)
            }
            #expect(fixture.monitor.commands.isEmpty)
        }

        @Test func theFileIsForItsGroupOnlyAndGoesWithTheServer() throws {
            let before = umask(0)
            defer { umask(before) }
            var status = stat()
            do {
                let fixture = try Fixture {
                    $0.controlSocket = path
                    $0.controlSocketGroup = getgid()
                }
                #expect(lstat(path, &status) == 0)
                #expect(status.st_mode == S_IFSOCK | 0o660)
                #expect(status.st_gid == getgid())
                fixture.server.stop(within: .seconds(2))
            }
            #expect(lstat(path, &status) != 0)
        }

        @Test func aLeftOverFileIsReplacedAndALiveOneIsNot() throws {
            let first = try fixture()
            #expect {
                _ = try fixture()
            } throws: { error in
                "\(error)"
                    == "the control socket \(path) is in use: another ups-server answers on it"
            }
            first.server.stop(within: .seconds(2))
            // As after `kill -9`: the file is there and nobody listens.
            let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            withUnsafeBytes(of: address) { bytes in
                let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
                #expect(bind(dead, pointer, socklen_t(bytes.count)) == 0)
            }
            close(dead)
            let second = try fixture()
            let wire = try Wire(unix: path)
            wire.send("{\"cmd\":\"cancel\"}\n")
            #expect(try line(wire).contains("\"ok\":true"))
            #expect(second.monitor.commands.count == 1)
        }

        @Test func aFileThatIsNoSocketStays() throws {
            folder.write("control.sock", "text")
            #expect(throws: WebError.self) { _ = try fixture() }
            var status = stat()
            #expect(lstat(path, &status) == 0)
        }

        @Test func aPathThatIsTooLongIsAnError() {
            #expect {
                _ = try Fixture { $0.controlSocket = "/tmp/" + String(repeating: "x", count: 200) }
            } throws: { "\($0)".contains("its path may have at most 107 bytes") }
        }
    }
}
