// What libwebsockets calls, one function for each protocol, which only finds the object and its
// method. A result that is not 0 ends the connection. All of it happens on the web thread.

internal import CWebSockets

typealias EventFunction =
    @convention(c) @Sendable (
        OpaquePointer?, lws_callback_reasons, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
        Int
    ) -> Int32

/// The protocols of the port, in the order of libwebsockets' table: HTTP is always the first one.
enum PortProtocol: String, CaseIterable {
    case http
    case broadcast
    case nis
    case nut
    case undecided
    case control
    case listener

    var callback: EventFunction {
        switch self {
        case .http: httpEvent
        case .broadcast: broadcastEvent
        case .nis: rawEvent
        case .nut: rawEvent
        case .undecided: undecidedEvent
        case .control: controlEvent
        case .listener: listenerEvent
        }
    }
}

private func bytes(
    _ start: UnsafeMutableRawPointer?, _ count: Int
) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
}

private let httpEvent: EventFunction = { wsi, reason, _, input, count in
    switch reason {
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED: WebContext.of(wsi)?.noticeChange()
    case LWS_CALLBACK_WSI_DESTROY: WebContext.of(wsi)?.forget(wsi)
    case LWS_CALLBACK_HTTP_BIND_PROTOCOL:
        return (Attachment.of(wsi) as? HTTPConnection)?.bind() ?? 0
    case LWS_CALLBACK_HTTP:
        let path = String(decoding: bytes(input, count), as: UTF8.self)
        return (Attachment.of(wsi) as? HTTPConnection)?.request(path: path) ?? -1
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return (Attachment.of(wsi) as? HTTPConnection)?.goOn() ?? -1
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        let name = input.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) } ?? ""
        return (Attachment.of(wsi) as? HTTPConnection)?.upgrade(to: name) ?? -1
    default: break
    }
    return 0
}

private let broadcastEvent: EventFunction = { wsi, reason, _, input, count in
    switch reason {
    case LWS_CALLBACK_ESTABLISHED:
        guard let connection = Attachment.of(wsi) as? HTTPConnection else { return -1 }
        connection.context.join(WebSocketClient(successorOf: connection))
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return (Attachment.of(wsi) as? WebSocketClient)?.write() ?? -1
    case LWS_CALLBACK_RECEIVE:
        return (Attachment.of(wsi) as? WebSocketClient)?.receive(bytes(input, count)) ?? -1
    default: break
    }
    return 0
}

private let rawEvent: EventFunction = { wsi, reason, _, input, count in
    switch reason {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return -1
    case LWS_CALLBACK_RAW_ADOPT:
        guard let client = Attachment.of(wsi) as? Client else { return -1 }
        return client.context.joinRaw(client, wsi)
    case LWS_CALLBACK_RAW_RX:
        return (Attachment.of(wsi) as? RawClient)?.receive(bytes(input, count)) ?? -1
    case LWS_CALLBACK_RAW_WRITEABLE: return (Attachment.of(wsi) as? RawClient)?.goOn() ?? -1
    default: break
    }
    return 0
}

private let undecidedEvent: EventFunction = { wsi, reason, _, _, _ in
    switch reason {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return -1
    case LWS_CALLBACK_RAW_RX_FILE:
        guard let client = Attachment.of(wsi) as? UndecidedClient else { return -1 }
        return client.context.decide(client)
    default: break
    }
    return 0
}

private let controlEvent: EventFunction = { wsi, reason, _, input, count in
    switch reason {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return -1
    case LWS_CALLBACK_RAW_RX:
        return (Attachment.of(wsi) as? ControlConnection)?.receive(bytes(input, count)) ?? -1
    case LWS_CALLBACK_RAW_WRITEABLE:
        return (Attachment.of(wsi) as? ControlConnection)?.goOn() ?? -1
    default: break
    }
    return 0
}

private let listenerEvent: EventFunction = { wsi, reason, _, input, count in
    switch reason {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: return -1
    case LWS_CALLBACK_RAW_RX_FILE:
        if let listener = Attachment.of(wsi) as? Listener {
            WebContext.of(wsi)?.accept(from: listener)
        }
    case LWS_CALLBACK_TIMER: WebContext.of(wsi)?.tick()
    default: break
    }
    return 0
}
