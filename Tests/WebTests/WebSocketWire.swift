// The client's side of a WebSocket, as far as the tests need it.

import Glibc

extension Wire {
    /// Sends the handshake; the answer is 101 when it succeeded.
    func shakeHands(
        host: String, origin: String? = nil, subprotocol: String? = "broadcast",
        with headers: [String] = []
    ) throws -> Reply {
        var lines = [
            "GET / HTTP/1.1", "Host: \(host)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        ]
        if let origin { lines.append("Origin: \(origin)") }
        if let subprotocol { lines.append("Sec-WebSocket-Protocol: \(subprotocol)") }
        lines += headers
        send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try Reply(from: self)
    }

    struct Frame {
        let opcode: UInt8
        let payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// Of a close frame.
        var closeStatus: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    func takeFrame() throws -> Frame {
        let head = try take(2)
        var count = Int(head[1] & 127)
        if count == 126 { count = try take(2).reduce(0) { $0 << 8 | Int($1) } }
        if count == 127 { count = try take(8).reduce(0) { $0 << 8 | Int($1) } }
        return Frame(opcode: head[0] & 15, payload: try take(count))
    }

    /// The next frame that holds `text`; others before it are passed over.
    func takeFrame(with text: String) throws -> Frame {
        for _ in 0..<50 {
            let frame = try takeFrame()
            if frame.text.contains(text) { return frame }
        }
        throw WireError(text: "no frame with \(text)")
    }

    func sendFrame(_ text: String, opcode: UInt8 = 1, isFinal: Bool = true) {
        let payload = Array(text.utf8)
        var frame: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0xFE, UInt8(payload.count >> 8), UInt8(payload.count & 255)] as [UInt8]
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        frame += mask
        frame += payload.enumerated().map { $1 ^ mask[$0 & 3] }
        send(frame)
    }
}
