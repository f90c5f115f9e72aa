// Encryption for connections to the broker, and why there is none. libmosquitto would do it all but
// tells only that something is wrong; so the context is made here and handed to it. Lives on the
// thread of the connections; reads files, and so may wait.

import CMosquitto
import Glibc

/// The library never frees a context that it did not come to use: the process of the client ends
/// with its connection.
final class TLSContext {
    let pointer: OpaquePointer
    private let host: String
    /// What is wrong with the broker's certificate, by the last handshake; nil: nothing.
    private var certificate: String?
    /// What the broker said to our side.
    private var alert: String?
    /// The last handshake came to its end. (The broker may look at our certificate after that.)
    private var isHandshakeDone = false

    init(_ tls: Publisher.TLS, host: String) throws(BrokerFailure) {
        guard let pointer = SSL_CTX_new(TLS_client_method()) else {
            throw BrokerFailure("Out of memory or descriptors")
        }
        self.pointer = pointer
        self.host = host
        let version = Int(TLS1_2_VERSION)
        SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, version, nil)
        // Else an encrypted key would ask for its pass phrase on the terminal.
        SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in 0 }
        try loadFiles(tls)
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        if !tls.isInsecure { expect(host) }
        watch()
    }

    deinit {
        SSL_CTX_set_info_callback(pointer, nil)
        SSL_CTX_free(pointer)
    }

    private func loadFiles(_ tls: Publisher.TLS) throws(BrokerFailure) {
        try load("caFile", tls.caFile, SSL_CTX_load_verify_file(pointer, tls.caFile))
        if hasRevocationList {
            X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(pointer), UInt(X509_V_FLAG_CRL_CHECK))
        }
        if let file = tls.certFile {
            try load("certFile", file, SSL_CTX_use_certificate_chain_file(pointer, file))
        }
        if let file = tls.keyFile {
            try load(
                "keyFile", file, SSL_CTX_use_PrivateKey_file(pointer, file, SSL_FILETYPE_PEM))
        }
    }

    private func load(
        _ key: String, _ file: String, _ code: @autoclosure () -> Int32
    ) throws(BrokerFailure) {
        ERR_clear_error()
        guard access(file, R_OK) == 0 else {
            let why = String(cString: strerror(errno))
            throw BrokerFailure("mqtt.tls.\(key) \(file): \(why)", isRefusal: true)
        }
        guard code() != 1 else { return }
        let why = ERR_reason_error_string(ERR_peek_last_error()).map { String(cString: $0) }
        throw BrokerFailure("mqtt.tls.\(key) \(file): \(why ?? "unusable")", isRefusal: true)
    }

    /// OpenSSL reads the lists of revoked certificates from the same file, and heeds none by itself.
    private var hasRevocationList: Bool {
        let objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(pointer))
        return (0..<max(0, OPENSSL_sk_num(objects))).contains {
            X509_OBJECT_get_type(OpaquePointer(OPENSSL_sk_value(objects, $0))) == X509_LU_CRL
        }
    }

    /// The broker's certificate must be for this name or address.
    private func expect(_ host: String) {
        let parameters = SSL_CTX_get0_param(pointer)
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, host) != 1 {
            X509_VERIFY_PARAM_set1_host(parameters, host, 0)
        }
    }

    // MARK: The handshake

    private static let noHandshake = "no handshake (does the broker speak TLS on this port?)"
    private static let ends: Set<String> = [
        "unexpected eof while reading", String(cString: strerror(ECONNRESET)),
        String(cString: strerror(EPIPE)),
    ]

    private func watch() {
        // The place that OpenSSL keeps for the application.
        SSL_CTX_set_ex_data(pointer, 0, Unmanaged.passUnretained(self).toOpaque())
        SSL_CTX_set_info_callback(pointer) { connection, event, code in
            guard let owner = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(connection), 0) else { return }
            let context = Unmanaged<TLSContext>.fromOpaque(owner).takeUnretainedValue()
            context.note(event, code, of: connection)
        }
    }

    private func note(_ event: Int32, _ code: Int32, of connection: OpaquePointer?) {
        if event & SSL_CB_HANDSHAKE_START != 0 {
            (certificate, alert, isHandshakeDone) = (nil, nil, false)
        }
        if event & SSL_CB_HANDSHAKE_DONE != 0 { isHandshakeDone = true }
        guard event & SSL_CB_ALERT != 0 else { return }
        if event & SSL_CB_READ != 0 {
            let isNew = code & 0xFF == TLS13_AD_CERTIFICATE_REQUIRED
            let text = SSL_alert_desc_string_long(code).map { String(cString: $0) }
            alert = isNew ? "certificate required" : text
        } else if case let result = SSL_get_verify_result(connection), result != X509_V_OK {
            certificate = describe(result)
        }
    }

    private func describe(_ result: Int) -> String {
        switch Int32(truncatingIfNeeded: result) {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: "is not for \(host)"
        default: "is not accepted: \(String(cString: X509_verify_cert_error_string(result)))"
        }
    }

    /// Why the last handshake failed; `logged` is what the library told of it. Nil: unknown.
    /// A person has to change something: here, there, or the date of a certificate.
    func failure(logged: String?) -> BrokerFailure? {
        // OpenSSL writes `error:0A000086:SSL routines::certificate verify failed`.
        var detail = logged?.split(separator: ":").last.map { String($0) }
        // How a connection ended says nothing about why.
        if let text = detail, TLSContext.ends.contains(text) { detail = nil }
        let reason: String? =
            switch (certificate, alert, detail) {
            case (let certificate?, _, _): "the broker's certificate \(certificate)"
            // It says goodbye by one, too.
            case (_, let alert?, _) where alert != "close notify": "the broker refuses: \(alert)"
            case (_, _, "wrong version number"?): TLSContext.noHandshake
            default: detail ?? (isHandshakeDone ? nil : TLSContext.noHandshake)
            }
        return reason.map { BrokerFailure("TLS: \($0)", isRefusal: true) }
    }
}
