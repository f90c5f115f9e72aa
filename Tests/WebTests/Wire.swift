// A plain blocking connection with a time limit, and what is needed of HTTP, WebSocket and NIS on
// it.

import Glibc

struct WireError: Error {
    let text: String
}

final class Wire {
    let socket: Int32
    private var input: [UInt8] = []

    init(_ address: String, _ port: Int, receiveBuffer: Int32? = nil) throws {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        getaddrinfo(address, String(port), &hints, &found)
        defer { freeaddrinfo(found) }
        guard let found else { throw WireError(text: "no address \(address)") }
        socket = Glibc.socket(found.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        if var receiveBuffer {
            setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
        }
        limitTime()
        guard connect(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
            close(socket)
            throw WireError(text: "connect: \(String(cString: strerror(errno)))")
        }
    }

    init(unix path: String) throws {
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        limitTime()
        let isConnected = withUnsafeBytes(of: address) { bytes in
            let pointer = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return connect(socket, pointer, socklen_t(bytes.count)) == 0
        }
        guard isConnected else {
            close(socket)
            throw WireError(text: "connect: \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(socket)
    }

    private func limitTime() {
        var limit = timeval(tv_sec: 5, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, 4)
    }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func send(_ text: String) {
        send(Array(text.utf8))
    }

    func endSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// True when the peer closed, or reset, the connection and nothing is left to read.
    var isClosed: Bool {
        while input.isEmpty {
            if !fill() { return errno != EAGAIN }
        }
        return false
    }

    func take(_ count: Int) throws -> [UInt8] {
        while input.count < count {
            guard fill() else { throw WireError(text: "closed or silent") }
        }
        defer { input.removeFirst(count) }
        return Array(input.prefix(count))
    }

    func take(through end: String) throws -> String {
        let end = Array(end.utf8)
        while true {
            if input.count >= end.count {
                for start in 0...(input.count - end.count)
                where input[start..<start + end.count].elementsEqual(end) {
                    return String(decoding: try take(start + end.count), as: UTF8.self)
                }
            }
            guard fill() else { throw WireError(text: "closed or silent") }
        }
    }

    /// All that comes until the peer closes the connection, or nothing does for 5 s.
    func takeRest() -> String {
        while fill() {}
        defer { input = [] }
        return String(decoding: input, as: UTF8.self)
    }

    private func fill() -> Bool {
        errno = 0
        var piece = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &piece, piece.count, 0)
        guard count > 0 else { return false }
        input += piece[..<count]
        return true
    }
}

/// An HTTP answer.
struct Reply {
    let status: Int
    let head: String
    let body: [UInt8]

    init(from wire: Wire, hasBody: Bool = true) throws {
        head = try wire.take(through: "\r\n\r\n")
        status = Int(head.dropFirst(9).prefix(3)) ?? 0
        let length = Reply.header("Content-Length", in: head).flatMap { Int($0) } ?? 0
        body = hasBody ? try wire.take(length) : []
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? { Reply.header(name, in: head) }

    private static func header(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n") where line.hasPrefix(name + ": ") {
            return String(line.dropFirst(name.count + 2))
        }
        return nil
    }
}

// MARK: NIS

extension Wire {
    static func request(_ word: String) -> [UInt8] {
        [UInt8(word.utf8.count >> 8), UInt8(word.utf8.count & 255)] + Array(word.utf8)
    }

    /// All records of one answer.
    func takeRecords() throws -> [String] {
        var records: [String] = []
        while true {
            let length = try take(2)
            let count = Int(length[0]) << 8 | Int(length[1])
            guard count > 0 else { return records }
            records.append(String(decoding: try take(count), as: UTF8.self))
        }
    }
}
