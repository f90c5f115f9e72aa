// What the daemon and the process of its MQTT client say to each other, as bytes on a socket pair.
// Values; both sides are the same program, but neither believes the other's lengths.

import Report

/// From the daemon to the client.
enum ClientOrder: Equatable {
    /// The first one, once.
    case open(Publisher.Settings, BrokerRole, isVersion5: Bool)
    /// `number` comes back when the broker has acknowledged it.
    case publish(number: UInt64, topic: String, payload: String, retain: Bool)
    case subscribe(topic: String, isLive: Bool)
    case disconnect
}

/// From the client to the daemon.
enum ClientReport: Equatable {
    case connected
    case acknowledged(number: UInt64)
    case message(BrokerMessage)
    case warning(String)
    /// The last one.
    case failed(BrokerFailure)
}

/// A message of either side: `length (4) | kind (1) | fields`, numbers in the order of this host.
struct ClientMessages {
    /// Of one message: a discovery document has some ten thousand bytes, a message from the broker
    /// 16,384 and a topic of 65,535 at most. (bytes)
    static let longest = 1 << 20

    struct Malformed: Error {}

    private var buffer: [UInt8] = []

    mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer += bytes
    }

    /// The next whole message without its length; nil: it is not there yet.
    mutating func next() throws(Malformed) -> FieldReader? {
        guard buffer.count >= 4 else { return nil }
        let length = Int(buffer.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
        guard (1...ClientMessages.longest).contains(length) else { throw Malformed() }
        guard buffer.count >= 4 + length else { return nil }
        defer { buffer.removeFirst(4 + length) }
        return FieldReader(bytes: buffer[4..<4 + length])
    }
}

struct FieldReader {
    var bytes: ArraySlice<UInt8>

    mutating func byte() throws(ClientMessages.Malformed) -> UInt8 {
        guard let byte = bytes.popFirst() else { throw ClientMessages.Malformed() }
        return byte
    }

    mutating func flag() throws(ClientMessages.Malformed) -> Bool { try byte() != 0 }

    mutating func number() throws(ClientMessages.Malformed) -> UInt64 {
        guard bytes.count >= 8 else { throw ClientMessages.Malformed() }
        defer { bytes = bytes.dropFirst(8) }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    mutating func data() throws(ClientMessages.Malformed) -> [UInt8] {
        let count = try number()
        guard count <= UInt64(bytes.count) else { throw ClientMessages.Malformed() }
        defer { bytes = bytes.dropFirst(Int(count)) }
        return Array(bytes.prefix(Int(count)))
    }

    mutating func text() throws(ClientMessages.Malformed) -> String {
        String(decoding: try data(), as: UTF8.self)
    }

    /// For people: one line of a usual length.
    mutating func sentence() throws(ClientMessages.Malformed) -> String {
        let text = try text()
        let isPlain = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        guard isPlain, text.utf8.count <= 2000 else { throw ClientMessages.Malformed() }
        return text
    }

    mutating func optionalText() throws(ClientMessages.Malformed) -> String? {
        try flag() ? try text() : nil
    }

    /// Nothing is left over.
    func end() throws(ClientMessages.Malformed) {
        guard bytes.isEmpty else { throw ClientMessages.Malformed() }
    }
}

/// A field of a message; data and texts have their length in front.
protocol MessageField {
    var fieldBytes: [UInt8] { get }
}

extension Bool: MessageField {
    var fieldBytes: [UInt8] { [self ? 1 : 0] }
}

extension FixedWidthInteger {
    fileprivate var nativeBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension UInt64: MessageField {
    var fieldBytes: [UInt8] { nativeBytes }
}

extension [UInt8]: MessageField {
    var fieldBytes: [UInt8] { UInt64(count).fieldBytes + self }
}

extension String: MessageField {
    var fieldBytes: [UInt8] { Array(utf8).fieldBytes }
}

extension String?: MessageField {
    var fieldBytes: [UInt8] { (self != nil).fieldBytes + (self?.fieldBytes ?? []) }
}

private func framed(_ kind: UInt8, _ fields: [any MessageField]) -> [UInt8] {
    let bytes = [kind] + fields.flatMap(\.fieldBytes)
    return UInt32(bytes.count).nativeBytes + bytes
}

extension ClientOrder {
    var bytes: [UInt8] {
        switch self {
        case .open(let settings, let role, let isVersion5):
            let ofRole: [any MessageField] = [
                role.suffix, role.will, UInt64(role.largestMessage), isVersion5,
            ]
            return framed(0, settings.fields + ofRole)
        case .publish(let number, let topic, let payload, let retain):
            return framed(1, [number, topic, payload, retain])
        case .subscribe(let topic, let isLive): return framed(2, [topic, isLive])
        case .disconnect: return framed(3, [])
        }
    }

    init(_ fields: FieldReader) throws(ClientMessages.Malformed) {
        var fields = fields
        switch try fields.byte() {
        case 0:
            let settings = try Publisher.Settings(&fields)
            let role = BrokerRole(
                suffix: try fields.text(), will: try fields.optionalText(),
                largestMessage: Int(clamping: try fields.number()))
            self = .open(settings, role, isVersion5: try fields.flag())
        case 1:
            self = .publish(
                number: try fields.number(), topic: try fields.text(), payload: try fields.text(),
                retain: try fields.flag())
        case 2: self = .subscribe(topic: try fields.text(), isLive: try fields.flag())
        case 3: self = .disconnect
        default: throw ClientMessages.Malformed()
        }
        try fields.end()
    }
}

extension ClientReport {
    var bytes: [UInt8] {
        switch self {
        case .connected: framed(0, [])
        case .acknowledged(let number): framed(1, [number])
        case .message(let arrived):
            framed(2, [arrived.topic, arrived.payload, arrived.isRetained])
        case .warning(let text): framed(3, [text])
        case .failed(let failure):
            framed(
                4,
                [
                    failure.reason, failure.isRefusal, failure.wantsOlderVersion,
                    failure.isEndByBroker,
                ])
        }
    }

    init(_ fields: FieldReader) throws(ClientMessages.Malformed) {
        var fields = fields
        switch try fields.byte() {
        case 0: self = .connected
        case 1: self = .acknowledged(number: try fields.number())
        case 2:
            self = .message(
                BrokerMessage(
                    topic: try fields.text(), payload: try fields.data(),
                    isRetained: try fields.flag()))
        case 3: self = .warning(try fields.sentence())
        case 4:
            self = .failed(
                BrokerFailure(
                    try fields.sentence(), isRefusal: try fields.flag(),
                    wantsOlderVersion: try fields.flag(), isEndByBroker: try fields.flag()))
        default: throw ClientMessages.Malformed()
        }
        try fields.end()
    }
}

/// What a connection needs of them; what is published is the daemon's affair.
extension Publisher.Settings {
    fileprivate var fields: [any MessageField] {
        let ofTLS: [any MessageField] =
            tls.map { [$0.caFile, $0.certFile, $0.keyFile, $0.isInsecure] } ?? []
        return [
            id, prefix, host, UInt64(clamping: port), UInt64(clamping: keepalive), username,
            password, tls != nil,
        ] + ofTLS
    }

    fileprivate init(_ fields: inout FieldReader) throws(ClientMessages.Malformed) {
        self.init(id: try fields.text())
        prefix = try fields.text()
        host = try fields.text()
        port = Int(clamping: try fields.number())
        keepalive = Int(clamping: try fields.number())
        username = try fields.optionalText()
        password = try fields.optionalText()
        guard try fields.flag() else { return }
        var tls = Publisher.TLS(caFile: try fields.text())
        tls.certFile = try fields.optionalText()
        tls.keyFile = try fields.optionalText()
        tls.isInsecure = try fields.flag()
        self.tls = tls
    }
}
