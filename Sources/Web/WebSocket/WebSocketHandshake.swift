// Decides on a WebSocket handshake before libwebsockets goes on with it: libwebsockets itself would
// take any Origin, and a client without subprotocol for one of the first in its list.

internal import Report

enum WebSocketHandshake: Equatable {
    case accepted(CommandAccess)
    case refused(HTTPResponse)

    static let subprotocol = "broadcast"

    /// The only one that there is (RFC 6455).
    static let version = "13"

    struct Headers {
        /// A GET without a body.
        var isPlainGet = true
        var version: String?
        var key: String?
        var origin: String?
        var host: String?
        var subprotocols: String?
        /// A proxy says that it speaks for another.
        var isForwarded = false
    }

    init(_ headers: Headers, peer: Peer, commandGuard: CommandGuard) {
        if let refusal = headers.refusal {
            self = .refused(refusal)
            return
        }
        let offered = (headers.subprotocols ?? "").split { $0 == "," || $0 == " " }
        guard offered.contains(where: { $0 == WebSocketHandshake.subprotocol }) else {
            let sentence = "The subprotocol must be \(WebSocketHandshake.subprotocol)."
            self = .refused(.text(.badRequest, sentence, closes: true))
            return
        }
        guard !CommandGuard.isForeign(origin: headers.origin, host: headers.host) else {
            self = .refused(.text(.forbidden, "The Origin must equal the Host.", closes: true))
            return
        }
        self = .accepted(
            commandGuard.access(
                origin: headers.origin, host: headers.host, peer: peer,
                isForwarded: headers.isForwarded))
    }
}

extension WebSocketHandshake.Headers {
    /// What RFC 6455 asks for and libwebsockets does not look at; nil: it is all there.
    fileprivate var refusal: HTTPResponse? {
        guard version == WebSocketHandshake.version else {
            let sentence = "The version of the WebSocket must be \(WebSocketHandshake.version)."
            return .text(.upgradeRequired, sentence, closes: true)
        }
        guard isPlainGet, key.map(isKey) ?? false else {
            let sentence = "A WebSocket begins with a GET that has a key and no body."
            return .text(.badRequest, sentence, closes: true)
        }
        return nil
    }

    /// 16 bytes as Base64.
    private func isKey(_ text: String) -> Bool {
        text.utf8.count == 24 && text.hasSuffix("==")
            && text.dropLast(2).allSatisfy {
                $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "+" || $0 == "/"
            }
    }
}
