// What the daemon and the process of its MQTT client say to each other.

import Testing

@testable import MQTT

struct ClientMessagesTests {
    private static var settings: Publisher.Settings {
        var settings = Publisher.Settings(id: "cellar")
        settings.host = "broker.example"
        settings.port = 8883
        settings.keepalive = 11
        settings.prefix = "haus/öl"
        settings.username = "ups"
        settings.password = ""
        var tls = Publisher.TLS(caFile: "/ca.pem")
        tls.keyFile = "/key.pem"
        tls.isInsecure = true
        settings.tls = tls
        return settings
    }

    private static let orders: [ClientOrder] = [
        .open(settings, BrokerRole(suffix: "-x", will: "a/b", largestMessage: 7), isVersion5: true),
        .open(Publisher.Settings(id: ""), BrokerRole(), isVersion5: false),
        .publish(number: .max, topic: "ups/a", payload: "\u{0}ß", retain: true),
        .subscribe(topic: "#", isLive: true), .disconnect,
    ]
    private static let refusal: BrokerFailure = {
        var failure = BrokerFailure("no", isRefusal: true)
        failure.wantsOlderVersion = true
        failure.isEndByBroker = true
        return failure
    }()
    private static let reports: [ClientReport] = [
        .connected, .acknowledged(number: 258), .warning("w"), .failed(refusal),
        .message(BrokerMessage(topic: "t", payload: [0, 255], isRetained: true)),
    ]

    private static func fields(_ bytes: [UInt8]) throws -> FieldReader? {
        var messages = ClientMessages()
        messages.append(bytes)
        return try messages.next()
    }

    @Test(arguments: orders) func ordersComeThrough(order: ClientOrder) throws {
        let fields = try #require(try ClientMessagesTests.fields(order.bytes))
        #expect(try ClientOrder(fields) == order)
    }

    @Test(arguments: reports) func reportsComeThrough(report: ClientReport) throws {
        let fields = try #require(try ClientMessagesTests.fields(report.bytes))
        #expect(try ClientReport(fields) == report)
    }

    /// Whatever portions they come in.
    @Test func messagesAreTakenInOrder() throws {
        var messages = ClientMessages()
        var taken: [ClientReport] = []
        for byte in ClientMessagesTests.reports.flatMap(\.bytes) {
            messages.append([byte])
            while let fields = try messages.next() { taken.append(try ClientReport(fields)) }
        }
        #expect(taken == ClientMessagesTests.reports)
    }

    /// Cut off, with something behind the end, or of no kind: none is half believed.
    @Test(arguments: reports) func whatIsMalformedIsNone(report: ClientReport) throws {
        let fields = try #require(try ClientMessagesTests.fields(report.bytes)).bytes
        for count in 0..<fields.count {
            #expect(throws: ClientMessages.Malformed.self) {
                try ClientReport(FieldReader(bytes: fields.prefix(count)))
            }
        }
        #expect(throws: ClientMessages.Malformed.self) {
            try ClientReport(FieldReader(bytes: fields + [0]))
        }
        #expect(throws: ClientMessages.Malformed.self) {
            try ClientReport(FieldReader(bytes: [99] + fields.dropFirst()))
        }
    }

    /// They go to the log: no second line, no escape sequence, no flood.
    @Test(arguments: ["a\nb", "\u{1b}[2J", "\u{85}", String(repeating: "x", count: 2001)])
    func whatIsNoSentenceIsNotTaken(text: String) throws {
        for report in [ClientReport.warning(text), .failed(BrokerFailure(text))] {
            let fields = try #require(try ClientMessagesTests.fields(report.bytes))
            #expect(throws: ClientMessages.Malformed.self) { try ClientReport(fields) }
        }
    }

    @Test(arguments: [[0, 0, 0, 0], [1, 0, 16, 0], [255, 255, 255, 255]] as [[UInt8]])
    func aLengthThatCannotBeEndsIt(length: [UInt8]) {
        #expect(throws: ClientMessages.Malformed.self) {
            try ClientMessagesTests.fields(length + [0])
        }
    }
}
