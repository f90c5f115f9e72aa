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
        let length = buffer[..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
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
        var number: UInt64 = 0
        for shift in 0..<8 { number |= UInt64(try byte()) << (8 * shift) }
        return number
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

struct FieldWriter {
    private var fields: [UInt8]

    init(_ kind: UInt8) {
        fields = [kind]
    }

    mutating func add(_ flag: Bool) { fields.append(flag ? 1 : 0) }

    mutating func add(_ number: UInt64) {
        for shift in 0..<8 { fields.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }

    mutating func add(_ data: [UInt8]) {
        add(UInt64(data.count))
        fields += data
    }

    mutating func add(_ text: String) { add(Array(text.utf8)) }

    mutating func add(_ text: String?) {
        add(text != nil)
        if let text { add(text) }
    }

    var bytes: [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: fields.count >> (8 * $0)) } + fields
    }
}

extension ClientOrder {
    var bytes: [UInt8] {
        switch self {
        case .open(let settings, let role, let isVersion5):
            var writer = FieldWriter(0)
            settings.write(to: &writer)
            writer.add(role.suffix)
            writer.add(role.will)
            writer.add(UInt64(role.largestMessage))
            writer.add(isVersion5)
            return writer.bytes
        case .publish(let number, let topic, let payload, let retain):
            var writer = FieldWriter(1)
            writer.add(number)
            writer.add(topic)
            writer.add(payload)
            writer.add(retain)
            return writer.bytes
        case .subscribe(let topic, let isLive):
            var writer = FieldWriter(2)
            writer.add(topic)
            writer.add(isLive)
            return writer.bytes
        case .disconnect: return FieldWriter(3).bytes
        }
    }

    init(_ fields: FieldReader) throws(ClientMessages.Malformed) {
        var fields = fields
        switch try fields.byte() {
        case 0:
            let settings = try Publisher.Settings(&fields)
            var role = BrokerRole()
            role.suffix = try fields.text()
            role.will = try fields.optionalText()
            role.largestMessage = Int(clamping: try fields.number())
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
        case .connected: return FieldWriter(0).bytes
        case .acknowledged(let number):
            var writer = FieldWriter(1)
            writer.add(number)
            return writer.bytes
        case .message(let message):
            var writer = FieldWriter(2)
            writer.add(message.topic)
            writer.add(message.payload)
            writer.add(message.isRetained)
            return writer.bytes
        case .warning(let text):
            var writer = FieldWriter(3)
            writer.add(text)
            return writer.bytes
        case .failed(let failure):
            var writer = FieldWriter(4)
            writer.add(failure.reason)
            writer.add(failure.isRefusal)
            writer.add(failure.wantsOlderVersion)
            writer.add(failure.isEndByBroker)
            return writer.bytes
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
            var failure = BrokerFailure(try fields.sentence())
            failure.isRefusal = try fields.flag()
            failure.wantsOlderVersion = try fields.flag()
            failure.isEndByBroker = try fields.flag()
            self = .failed(failure)
        default: throw ClientMessages.Malformed()
        }
        try fields.end()
    }
}

/// What a connection needs of them; what is published is the daemon's affair.
extension Publisher.Settings {
    fileprivate func write(to writer: inout FieldWriter) {
        writer.add(id)
        writer.add(prefix)
        writer.add(host)
        writer.add(UInt64(clamping: port))
        writer.add(UInt64(clamping: keepalive))
        writer.add(username)
        writer.add(password)
        writer.add(tls != nil)
        guard let tls else { return }
        writer.add(tls.caFile)
        writer.add(tls.certFile)
        writer.add(tls.keyFile)
        writer.add(tls.isInsecure)
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
