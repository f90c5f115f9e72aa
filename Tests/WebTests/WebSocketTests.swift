// The port as the dashboard's WebSocket sees it.

import Glibc
import Testing
import UPS

extension PortTests {
    @Suite(.serialized)
    struct WebSocketTests {
        /// A client that may command: its Origin equals the Host, which names this host.
        private func client(_ fixture: Fixture, origin: String? = nil) throws -> Wire {
            let host = "127.0.0.1:\(fixture.server.port)"
            let wire = try fixture.connect()
            let reply = try wire.shakeHands(host: host, origin: origin ?? "http://\(host)")
            #expect(reply.status == 101)
            #expect(reply.header("Sec-WebSocket-Protocol") == "broadcast")
            return wire
        }

        @Test func theStatusComesAtOnceAndOnChangeAndEverySecond() throws {
            let fixture = try Fixture()
            let wire = try client(fixture)
            #expect(try wire.takeFrame().text.contains("\"status\":\"online\""))
            let began = FakeMonitor.now
            fixture.change { $0.status = .onBattery }
            #expect(try wire.takeFrame(with: "\"status\":\"on_battery\"").opcode == 1)
            #expect(FakeMonitor.now - began < .milliseconds(200))
            for _ in 0..<2 { _ = try wire.takeFrame() }
            #expect(FakeMonitor.now - began > .milliseconds(900))
            #expect(FakeMonitor.now - began < .milliseconds(2500))
        }

        @Test func aMissingOrUnknownSubprotocolIsRefused() throws {
            let fixture = try Fixture()
            for subprotocol in [nil, "chat", "nis", "http", "broadcaster", "BROADCAST"] {
                let wire = try fixture.connect()
                let reply = try wire.shakeHands(host: "x", subprotocol: subprotocol)
                #expect(reply.status == 400)
                #expect(wire.isClosed)
            }
            for subprotocol in ["chat, broadcast", "broadcast,chat"] {
                let reply = try fixture.connect().shakeHands(host: "x", subprotocol: subprotocol)
                #expect(reply.status == 101)
                #expect(reply.header("Sec-WebSocket-Protocol") == "broadcast")
            }
            // Ours, but not for WebSockets: the connection ends, without a switch of protocols.
            for subprotocol in ["nis, broadcast", "control, broadcast", "listener,broadcast"] {
                let wire = try fixture.connect()
                #expect((try? wire.shakeHands(host: "x", subprotocol: subprotocol))?.status != 101)
            }
            #expect(try fixture.get("/healthz").status == 200)
        }

        @Test func aForeignOriginIsRefusedAndAMissingOneMayRead() throws {
            let fixture = try Fixture()
            for origin in ["http://evil.example", "null", "http://127.0.0.1:1"] {
                let reply = try fixture.connect()
                    .shakeHands(host: "127.0.0.1:\(fixture.server.port)", origin: origin)
                #expect(reply.status == 403)
            }
            let wire = try fixture.connect()
            #expect(try wire.shakeHands(host: "127.0.0.1:\(fixture.server.port)").status == 101)
            #expect(try wire.takeFrame().text.contains("\"control\":false"))
            wire.sendFrame(#"{"cmd":"cancel","id":"a"}"#)
            #expect(try wire.takeFrame(with: "\"id\":\"a\"").text.contains("\"ok\":false"))
            #expect(fixture.monitor.commands.isEmpty)
        }

        /// Whatever its client says: a proxy on this host speaks for others.
        @Test(arguments: [
            "X-Forwarded-For: 192.0.2.1", "x-forwarded-for:127.0.0.1", "Forwarded: for=127.0.0.1",
            "Via: 1.1 proxy", "X-Real-IP: ::1", "X-Forwarded-Host: localhost",
            "X-Forwarded-Proto: https", "X-Forwarded-Server: x", "X-Forwarded-Port:",
        ])
        func whatWasForwardedIsNotFromThisHost(line: String) throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            let host = "localhost:\(fixture.server.port)"
            let reply = try wire.shakeHands(host: host, origin: "http://\(host)", with: [line])
            #expect(reply.status == 101)
            #expect(try wire.takeFrame().text.contains("\"control\":false"))
            wire.sendFrame(#"{"cmd":"cancel","id":"a"}"#)
            let answer = try wire.takeFrame(with: "\"id\":\"a\"").text
            #expect(answer.contains("Commands are taken only from this host itself."))
            #expect(fixture.monitor.commands.isEmpty)
        }

        @Test func aCommandIsHandedUpAndAnsweredToItsSenderOnly() throws {
            let fixture = try Fixture()
            let sender = try client(fixture)
            let other = try client(fixture)
            #expect(try sender.takeFrame().text.contains("\"control\":true"))
            sender.sendFrame(#"{"cmd":"delay","seconds":300,"id":"1"}"#)
            let answer = try sender.takeFrame(with: "\"result\"").text
            #expect(answer.contains("\"id\":\"1\""))
            #expect(answer.contains("\"ok\":true"))
            for _ in 0..<3 { #expect(!(try other.takeFrame().text.contains("result"))) }
            #expect(fixture.monitor.commands.map(\.verb) == [.delay(seconds: 300)])
            #expect(fixture.monitor.commands.first?.origin == .port)
        }

        @Test func equalIdsOfTwoClientsAreTwoCommands() throws {
            let fixture = try Fixture()
            for _ in 0..<2 {
                let wire = try client(fixture)
                wire.sendFrame(#"{"cmd":"cancel","id":"1"}"#)
                #expect(try wire.takeFrame(with: "\"result\"").text.contains("\"id\":\"1\""))
            }
            let ids = fixture.monitor.commands.map(\.id)
            #expect(Set(ids).count == 2)
        }

        @Test func whatHasNoIdIsNotAnswered() throws {
            let fixture = try Fixture()
            let wire = try client(fixture)
            wire.sendFrame(#"{"cmd":"cancel"}"#)
            wire.sendFrame("nonsense")
            wire.sendFrame(#"{"cmd":"drill"}"#)
            wire.sendFrame("\u{1}binary", opcode: 2)
            wire.sendFrame(#"{"cmd":"drill","id":"d"}"#)
            for _ in 0..<10 {
                let text = try wire.takeFrame().text
                guard text.contains("\"result\"") else { continue }
                #expect(text.contains("\"id\":\"d\""))
                #expect(text.contains("\"ok\":false"))
                break
            }
            #expect(fixture.monitor.commands.map(\.verb) == [.cancel])
            #expect(fixture.server.counters.ignoredCommands == 2)
        }

        @Test func fragmentsAreJoinedUpToTheLimit() throws {
            let fixture = try Fixture()
            let wire = try client(fixture)
            wire.sendFrame(#"{"cmd":"can"#, isFinal: false)
            wire.sendFrame(#"cel","id":"#, opcode: 0, isFinal: false)
            wire.sendFrame(#""f"}"#, opcode: 0)
            #expect(try wire.takeFrame(with: "\"id\":\"f\"").text.contains("\"ok\":true"))
            let padding = String(repeating: " ", count: 4096 - #"{"cmd":"cancel","id":"l"}"#.count)
            wire.sendFrame(#"{"cmd":"cancel","id":"l"}"# + padding)
            #expect(try wire.takeFrame(with: "\"id\":\"l\"").text.contains("\"ok\":true"))
            wire.sendFrame(String(repeating: " ", count: 3000), isFinal: false)
            wire.sendFrame(String(repeating: " ", count: 3000), opcode: 0)
            while true {
                let frame = try wire.takeFrame()
                guard frame.opcode == 8 else { continue }
                #expect(frame.closeStatus == 1009)
                break
            }
        }

        @Test func onlyADemoAndOnlyWhoMayCommandPlaysWithTheUPS() throws {
            let line = #"{"cmd":"simulate","line":"power off","id":"s"}"#
            let demo = try Fixture {
                $0.simulator = { CommandResult(isAccepted: true, message: "heard \($0)") }
            }
            let player = try client(demo)
            player.sendFrame(line)
            #expect(try player.takeFrame(with: "\"result\"").text.contains("heard power off"))
            let reader = try demo.connect()
            _ = try reader.shakeHands(host: "127.0.0.1:\(demo.server.port)")
            let other = try Fixture()
            let real = try client(other)
            for wire in [reader, real] {
                wire.sendFrame(line)
                #expect(try wire.takeFrame(with: "\"result\"").text.contains("\"ok\":false"))
            }
        }

        @Test func aTokenIsAskedForAndWrongOnesAreLimited() throws {
            let fixture = try Fixture { $0.commands = .token("correct horse battery") }
            let wire = try client(fixture)
            #expect(try wire.takeFrame().text.contains("\"control\":true"))
            func send(_ token: String, _ id: String) throws -> String {
                wire.sendFrame(#"{"cmd":"cancel","id":"\#(id)","token":"\#(token)"}"#)
                return try wire.takeFrame(with: "\"id\":\"\(id)\"").text
            }
            #expect(try send("correct horse battery", "a").contains("\"ok\":true"))
            for id in ["b", "c", "d", "e", "f"] {
                #expect(try send("wrong", id).contains("The token is wrong."))
            }
            #expect(try send("correct horse battery", "g").contains("Too many wrong tokens"))
            #expect(fixture.monitor.commands.count == 1)
            let note = "command_refused: Refused cancel from the dashboard: The token is wrong."
            #expect(fixture.monitor.notes == Array(repeating: note, count: 5))
        }

        @Test func aFullQueueIsTold() throws {
            let fixture = try Fixture()
            fixture.monitor.setFull()
            let wire = try client(fixture)
            wire.sendFrame(#"{"cmd":"cancel","id":"q"}"#)
            #expect(try wire.takeFrame(with: "\"id\":\"q\"").text.contains("Too many commands"))
        }

        @Test func aFloodOfCommandsIsLimited() throws {
            let fixture = try Fixture()
            let wire = try client(fixture)
            for _ in 0..<60 { wire.sendFrame(#"{"cmd":"cancel"}"#) }
            #expect(fixture.eventually { fixture.server.counters.ignoredCommands >= 30 })
            #expect((20...30).contains(fixture.monitor.commands.count))
        }

        @Test func aClientThatNeverReadsHoldsUpNobody() throws {
            let fixture = try Fixture()
            let stuck = try fixture.connect(receiveBuffer: 2048)
            let host = "127.0.0.1:\(fixture.server.port)"
            _ = try stuck.shakeHands(host: host)
            let reading = try client(fixture)
            // Far more than the kernel keeps for the one that does not read.
            for count in 0..<300 {
                fixture.change { $0.problems = ["change \(count)."] }
                #expect(try reading.takeFrame(with: "change \(count).").opcode == 1)
            }
            #expect(fixture.server.counters.webSocketClients == 2)
            #expect(try fixture.get("/healthz").status == 200)
        }

        @Test func aStuckClientIsDropped() throws {
            let fixture = try Fixture()
            let stuck = try fixture.connect(receiveBuffer: 2048)
            _ = try stuck.shakeHands(host: "x")
            for _ in 0..<600 {
                fixture.change()
                usleep(1000)
            }
            #expect(fixture.server.counters.webSocketClients == 1)
            for _ in 0..<130 where fixture.server.counters.webSocketClients > 0 { usleep(100_000) }
            #expect(fixture.server.counters.droppedClients == 1)
            #expect(fixture.server.counters.clients == 0)
        }

        @Test func aThousandClientsGetAChange() throws {
            // Both ends of each connection need a descriptor here, where other tests run as well;
            // a user has 1,024 by default, and may take more.
            var limit = rlimit()
            #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 10_000))
            #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let fixture = try Fixture { $0.maxClients = 2200 }
            var wires: [Wire] = []
            for _ in 0..<1000 {
                let wire = try fixture.connect()
                _ = try wire.shakeHands(host: "x")
                wires.append(wire)
            }
            for wire in wires { _ = try wire.takeFrame() }
            fixture.change { $0.status = .onBattery }
            for wire in wires { _ = try wire.takeFrame(with: "on_battery") }
            #expect(fixture.server.counters.webSocketClients == 1000)
            withExtendedLifetime(wires) {}
            wires = []
            #expect(fixture.eventually { fixture.server.counters.clients == 0 })
        }

        @Test func theLastMessageArrivesBeforeTheEnd() throws {
            let fixture = try Fixture()
            let wire = try client(fixture)
            _ = try wire.takeFrame()
            fixture.monitor.change { $0.status = .shuttingDown }
            fixture.server.stop(within: .seconds(2))
            #expect(try wire.takeFrame(with: "shutting_down").opcode == 1)
            #expect(try wire.takeFrame().closeStatus == 1001)
        }
    }
}
