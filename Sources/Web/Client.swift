// One connection. A wsi is libwebsockets' name for it; the object hangs on it as its opaque user
// data. Subclasses are the kinds of connection; all of them live on the web thread only.

internal import CWebSockets
internal import Glibc
internal import UPS

class Client {
    unowned let context: WebContext
    let peer: Peer
    /// Never used again.
    let number: UInt64
    /// Valid until libwebsockets says `LWS_CALLBACK_WSI_DESTROY`.
    var wsi: OpaquePointer?
    /// libwebsockets has let go of it.
    var isGone = false
    private var isReading = true

    init(context: WebContext, peer: Peer, number: UInt64) {
        self.context = context
        self.peer = peer
        self.number = number
    }

    /// The same connection, which turned out to be of another kind.
    init(successorOf client: Client) {
        context = client.context
        peer = client.peer
        number = client.number
        wsi = client.wsi
    }

    /// The answer to a command of this client. Nil as id: it gave none.
    func answer(_ result: CommandResult, id: String?) {}

    /// The last write is not out yet: nothing more may be written.
    final var isBlocked: Bool { lws_partial_buffered(wsi) != 0 }

    final func askToWrite() {
        lws_callback_on_writable(wsi)
    }

    /// While it is off, the kernel holds the sender back.
    final func setReading(_ isOn: Bool) {
        guard isReading != isOn else { return }
        isReading = isOn
        lws_rx_flow_control(wsi, isOn ? 1 : 0)
    }

    /// How many bytes have come so far, as the kernel counts them. Nil: it does not say, as on a
    /// connection that is over.
    final var receivedBytes: UInt64? {
        // Where Linux has `tcpi_bytes_received` in its `tcp_info`; glibc's own one ends before it.
        let place = 128
        var info = [UInt64](repeating: 0, count: place / 8 + 1)
        var length = socklen_t(place + 8)
        guard
            getsockopt(lws_get_socket_fd(wsi), Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0,
            length == place + 8
        else { return nil }
        return info[place / 8]
    }

    /// Ends the connection after so many seconds, unless set again; nil: as it was set before.
    final func setTimeout(_ seconds: Int32?) {
        if let seconds { lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, seconds) }
    }

    /// Where it comes from, for people and for those that ask who is there.
    final var address: String {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let isKnown = withUnsafeMutableBytes(of: &storage) { bytes in
            let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return getpeername(lws_get_socket_fd(wsi), address, &length) == 0
                && getnameinfo(
                    address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
        }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return isKnown ? String(decoding: bytes, as: UTF8.self) : "?"
    }

    /// Ends the connection soon. Unlike a return value this works outside its own callback.
    final func kill() {
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC)
    }
}

/// The object that hangs on a wsi.
enum Attachment {
    static func of(_ wsi: OpaquePointer?) -> AnyObject? {
        guard let wsi, let pointer = lws_get_opaque_user_data(wsi) else { return nil }
        return Unmanaged<AnyObject>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Hangs `object` on the wsi and lets go of what hung there; nil: only the latter.
    static func replace(on wsi: OpaquePointer?, with object: AnyObject?) {
        guard let wsi else { return }
        let pointer = lws_get_opaque_user_data(wsi)
        lws_set_opaque_user_data(wsi, object.map(retained))
        if let pointer { Unmanaged<AnyObject>.fromOpaque(pointer).release() }
    }

    static func release(_ object: AnyObject) {
        Unmanaged.passUnretained(object).release()
    }

    static func retained(_ object: AnyObject) -> UnsafeMutableRawPointer {
        Unmanaged.passRetained(object).toOpaque()
    }
}
