// Decides on a WebSocket handshake before libwebsockets goes on with it: libwebsockets itself would
// take any Origin, and a client without subprotocol for one of the first in its list.

internal import Report

enum WebSocketHandshake: Equatable {
    case accepted(CommandAccess)
    case refused(HTTPResponse)

    static let subprotocol = "broadcast"

    struct Headers {
        var origin: String?
        var host: String?
        var subprotocols: String?
    }

    init(_ headers: Headers, peer: Peer, commandGuard: CommandGuard) {
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
            commandGuard.access(origin: headers.origin, host: headers.host, peer: peer))
    }
}
