// Log lines to standard error, with a priority where the journal reads them. The Recorder's thread
// alone writes; a reader that is stuck costs lines, never more than a moment.

import Glibc

/// As syslog numbers them.
public enum LogPriority: Int, Sendable {
    case error = 3
    case warning = 4
    case notice = 5
    case info = 6
}

public struct LogStream {
    private let descriptor: CInt
    private let isSocket: Bool
    private let hasPriorities: Bool
    private var lost = 0
    private var mayWait = true

    /// A pipe takes this much whole or not at all.
    public static let lineLimit = Int(PIPE_BUF)
    /// How long one line of a batch waits for the reader; the others do not wait at all. (ms)
    private static let patience: CInt = 100

    /// `journal` is `JOURNAL_STREAM`: the device and the inode of the stream that systemd made.
    public init(descriptor: CInt = 2, journal: String?) {
        var status = stat()
        fstat(descriptor, &status)
        let kind = status.st_mode & S_IFMT
        // A pipe or a terminal is opened anew, to be non-blocking for this process alone.
        var own: CInt = -1
        if kind == S_IFIFO || kind == S_IFCHR {
            let flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            own = open("/proc/self/fd/\(descriptor)", flags)
        }
        self.descriptor = own >= 0 ? own : descriptor
        isSocket = kind == S_IFSOCK
        hasPriorities = journal == "\(status.st_dev):\(status.st_ino)"
    }

    /// At the beginning of each batch of lines.
    public mutating func renewPatience() {
        mayWait = true
    }

    public mutating func write(_ priority: LogPriority, _ text: String) {
        if lost > 0, put(line(.warning, "\(lost) log lines were lost")) { lost = 0 }
        if lost > 0 || !put(line(priority, text)) { lost += 1 }
    }

    private func line(_ priority: LogPriority, _ text: String) -> [UInt8] {
        let mark = hasPriorities ? "<\(priority.rawValue)>" : ""
        return oneLine(mark + text, limit: LogStream.lineLimit - 1) + [UInt8(ascii: "\n")]
    }

    /// False: it was not taken, or not whole.
    private mutating func put(_ line: [UInt8]) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&entry, 1, 0) == 0 {
            guard mayWait else { return false }
            mayWait = false
            guard poll(&entry, 1, LogStream.patience) > 0 else { return false }
        }
        let count =
            isSocket
            ? send(descriptor, line, line.count, CInt(MSG_DONTWAIT | MSG_NOSIGNAL))
            : Glibc.write(descriptor, line, line.count)
        return count == line.count
    }
}

/// The text without control characters and cut at a whole character, so that one record stays one
/// line, wherever its words come from.
public func oneLine(_ text: String, limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
        let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
        let encoded = UTF8.encode(isControl ? " " : scalar)!
        guard bytes.count + encoded.count <= limit else { break }
        bytes.append(contentsOf: encoded)
    }
    return bytes
}
