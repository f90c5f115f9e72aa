// A connection from its accept on, as long as it speaks HTTP: reads the headers of a request,
// writes the answer in pieces. What is answered is decided in Responder and WebSocketHandshake.

internal import CWebSockets
internal import Report

final class HTTPConnection: Client {
    /// Bytes of one write.
    private static let piece = 16384
    /// Seconds without progress that an answer may take.
    private static let patience: Int32 = 20
    /// The longest answer to a request that wants to upgrade to something else than a WebSocket.
    private static let longestAtOnce = 65536

    /// What the socket has not taken yet.
    private var transfer: Transfer? {
        didSet { context.countAnswers(before: oldValue, now: transfer) }
    }
    private var closes = false
    /// What had been received when the last answer went out.
    private var receivedBefore: UInt64?
    /// Decided at the handshake, if this becomes a WebSocket.
    private(set) var access = CommandAccess.origin

    deinit {
        context.countAnswers(before: transfer, now: nil)
    }

    // MARK: Requests

    /// Asked before libwebsockets goes on with a request, and before it lets go of its headers to
    /// wait for the next one. An upgrade comes here only when libwebsockets has refused it by
    /// itself: on a kept connection 4.1.6 would free its headers now, read them afterwards and
    /// answer again. Returns what the callback has to.
    func bind() -> Int32 {
        lws_hdr_total_length(wsi, WSI_TOKEN_UPGRADE) > 0 ? -1 : 0
    }

    /// Returns what the callback has to: not 0 ends the connection.
    func request(path: String) -> Int32 {
        guard !cameTooEarly else { return -1 }
        let request = read(path: path)
        let response = context.responder.response(to: request)
        closes = response.closes
        return goOn(Transfer(response, isHead: request.method == .head))
    }

    /// Its bytes were there before the last answer went out. No client needs to send a request that
    /// soon, and it may be the body of the last one, whose length another program understood in
    /// another way: a client that shares the connection would get another one's answer.
    private var cameTooEarly: Bool {
        guard let receivedBefore else { return false }
        return receivedBytes == receivedBefore
    }

    func goOn() -> Int32 {
        transfer.map { goOn($0) } ?? 0
    }

    /// Writes what the socket takes.
    private func goOn(_ transfer: Transfer) -> Int32 {
        var transfer = transfer
        lws_set_timeout(wsi, PENDING_TIMEOUT_HTTP_CONTENT, HTTPConnection.patience)
        repeat {
            let piece = PaddedBytes(transfer.next(HTTPConnection.piece))
            if transfer.isDone { receivedBefore = receivedBytes }
            guard piece.write(to: wsi!, as: LWS_WRITE_HTTP) else { return -1 }
        } while !transfer.isDone && !isBlocked
        guard transfer.isDone else {
            self.transfer = transfer
            askToWrite()
            return 0
        }
        self.transfer = nil
        return closes || lws_http_transaction_completed(wsi) != 0 ? -1 : 0
    }

    private func read(path: String) -> HTTPRequest {
        var request = HTTPRequest()
        if lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0 {
            request.method = .get
        } else {
            let isHead = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0
            request.method = isHead ? .head : .other
        }
        request.path = path
        request.arguments = arguments
        request.ifNoneMatch = header(WSI_TOKEN_HTTP_IF_NONE_MATCH)
        request.acceptsGzip = Gzip.isAccepted(header(WSI_TOKEN_HTTP_ACCEPT_ENCODING))
        let length = header(WSI_TOKEN_HTTP_CONTENT_LENGTH)
        let isChunked = lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0
        request.hasBody = isChunked || length != nil && length != "0"
        let isHostRepeated = lws_hdr_fragment_length(wsi, WSI_TOKEN_HOST, 1) > 0
        request.isAmbiguous = isHostRepeated || HTTPConnection.falseNames.contains(where: isThere)
        return request
    }

    // MARK: Upgrades

    /// Returns 0 to let libwebsockets go on, below 0 to end the connection.
    func upgrade(to name: String) -> Int32 {
        guard !cameTooEarly else { return -1 }
        switch name.lowercased() {
        case "websocket": return handshake()
        case "h2c": return ignoreUpgrade()
        // libwebsockets has refused it by itself.
        default: return -1
        }
    }

    private func handshake() -> Int32 {
        let request = read(path: "")
        let headers = WebSocketHandshake.Headers(
            isPlainGet: request.method == .get && !request.hasBody && !request.isAmbiguous,
            version: header(WSI_TOKEN_VERSION), key: header(WSI_TOKEN_KEY),
            origin: header(WSI_TOKEN_ORIGIN), host: header(WSI_TOKEN_HOST),
            subprotocols: header(WSI_TOKEN_PROTOCOL), isForwarded: isForwarded)
        switch WebSocketHandshake(headers, peer: peer, commandGuard: context.commandGuard) {
        case .accepted(let access):
            self.access = access
            return 0
        case .refused(let response):
            write(Transfer(response, isHead: false))
            return -1
        }
    }

    /// HTTP/2 is offered by some clients and never needed: answered as if it had not been.
    private func ignoreUpgrade() -> Int32 {
        let request = read(path: header(WSI_TOKEN_GET_URI) ?? header(WSI_TOKEN_HEAD_URI) ?? "")
        var response = context.responder.response(to: request)
        response.closes = true
        let transfer = Transfer(response, isHead: request.method == .head)
        guard transfer.count <= HTTPConnection.longestAtOnce else {
            let sentence = "Ask for this without an Upgrade header."
            write(Transfer(.text(.badRequest, sentence, closes: true), isHead: false))
            return -1
        }
        write(transfer)
        return -1
    }

    /// All of it: what the socket does not take, libwebsockets keeps.
    private func write(_ transfer: Transfer) {
        var transfer = transfer
        receivedBefore = receivedBytes
        _ = PaddedBytes(transfer.next(transfer.count)).write(to: wsi!, as: LWS_WRITE_HTTP)
    }

    // MARK: Headers

    /// As some programs forgive them, and libwebsockets takes them for names of their own.
    private static let falseNames = ["content-length", "transfer-encoding"].flatMap { name in
        [" ", "\t"].map { name + $0 + ":" }
    }

    /// What proxies tell of the client that they speak for, beside what libwebsockets has tokens for.
    private static let forwardingNames = [
        "forwarded:", "x-client-ip:", "x-forwarded-by:", "x-forwarded-host:", "x-forwarded-port:",
        "x-forwarded-prefix:", "x-forwarded-proto:", "x-forwarded-scheme:", "x-forwarded-server:",
        "x-forwarded-ssl:", "x-original-forwarded-for:",
    ]

    /// No browser sends any of these.
    private var isForwarded: Bool {
        [WSI_TOKEN_X_FORWARDED_FOR, WSI_TOKEN_HTTP_VIA, WSI_TOKEN_HTTP_X_REAL_IP].contains {
            lws_hdr_total_length(wsi, $0) > 0
        } || HTTPConnection.forwardingNames.contains(where: isThere)
    }

    private func isThere(_ unknownName: String) -> Bool {
        lws_hdr_custom_length(wsi, unknownName, Int32(unknownName.utf8.count)) >= 0
    }

    private func header(_ token: lws_token_indexes) -> String? {
        let length = lws_hdr_total_length(wsi, token)
        guard length > 0 else { return nil }
        return text(length) { lws_hdr_copy(wsi, $0, length + 1, token) }
    }

    private var arguments: [String] {
        var arguments: [String] = []
        while arguments.count < 8 {
            let index = Int32(arguments.count)
            let length = lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, index)
            guard length > 0 else { break }
            let argument = text(length) {
                lws_hdr_copy_fragment(wsi, $0, length + 1, WSI_TOKEN_HTTP_URI_ARGS, index)
            }
            guard let argument else { break }
            arguments.append(argument)
        }
        return arguments
    }

    private func text(
        _ length: Int32, copy: (UnsafeMutablePointer<CChar>) -> Int32
    ) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(length) + 1) { buffer in
            let count = copy(buffer.baseAddress!)
            guard count >= 0 else { return nil }
            let bytes = buffer[..<Int(count)].map(UInt8.init(bitPattern:))
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}
