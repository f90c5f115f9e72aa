// Why there is no connection to the broker, for people, and what follows from it.

import CMosquitto
import Glibc

struct BrokerFailure: Error, Equatable {
    var reason: String
    /// The broker answered and said no: it will say so again until a person changes something.
    var isRefusal = false
    /// The broker speaks only MQTT 3.1.1, or says nothing at all to something newer.
    var wantsOlderVersion = false
    /// The broker ended a connection that was there; perhaps because of another client.
    var isEndByBroker = false

    init(
        _ reason: String, isRefusal: Bool = false, wantsOlderVersion: Bool = false,
        isEndByBroker: Bool = false
    ) {
        self.reason = reason
        self.isRefusal = isRefusal
        self.wantsOlderVersion = wantsOlderVersion
        self.isEndByBroker = isEndByBroker
    }

    static let lost = BrokerFailure("The connection was lost", isEndByBroker: true)

    /// With TLS the broker's reason may get lost on its way.
    static func unanswered(_ tls: Publisher.TLS?, wantsOlderVersion: Bool) -> BrokerFailure {
        let hint =
            switch tls {
            case nil: "does it want TLS?"
            case let tls? where tls.certFile == nil: "does it want a client certificate?"
            default: "does it trust our certificate?"
            }
        let text = "The broker closed the connection without an answer (\(hint))"
        return BrokerFailure(text, wantsOlderVersion: wantsOlderVersion)
    }

    /// A return code of the library.
    init(code: Int32, errno error: Int32) {
        switch mosq_err_t(rawValue: numericCast(code)) {
        case MOSQ_ERR_ERRNO: reason = String(cString: strerror(error))
        case MOSQ_ERR_EAI: reason = "The name cannot be resolved"
        case MOSQ_ERR_KEEPALIVE: reason = "The broker does not answer any more"
        default: reason = BrokerFailure.sentence(mosquitto_strerror(code))
        }
    }

    /// What the broker answered to CONNECT.
    init(connectCode code: Int32, isVersion5: Bool) {
        let text = isVersion5 ? mosquitto_reason_string(code) : mosquitto_connack_string(code)
        reason = "The broker refused: " + BrokerFailure.sentence(text)
        wantsOlderVersion = isVersion5 && code == BrokerFailure.unsupportedVersion
        let lasting: Set<Int32> = isVersion5 ? [0x85, 0x86, 0x87, 0x8A, 0x8C] : [1, 2, 4, 5]
        isRefusal = lasting.contains(code)
    }

    /// What the broker said when it ended the connection (MQTT 5).
    init(disconnectCode code: Int32, clientID: String) {
        reason = "The broker ended it: " + BrokerFailure.sentence(mosquitto_reason_string(code))
        isEndByBroker = true
        guard code == BrokerFailure.sessionTakenOver else { return }
        reason = "Another client has the name \(clientID); each UPS needs its own mqtt.id"
        isRefusal = true
    }

    private static let unsupportedVersion: Int32 = 0x84
    private static let sessionTakenOver: Int32 = 0x8E

    private static func sentence(_ text: UnsafePointer<CChar>?) -> String {
        let text = text.map { String(cString: $0) } ?? "unknown"
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
