// The request parser of NIS, fed in every way a network can; and the other two answers.

import Testing

@testable import Report
@testable import UPS

@Suite struct NISSessionTests {
    private static let status: [UInt8] = [0, 6] + "status".utf8
    private static let events: [UInt8] = [0, 6] + "events".utf8

    private static func requests(_ chunks: [[UInt8]]) -> [NISSession.Request] {
        var session = NISSession()
        var requests: [NISSession.Request] = []
        for chunk in chunks {
            session.receive(chunk)
            while let request = session.next() { requests.append(request) }
        }
        return requests
    }

    @Test(
        arguments: [
            ([], []),
            ([0], []),
            ([0, 6] + "statu".utf8, []),
            (status, [.status]),
            (events, [.events]),
            (status + events + status, [.status, .events, .status]),
            ([0, 3] + "foo".utf8 + status, [.unknown, .status]),
            ([0, 6] + "STATUS".utf8, [.unknown]),
            ([0, 7] + "status\n".utf8, [.unknown]),
            ([0, 6, 0xFF, 0xFE, 0, 0xC3, 0x28, 0x80] + status, [.unknown, .status]),
            ([1, 0] + [UInt8](repeating: 0x61, count: 256) + status, [.unknown, .status]),
            ([1, 1], [.tooLong]),
            ([0xFF, 0xFF] + status, [.tooLong]),
            (status + [0, 0] + status, [.status, .end]),
        ] as [([UInt8], [NISSession.Request])])
    func requests(_ bytes: [UInt8], _ expected: [NISSession.Request]) {
        #expect(NISSessionTests.requests([bytes]) == expected)
        #expect(NISSessionTests.requests(bytes.map { [$0] }) == expected)
        for cut in bytes.indices {
            let chunks = [[UInt8](bytes[..<cut]), [UInt8](bytes[cut...])]
            #expect(NISSessionTests.requests(chunks) == expected)
        }
    }

    @Test func backlogHasALimit() {
        var session = NISSession()
        let flood = [UInt8](repeating: 0x61, count: NISSession.longestBacklog)
        session.receive(NISSessionTests.status)
        session.receive(flood)
        #expect(session.next() == .tooLong)
        session.receive(NISSessionTests.status)
        #expect(session.next() == nil)
    }

    @Test func takenRequestsLeaveNoBacklog() {
        var session = NISSession()
        let chunk = [[UInt8]](repeating: NISSessionTests.status, count: 1000).flatMap { $0 }
        for _ in 0..<20 {
            session.receive(chunk)
            for _ in 0..<1000 { #expect(session.next() == .status) }
            #expect(session.next() == nil)
        }
    }

    @Test func invalidCommand() throws {
        #expect(NISReport.invalidCommand == [0, 17] + "Invalid command\n\0".utf8 + [0, 0])
    }

    @Test func noEvents() {
        let answer = NISReport.events(State.online.snapshot)
        #expect(answer == [0, 15] + "Not available\n\0".utf8 + [0, 0])
    }

    @Test func lastFiftyEventsOldestFirst() throws {
        var snapshot = State.online.snapshot
        for number in 1...60 {
            let text = number == 60 ? "18 mΩ\n" + String(repeating: "é", count: 300) : "\(number)"
            let event = Event(
                number: UInt64(number), name: .warning, time: snapshot.at(Double(number - 60)),
                text: Message(text))
            snapshot.events.append(event)
        }
        let records = try NISClients.records(NISReport.events(snapshot))
        #expect(records.count == 50)
        #expect(records.first == "2026-11-22 16:03:16 +0100  11\n")
        let marks = String(repeating: "?", count: 91)
        #expect(records.last == "2026-11-22 16:04:05 +0100  18 mOhm?\(marks)\n")
        #expect(records.last?.utf8.count == 127)
    }
}
