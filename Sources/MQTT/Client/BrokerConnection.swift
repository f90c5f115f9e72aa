// One connection to the broker by the library, from the attempt to its end. Lives on the thread that
// made it: main, of the process that the daemon keeps for this and of `mqtt-purge`.

import CMosquitto
import Glibc
import Report

/// Made anew for every attempt, so that no message of an old connection is left in the library,
/// whose own queue has no limit.
final class BrokerConnection: BrokerClient {
    /// Packets handled before others get their turn.
    private static let packetsAtOnce = 100

    private let handle: OpaquePointer
    private let settings: Publisher.Settings
    private let role: BrokerRole
    private let clientID: String
    private let tls: TLSContext?
    private let isVersion5: Bool
    private var answerDue: ContinuousClock.Instant?
    /// By the identifier of the library.
    private var inFlight: [Int32: UInt64?] = [:]
    private var subscriptions: [Int32: String] = [:]
    /// The first error that the library has told; what follows is less and less exact.
    private var logged: String?
    private(set) var isConnected = false
    private(set) var failure: BrokerFailure?
    /// The TLS layer has a buffer of its own.
    private(set) var hasMore = false
    var arrived = BrokerArrivals()

    /// Begins to connect. May block.
    init(
        _ settings: Publisher.Settings, _ role: BrokerRole, isVersion5: Bool
    ) throws(BrokerFailure) {
        if let tls = settings.tls {
            self.tls = try TLSContext(tls, host: settings.host)
        } else {
            tls = nil
        }
        clientID = settings.clientID + role.suffix
        guard isLibraryReady, let handle = mosquitto_new(clientID, true, nil) else {
            throw BrokerFailure("Out of memory or descriptors")
        }
        self.handle = handle
        self.settings = settings
        self.role = role
        self.isVersion5 = isVersion5
        mosquitto_user_data_set(handle, Unmanaged.passUnretained(self).toOpaque())
        setCallbacks()
        try setOptions()
        try connect()
    }

    /// Ends the connection without a word if `disconnect` was not called: then the broker publishes
    /// the will.
    deinit { mosquitto_destroy(handle) }

    private func setOptions() throws(BrokerFailure) {
        let version = isVersion5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311
        try require(mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, version))
        // A message is on its way at once, not when the one before it is acknowledged.
        try require(mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1))
        if let topic = role.will {
            let will = Array("offline".utf8)
            try require(mosquitto_will_set(handle, topic, Int32(will.count), will, 1, true))
        }
        if let tls {
            let context = UnsafeMutableRawPointer(tls.pointer)
            try require(mosquitto_int_option(handle, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0))
            try require(mosquitto_void_option(handle, MOSQ_OPT_SSL_CTX, context))
        }
        guard let username = settings.username else { return }
        try require(mosquitto_username_pw_set(handle, username, settings.password))
    }

    private func require(_ code: Int32) throws(BrokerFailure) {
        let error = errno
        if code != 0 { throw reason(code, errno: error) }
    }

    /// With TLS the library has two codes more for a connection that was closed.
    private func reason(_ code: Int32, errno error: Int32) -> BrokerFailure {
        let isClosed =
            switch mosq_err_t(rawValue: numericCast(code)) {
            case MOSQ_ERR_SUCCESS, MOSQ_ERR_CONN_LOST, MOSQ_ERR_TLS: true
            case MOSQ_ERR_ERRNO: [ECONNRESET, EPIPE, EPROTO].contains(error)
            default: false
            }
        guard isClosed else {
            var failure = BrokerFailure(code: code, errno: error)
            failure.wantsOlderVersion = isVersion5 && !isConnected && isNoAnswer(code)
            return failure
        }
        if isConnected { return .lost }
        if let failure = tls?.failure(logged: logged) { return failure }
        return .unanswered(settings.tls, wantsOlderVersion: isVersion5)
    }

    /// A broker that knows only 3.1.1 refuses in its own way, which is no answer in version 5.
    private func isNoAnswer(_ code: Int32) -> Bool {
        [MOSQ_ERR_PROTOCOL, MOSQ_ERR_MALFORMED_PACKET].map { Int32($0.rawValue) }.contains(code)
    }

    // MARK: Connecting

    /// Resolves the name and connects. May block: seconds in a resolver, two minutes on a host that
    /// swallows every packet. (The library's other way would try only the first address, and could
    /// not tell the broker our limit.)
    private func connect() throws(BrokerFailure) {
        var properties: OpaquePointer?
        defer { mosquitto_property_free_all(&properties) }
        if isVersion5 {
            try require(
                mosquitto_property_add_int32(
                    &properties, Int32(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue),
                    UInt32(role.largestMessage)))
        }
        try require(
            mosquitto_connect_bind_v5(
                handle, settings.host, Int32(clamping: settings.port),
                Int32(clamping: settings.keepalive), nil, properties))
        answerDue = ContinuousClock.now + settings.answerLimit
    }

    // MARK: The loop

    var pollEntry: pollfd {
        let writing = mosquitto_want_write(handle) ? POLLOUT : 0
        return pollfd(
            fd: mosquitto_socket(handle), events: Int16(POLLIN | writing), revents: 0)
    }

    /// The library's own loop uses `select`, which fails beyond 1,023 descriptors.
    func work(isReadable: Bool) {
        if isReadable || hasMore { read() }
        if failure == nil, mosquitto_want_write(handle) {
            check(mosquitto_loop_write(handle, Int32(BrokerConnection.packetsAtOnce)))
        }
        if failure == nil { check(mosquitto_loop_misc(handle)) }
        if failure == nil, let answerDue, ContinuousClock.now >= answerDue {
            failure = BrokerFailure("The broker does not answer")
        }
    }

    private func read() {
        hasMore = false
        for _ in 0..<BrokerConnection.packetsAtOnce {
            errno = 0
            let code = mosquitto_loop_read(handle, 1)
            let isEmpty = errno == EAGAIN
            check(code)
            if failure != nil || isEmpty { return }
        }
        hasMore = true
    }

    private func check(_ code: Int32) {
        let error = errno
        guard failure == nil, code != 0 || mosquitto_socket(handle) < 0 else { return }
        failure = reason(code, errno: error)
    }

    // MARK: Sending

    var room: Int { isConnected && failure == nil ? BrokerConnection.window - inFlight.count : 0 }

    var isAllAcknowledged: Bool { inFlight.isEmpty }

    func publish(_ topic: String, _ payload: String, retain: Bool, number: UInt64?) {
        var identifier: Int32 = 0
        let bytes = Array(payload.utf8)
        let code = mosquitto_publish(
            handle, &identifier, topic, Int32(bytes.count), bytes, 1, retain)
        guard code != MOSQ_ERR_OVERSIZE_PACKET.rawValue else {
            arrived.acknowledged += [number].compactMap { $0 }
            warn("The broker takes no message as long as one for \(topic)")
            return
        }
        check(code)
        if code == 0 { inFlight.updateValue(number, forKey: identifier) }
    }

    func subscribe(_ topic: String, isLive: Bool) {
        let option =
            isLive ? MQTT_SUB_OPT_SEND_RETAIN_NEVER : MQTT_SUB_OPT_RETAIN_AS_PUBLISHED
        let options = isVersion5 ? Int32(option.rawValue) : 0
        var identifier: Int32 = 0
        check(mosquitto_subscribe_v5(handle, &identifier, topic, 1, options, nil))
        subscriptions[identifier] = topic
    }

    func disconnect() {
        guard isConnected, failure == nil else { return }
        _ = mosquitto_disconnect(handle)
        if mosquitto_want_write(handle) { _ = mosquitto_loop_write(handle, 1) }
    }

    // MARK: What has arrived

    /// Each once: a broker that forbids one topic forbids it every time.
    private var warned: Set<String> = []

    private func warn(_ text: String) {
        guard warned.count < 8, warned.insert(text).inserted else { return }
        arrived.warn(text)
    }
}

/// What libmosquitto calls back: on the thread of the connection, from within `work` and `publish`.
extension BrokerConnection {
    private static func of(_ owner: UnsafeMutableRawPointer?) -> BrokerConnection? {
        owner.map { Unmanaged<BrokerConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    private func setCallbacks() {
        mosquitto_connect_v5_callback_set(handle) { _, owner, code, _, _ in
            BrokerConnection.of(owner)?.answered(code)
        }
        mosquitto_disconnect_v5_callback_set(handle) { _, owner, code, _ in
            BrokerConnection.of(owner)?.ended(code)
        }
        mosquitto_publish_v5_callback_set(handle) { _, owner, identifier, code, _ in
            BrokerConnection.of(owner)?.delivered(identifier, code)
        }
        mosquitto_subscribe_v5_callback_set(handle) { _, owner, identifier, count, granted, _ in
            guard count > 0, let granted, granted[0] >= 0x80 else { return }
            BrokerConnection.of(owner)?.refusedSubscription(identifier)
        }
        mosquitto_message_v5_callback_set(handle) { _, owner, message, _ in
            guard let message = message?.pointee else { return }
            BrokerConnection.of(owner)?.received(message)
        }
        mosquitto_log_callback_set(handle) { _, owner, level, text in
            guard level == MOSQ_LOG_ERR, let text else { return }
            let connection = BrokerConnection.of(owner)
            connection?.logged = connection?.logged ?? String(cString: text)
        }
    }

    private func answered(_ code: Int32) {
        answerDue = nil
        guard code != 0 else { return isConnected = true }
        failure = BrokerFailure(connectCode: code, isVersion5: isVersion5)
    }

    /// Below 0x80 it is the library's own code, which `check` sees too.
    private func ended(_ code: Int32) {
        guard failure == nil, code >= 0x80 else { return }
        failure = BrokerFailure(disconnectCode: code, clientID: clientID)
    }

    private func delivered(_ identifier: Int32, _ code: Int32) {
        if let number = inFlight.removeValue(forKey: identifier) ?? nil {
            arrived.acknowledged.append(number)
        }
        if code >= 0x80 {
            let reason = mosquitto_reason_string(code).map { String(cString: $0) } ?? "\(code)"
            warn("The broker refuses messages of ours: \(reason)")
        }
    }

    private func refusedSubscription(_ identifier: Int32) {
        guard let topic = subscriptions[identifier] else { return }
        warn("The broker does not let us read \(topic)")
    }

    private func received(_ message: mosquitto_message) {
        let length = min(Int(message.payloadlen), role.largestMessage)
        let payload = UnsafeRawBufferPointer(start: message.payload, count: length)
        arrived.messages.append(
            BrokerMessage(
                topic: message.topic.map { String(cString: $0) } ?? "", payload: Array(payload),
                isRetained: message.retain))
    }
}

/// Once in the process, and never undone: a thread may still be inside.
private let isLibraryReady = mosquitto_lib_init() == MOSQ_ERR_SUCCESS.rawValue
