// Why there is no serial line, as a sentence for the log. Made by SerialPort; the Recorder's thread
// may ask for more detail, see SerialPortHolder.

public import Glibc
import Platform

public struct SerialPortError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Cause: Equatable, Sendable {
        case missing
        case notSerial
        case noPermission(group: gid_t?)
        case busy
        case hungUp
        case cutWrite(taken: Int, of: Int)
        /// Another failed call, with its errno.
        case failed(String, code: Int32)
    }

    public let path: String
    public let cause: Cause

    public init(_ path: String, _ cause: Cause) {
        self.path = path
        self.cause = cause
    }

    /// Of an open that failed with `code`; `group` is the device's.
    public init(_ path: String, code: Int32, group: gid_t? = nil) {
        self.path = path
        cause =
            switch code {
            case ENOENT, ENOTDIR, ENODEV: .missing
            case EACCES, EPERM: .noPermission(group: group)
            case EBUSY: .busy
            case ENOTTY: .notSerial
            default: .failed("open", code: code)
            }
    }

    public var description: String {
        switch cause {
        case .missing: "\(path) is not there"
        case .notSerial: "\(path) is not a serial line"
        case .noPermission(.some(let group)): "\(path) is open only to the group \(group)"
        case .noPermission(.none): "\(path): no permission"
        case .busy: "\(path) is in use: another program holds it"
        case .hungUp: "\(path) hung up"
        case .cutWrite(let taken, let count): "\(path) took only \(taken) of \(count) bytes"
        case .failed(let call, let code): "\(path): \(call): \(SystemError.text(of: code))"
        }
    }
}

/// How long to wait before the port is opened again: 0.2 s, doubled up to 1 s.
public struct ReopenDelay: Equatable, Sendable {
    static let first = Duration.milliseconds(200)
    static let longest = Duration.seconds(1)

    private var upcoming = ReopenDelay.first

    public init() {}

    /// Takes one failure.
    public mutating func next() -> Duration {
        defer { upcoming = min(upcoming * 2, ReopenDelay.longest) }
        return upcoming
    }

    public mutating func reset() {
        upcoming = ReopenDelay.first
    }
}
