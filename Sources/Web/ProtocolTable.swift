// The C side of the set-up: structures and texts that libwebsockets keeps pointers to and that must
// therefore outlive the context.

internal import CWebSockets
internal import Glibc

final class ProtocolTable {
    static let vhost = "port"
    /// Seconds for the headers of a request, and for the next request on a kept connection.
    private static let headerTime: UInt32 = 10
    private static let keptTime: Int32 = 15
    private static let longestHeaders: UInt16 = 8192
    /// A message goes out in one write.
    private static let longestWrite = 131_072
    private static let frame = 1024
    /// Descriptors beside those of clients: listeners, library, serial line, files.
    static let otherDescriptors = 128

    private let protocols: UnsafeMutablePointer<lws_protocols>
    private let names: [PortProtocol: UnsafeMutablePointer<CChar>]
    private let vhost = strdup(ProtocolTable.vhost)!
    private let rawRole = strdup("raw-skt")!
    private let idlePolicy: UnsafeMutablePointer<lws_retry_bo_t>

    init() {
        let kinds = PortProtocol.allCases
        names = Dictionary(uniqueKeysWithValues: kinds.map { ($0, strdup($0.rawValue)!) })
        protocols = .allocate(capacity: kinds.count + 1)
        for (index, kind) in kinds.enumerated() {
            var entry = lws_protocols()
            entry.name = UnsafePointer(names[kind])
            entry.callback = kind.callback
            entry.rx_buffer_size = ProtocolTable.frame
            entry.tx_packet_size = ProtocolTable.longestWrite
            (protocols + index).initialize(to: entry)
        }
        (protocols + kinds.count).initialize(to: lws_protocols())
        idlePolicy = .allocate(capacity: 1)
        var policy = lws_retry_bo_t()
        policy.secs_since_valid_ping = 20
        policy.secs_since_valid_hangup = 30
        idlePolicy.initialize(to: policy)
    }

    deinit {
        protocols.deallocate()
        idlePolicy.deallocate()
        for name in names.values { free(name) }
        free(vhost)
        free(rawRole)
    }

    func name(of kind: PortProtocol) -> UnsafeMutablePointer<CChar> { names[kind]! }

    /// Nil: libwebsockets did not start.
    func makeContext(maxClients: Int, user: WebContext) -> OpaquePointer? {
        lws_set_log_level(0, nil)
        var setup = lws_context_creation_info()
        setup.port = CONTEXT_PORT_NO_LISTEN_SERVER
        setup.vhost_name = UnsafePointer(vhost)
        setup.protocols = UnsafePointer(protocols)
        setup.options =
            UInt64(LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG)
            | UInt64(LWS_SERVER_OPTION_VALIDATE_UTF8)
            | UInt64(LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME)
        setup.listen_accept_role = UnsafePointer(rawRole)
        setup.listen_accept_protocol = UnsafePointer(name(of: .nis))
        setup.retry_and_idle_policy = UnsafePointer(idlePolicy)
        setup.timeout_secs = ProtocolTable.headerTime
        setup.keepalive_timeout = ProtocolTable.keptTime
        setup.max_http_header_data = ProtocolTable.longestHeaders
        setup.fd_limit_per_thread = UInt32(maxClients + ProtocolTable.otherDescriptors)
        setup.user = Unmanaged.passUnretained(user).toOpaque()
        return lws_create_context(&setup)
    }
}
