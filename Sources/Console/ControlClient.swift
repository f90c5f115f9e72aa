// Asks the running daemon through its control socket. For the command line only: it may wait.

import ArgumentParser
import Glibc
import Host
import Platform
package import Report

public struct ControlError: Error, CustomStringConvertible {
    public let description: String
    /// There is no daemon, as opposed to one that says no.
    public var isAbsent = false
}

public struct ControlClient {
    /// The path of the control socket.
    let socket: String

    public init(socket: String) {
        self.socket = socket
    }

    private static let longestAnswer = 4 * 1024 * 1024
    private static let timeout = 5

    /// Sends one line of JSON and returns the members of its `result`.
    package func ask(_ request: String) throws(ControlError) -> [String: JSONValue] {
        let descriptor = try connect()
        defer { close(descriptor) }
        let bytes = Array((request + "\n").utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        else {
            if errno == EPIPE || errno == ECONNRESET { throw busy }
            throw ControlError(description: "\(socket): \(SystemError.text(of: errno))")
        }
        let line = try answer(from: descriptor)
        guard case .object(let object)? = try? JSONValue(line),
            case .object(let result)? = object["result"]
        else {
            throw ControlError(description: "\(socket): the answer is not understood")
        }
        return result
    }

    private func connect() throws(ControlError) -> CInt {
        let descriptor = Glibc.socket(
            AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: ControlClient.timeout, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, length)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, length)
        guard let address = LocalAddress(socket.utf8) else {
            close(descriptor)
            throw ControlError(
                description: "\(socket): the path is empty or too long", isAbsent: true)
        }
        guard address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            throw refusal(code)
        }
        return descriptor
    }

    private var busy: ControlError {
        ControlError(description: "\(socket) is busy, try again")
    }

    private func refusal(_ code: Int32) -> ControlError {
        switch code {
        case ENOENT, ECONNREFUSED:
            ControlError(description: "no daemon is running (\(socket))", isAbsent: true)
        case EACCES, EPERM: ControlError(description: forbidden)
        case EAGAIN: busy
        default: ControlError(description: "\(socket): \(SystemError.text(of: code))")
        }
    }

    /// Who may, and how to become one of them.
    private var forbidden: String {
        guard let status = fileStatus(socket), let group = getgrgid(status.st_gid)?.pointee.gr_name
        else {
            return "no permission for \(socket)"
        }
        let name = String(cString: group)
        return "no permission for \(socket): the group \(name) may; "
            + "`sudo usermod -aG \(name) $USER` and a new login make you one of it"
    }

    private func answer(from descriptor: CInt) throws(ControlError) -> [UInt8] {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while line.count < ControlClient.longestAnswer {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            // The daemon closes one client too many at once.
            guard count != 0, count > 0 || errno != ECONNRESET else { throw busy }
            guard count > 0 else { break }
            line += buffer.prefix(count)
            if line.last == UInt8(ascii: "\n") { return line }
        }
        throw ControlError(description: "\(socket): the daemon did not answer in time")
    }
}
