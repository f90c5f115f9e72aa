// What libmosquitto calls back: on the thread of the connection, from within `work` and `publish`.

import CMosquitto

extension BrokerConnection {
    static func of(_ owner: UnsafeMutableRawPointer?) -> BrokerConnection? {
        owner.map { Unmanaged<BrokerConnection>.fromOpaque($0).takeUnretainedValue() }
    }

    func setCallbacks() {
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
        if let cargo = inFlight.removeValue(forKey: identifier) {
            arrived.acknowledged.append(cargo)
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
