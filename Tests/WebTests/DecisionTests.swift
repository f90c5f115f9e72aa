// What is decided without a connection: who is let in, who may command, for how long.

import Report
import Testing

@testable import UPS
@testable import Web

struct DecisionTests {
    private let here = Peer(ipv4: 0x7F00_0001)
    private let there = Peer(ipv4: 0xC0A8_0101)

    @Test func peersOfThisHostAreKnown() {
        #expect(Peer(ipv4: 0x7F01_0203).isLoopback)
        #expect(!Peer(ipv4: 0x0A00_0001).isLoopback)
        var address = [UInt8](repeating: 0, count: 16)
        #expect(!Peer(ipv6: address).isLoopback)
        address[15] = 1
        #expect(Peer(ipv6: address).isLoopback)
        address[0] = 0xFE
        #expect(!Peer(ipv6: address).isLoopback)
        var neighbour = address
        neighbour[15] = 2
        #expect(Peer(ipv6: address).key == Peer(ipv6: neighbour).key)
        neighbour[7] = 1
        #expect(Peer(ipv6: address).key != Peer(ipv6: neighbour).key)
        #expect(here.key != there.key)
    }

    @Test func placesStayFreeForThisHost() {
        var limits = ClientLimits(maxClients: 40, maxRawClients: 20)
        let others = (0..<30).map { Peer(ipv4: 0xC0A8_0100 + $0 % 3) }
        #expect(others.filter { limits.admit($0) }.count == 24)
        #expect((0..<30).filter { _ in limits.admit(here) }.count == 16)
        #expect(limits.clients == 40)
        #expect(limits.refused == 20)
        #expect(others.filter { limits.admitRaw($0) }.count == 10)
        #expect((0..<30).filter { _ in limits.admitRaw(here) }.count == 10)
        limits.leave(here, isRaw: true)
        #expect((limits.clients, limits.rawClients) == (39, 19))
        #expect(limits.admit(here) == true)
        #expect(limits.admit(here) == false)
        limits.leave(here, isRaw: false)
        #expect((limits.clients, limits.rawClients) == (39, 19))
    }

    @Test func noAddressHoldsMoreThanItsShare() {
        var limits = ClientLimits(maxClients: 1200, maxRawClients: 600)
        let other = Peer(ipv4: 0xC0A8_0102)
        #expect((0..<2000).filter { _ in limits.admit(there) }.count == 296)
        #expect((0..<296).filter { _ in limits.admitRaw(there) }.count == 146)
        #expect(limits.admit(other) == true)
        #expect(limits.admitRaw(other) == true)
        #expect((0..<2000).filter { _ in limits.admit(here) }.count == 1200 - 297)
        #expect((limits.clients, limits.rawClients) == (1200, 147))
        for number in 0..<296 { limits.leave(there, isRaw: number < 146) }
        #expect((limits.clients, limits.rawClients, limits.addresses) == (904, 1, 1))
        #expect(limits.admit(there) == true)
        #expect(limits.admitRaw(there) == true)
        #expect(limits.addresses == 2)
        // A network of IPv6 is one address.
        var address: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 12)
        for number in 0..<UInt8(200) {
            address[15] = number
            #expect(limits.admit(Peer(ipv6: address)) == true)
        }
        #expect(limits.addresses == 3)
    }

    @Test func aShareIsEnoughForABrowser() {
        var limits = ClientLimits(maxClients: 40, maxRawClients: 40)
        #expect((0..<30).filter { _ in limits.admit(there) }.count == 16)
        #expect((0..<30).filter { _ in limits.admitRaw(there) }.count == 16)
    }

    private static let commanders: [(WebCommands, String?, String?, isHere: Bool, may: Bool)] = [
        (.loopback, "http://localhost:10024", "localhost:10024", true, true),
        (.loopback, "http://127.0.0.1:10024", "127.0.0.1:10024", true, true),
        (.loopback, "http://[::1]:10024", "[::1]:10024", true, true),
        (.loopback, "HTTP://LocalHost:1", "localhost:1", true, true),
        (.loopback, "https://localhost", "localhost", true, true),
        (.loopback, "http://localhost:10024", "localhost:10024", false, false),
        (.loopback, nil, "localhost:10024", true, false),
        (.loopback, "http://localhost:10024", nil, true, false),
        (.loopback, "http://localhost:1", "localhost:10024", true, false),
        (.loopback, "http://localhost", "localhost:10024", true, false),
        (.loopback, "localhost:10024", "localhost:10024", true, false),
        // A name of somebody else that was made to point here.
        (.loopback, "http://evil.example:10024", "evil.example:10024", true, false),
        (.loopback, "http://localhost.evil.example", "localhost.evil.example", true, false),
        (.loopback, "http://127.0.0.1.evil.example", "127.0.0.1.evil.example", true, false),
        (.loopback, "http://localhost:", "localhost:", true, false),
        (.loopback, "http://", "", true, false),
        (.off, "http://localhost:10024", "localhost:10024", true, false),
        (.token("sixteen or more.."), "http://ups:10024", "ups:10024", false, true),
        (.token("sixteen or more.."), nil, "ups:10024", false, false),
        (.token("sixteen or more.."), "http://other:10024", "ups:10024", false, false),
    ]

    private func decided(
        _ commands: WebCommands, _ origin: String?, _ host: String?, _ peer: Peer
    ) -> (direct: CommandAccess, forwarded: CommandAccess) {
        func access(isForwarded: Bool) -> CommandAccess {
            CommandGuard(commands: commands)
                .access(origin: origin, host: host, peer: peer, isForwarded: isForwarded)
        }
        return (access(isForwarded: false), access(isForwarded: true))
    }

    @Test(arguments: commanders)
    func whoMayCommand(
        commands: WebCommands, origin: String?, host: String?, isHere: Bool, may: Bool
    ) {
        let (access, forwarded) = decided(commands, origin, host, isHere ? here : there)
        #expect(access.mayCommand == may)
        if may, case .token = commands { #expect(access == .token) }
        #expect(forwarded == (access == .allowed ? .loopback : access))
    }

    @Test func handshakes() {
        let commandGuard = CommandGuard(commands: .loopback)
        func handshake(_ origin: String?, _ subprotocols: String?) -> WebSocketHandshake {
            let headers = WebSocketHandshake.Headers(
                version: "13", key: key, origin: origin, host: "localhost:1",
                subprotocols: subprotocols)
            return WebSocketHandshake(headers, peer: here, commandGuard: commandGuard)
        }
        #expect(handshake("http://localhost:1", "broadcast") == .accepted(.allowed))
        #expect(handshake(nil, "x, broadcast") == .accepted(.origin))
        let refusals: [(String?, String?, HTTPResponse.Status)] = [
            ("http://localhost:2", "broadcast", .forbidden), ("null", "broadcast", .forbidden),
            (nil, nil, .badRequest), (nil, "broadcast2", .badRequest), (nil, "", .badRequest),
        ]
        for (origin, subprotocols, status) in refusals {
            guard case .refused(let response) = handshake(origin, subprotocols) else {
                Issue.record("\(origin ?? "-") \(subprotocols ?? "-") was accepted")
                continue
            }
            #expect(response.status == status)
            #expect(response.closes)
        }
    }

    private let key = "dGhlIHNhbXBsZSBub25jZQ=="

    @Test func whatIsNoHandshakeOfAWebSocketIsRefused() {
        func refusal(
            isPlainGet: Bool = true, version: String? = "13", key: String?
        ) -> HTTPResponse? {
            let headers = WebSocketHandshake.Headers(
                isPlainGet: isPlainGet, version: version, key: key, host: "localhost:1",
                subprotocols: "broadcast")
            let handshake = WebSocketHandshake(
                headers, peer: here, commandGuard: CommandGuard(commands: .loopback))
            guard case .refused(let response) = handshake else { return nil }
            return response
        }
        #expect(refusal(key: key) == nil)
        for version in [nil, "", "8", "99", "13, 8", "013"] {
            let response = refusal(version: version, key: key)
            #expect(response?.status == .upgradeRequired)
            #expect(response?.closes == true)
            let head = response.map { String(decoding: $0.head, as: UTF8.self) }
            #expect(head?.contains("\r\nSec-WebSocket-Version: 13\r\n") == true)
        }
        #expect(refusal(isPlainGet: false, key: key)?.status == .badRequest)
        for key in [nil, "", "x", String(key.dropLast()), key + "=", "dGhlIHNhbXBsZSBub25jZ!=="] {
            #expect(refusal(key: key)?.status == .badRequest)
        }
    }

    @Test func tokens() {
        var tokens = TokenGuard("correct horse battery")
        let start = BootTime(.seconds(100))
        #expect(tokens.check("correct horse battery", of: there, at: start) == .right)
        for token in ["", "correct horse", "correct horse batterx", "correct horse battery "] {
            #expect(tokens.check(token, of: there, at: start) == .wrong)
        }
        #expect(tokens.check("correct horse battery", of: there, at: start) == .right)
        #expect(tokens.check("x", of: there, at: start) == .wrong)
        for seconds in [0, 59] {
            let now = start + .seconds(seconds)
            #expect(tokens.check("correct horse battery", of: there, at: now) == .tooMany)
            #expect(tokens.check("correct horse battery", of: here, at: now) == .right)
        }
        let later = start + .seconds(60)
        #expect(tokens.check("correct horse battery", of: there, at: later) == .right)
    }

    @Test func wrongTokensAreForgottenAfterAMinute() {
        var tokens = TokenGuard("correct horse battery")
        for count in 0..<20 {
            let now = BootTime(.seconds(100 + 20 * count))
            #expect(tokens.check("x", of: there, at: now) == .wrong)
        }
    }

    @Test func rememberedPeersHaveALimit() {
        var tokens = TokenGuard("correct horse battery")
        let now = BootTime(.seconds(100))
        for _ in 0..<5 { _ = tokens.check("x", of: here, at: now) }
        for number in 0..<UInt32(TokenGuard.capacity) {
            _ = tokens.check("x", of: Peer(ipv4: number), at: now + .seconds(1))
        }
        #expect(tokens.attempts.count == TokenGuard.capacity)
        #expect(tokens.check("x", of: here, at: now + .seconds(2)) == .wrong)
    }

    @Test func whoFloodsIsNotReadForAWhile() {
        var limit = ReadingLimit()
        var received: UInt64 = 0
        func isRead(behind count: UInt64 = 0) -> Bool {
            received += count
            return limit.nextSecond(received: received)
        }
        func isPieceTaken() -> Bool { limit.takePiece() }
        for _ in 0..<100 { #expect(isRead(behind: ReadingLimit.perSecond)) }
        #expect(!isRead(behind: ReadingLimit.burst + 3 * ReadingLimit.perSecond))
        #expect(!isRead())
        #expect(isRead())
        var rests: UInt64 = 1
        #expect(!isRead(behind: 1_000_000_000))
        while !isRead() { rests += 1 }
        #expect(rests == ReadingLimit.longestRest - 1)
        for _ in 1..<ReadingLimit.pieces { #expect(isPieceTaken()) }
        #expect(!isPieceTaken())
        #expect(isRead())
        #expect(isPieceTaken())
    }

    @Test func ratesOfCommands() {
        var rate = WebSocketClient.commandRate
        let start = BootTime(.seconds(100))
        #expect((0..<50).filter { _ in rate.pass(at: start) }.count == 20)
        #expect(rate.pass(at: start + .milliseconds(50)) == false)
        let later = start + .milliseconds(550)
        #expect((0..<50).filter { _ in rate.pass(at: later) }.count == 5)
        #expect((0..<50).filter { _ in rate.pass(at: start + .seconds(60)) }.count == 20)
    }

    @Test func silenceOfRawClients() {
        var limit = RawTimeLimit(idle: 90)
        let start = BootTime(.seconds(100))
        #expect(limit.answered(at: start) == 90)
        #expect(limit.answered(at: start + .seconds(9)) == nil)
        #expect(limit.answered(at: start + .seconds(10)) == 90)
        #expect(limit.begun() == 10)
        #expect(limit.begun() == nil)
        #expect(limit.answered(at: start + .seconds(11)) == 90)
        #expect(limit.answered(at: start + .seconds(12)) == nil)
    }

    @Test func waitingCommandsAreAnsweredOrGivenUp() throws {
        let uplink = FakeMonitor().uplink
        var snapshot = uplink.latest()
        var settings = WebSettings()
        settings.port = 0
        let context = try WebContext(settings, uplink: uplink, files: StaticFiles())
        defer { context.destroy() }
        let client = Client(context: context, peer: here, number: 1)
        let other = Client(context: context, peer: here, number: 2)
        var waiting = WaitingCommands()
        for (ticket, owner) in [(Ticket(1), client), (2, client), (3, other)] {
            waiting.append(
                WaitingCommand(
                    ticket: ticket, id: "\(ticket)", submitted: snapshot.time, client: owner))
        }
        #expect(waiting.answered(by: snapshot).isEmpty)
        snapshot.answers.post(.accepted("Yes."), for: 2)
        #expect(waiting.answered(by: snapshot).map(\.0.id) == ["2"])
        waiting.forget(other)
        snapshot.time = snapshot.time + WaitingCommands.patience
        let late = waiting.answered(by: snapshot)
        #expect(late.map(\.0.id) == ["1"])
        #expect(late.map(\.1) == [WaitingCommands.lost])
        #expect(waiting.isEmpty)
    }
}
